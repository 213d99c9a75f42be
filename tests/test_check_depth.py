"""The exercises on depth and regions: what learners write besides the listed mistakes, and the package as a referee."""

import re

import numpy as np
import pytest

from mlpbook import MLP, check, regions


def told(exercise, function):
    mark = exercise.mark(function)
    assert not mark.right
    return " ".join(mark.text.split())


@pytest.mark.parametrize("exercise, function, words", [
    (check.local_slopes, lambda X, W, b, w: check.local_slopes.reference(X, W, b, w).T, r"shape"),
    (check.local_slopes, lambda X, W, b, w: -check.local_slopes.reference(X, W, b, w), "sign is wrong"),
    (check.local_slopes, lambda X, W, b, w: check.local_slopes.reference(X, W, b, w).sum(axis=0), "shape"),
    (check.local_slopes, lambda X, W, b, w: 2 * check.local_slopes.reference(X, W, b, w), "2 times"),
    (check.local_slopes, lambda X, W, b, w: ((X @ W + b > 0) * w) @ W, "matmul"),
    (check.patterns_seen, lambda X, W, b: np.unique(X @ W + b > 0, axis=0), "True and False"),
    (check.patterns_seen, lambda X, W, b: len(X), "wrong"),
    (check.patterns_seen, lambda X, W, b: check.patterns_seen.reference(X, W, b) + 1, "1 too large"),
    (check.patterns_seen, lambda X, W: len(X), r"but your function takes \(X, W\)"),
])
def test_a_wrong_function_is_told(exercise, function, words):
    assert re.search(words, told(exercise, function))


def test_a_fine_grid_sees_every_region_the_package_cuts():
    """What the exercise says it counts: on a box the patterns at many points are the regions, none more."""
    rng = np.random.default_rng(0)
    W, b = rng.normal(size=(2, 4)), rng.normal(size=4) / 2
    mlp = MLP.from_state({"sizes": [2, 4, 1], "activation": "relu", "W": [W, np.ones((4, 1))], "b": [b, np.zeros(1)]})
    grid = np.stack(np.meshgrid(*[np.linspace(-2, 2, 400)] * 2), axis=-1).reshape(-1, 2)
    assert check.patterns_seen.reference(grid, W, b) == len(regions.cut(mlp, (-2, -2), (2, 2)))
