"""The exercises on hinges and staircases: wrong answers that readers may give, beyond those the exercises list."""

import re

import numpy as np
import pytest

import mlpbook as mb
from mlpbook import check


@pytest.mark.parametrize(("exercise", "function", "words"), [
    (check.bends, lambda t, y: -np.diff(np.diff(y) / np.diff(t), prepend=0), "the sign is wrong"),
    (check.bends, lambda t, y: y[:-1], r"value|shape"),
    (check.bends, lambda t, y: np.diff(y) / t[1:], r"infinite|value"),
    (check.bends, lambda t, y: [1.0] * (len(t) - 1), "returns a Python list"),
    (check.bends, lambda t, y: np.diff(np.diff(y) / np.diff(t), prepend=0)[:, None], r"table with one column"),
    (check.bends, lambda t, y: np.gradient(y, t), "shape|value"),
    (check.staircase_output, lambda x, jumps, levels: levels[np.searchsorted(jumps, x)], "At a jump itself"),
    (check.staircase_output, lambda x, jumps, levels: (x >= jumps) @ np.diff(levels), r"broadcast|value|shape|Error"),
    (check.staircase_output, lambda x, jumps, levels: levels[0] + (x[:, None] >= jumps) * np.diff(levels), r"shape is"),
    (check.staircase_output, lambda x, jumps, levels: np.interp(x, jumps, levels[1:]), "value"),
], ids=lambda v: v if isinstance(v, str) else getattr(v, "name", None))
def test_a_wrong_function_is_told(exercise, function, words):
    mark = exercise.mark(function)
    assert not mark.right and re.search(words, " ".join(mark.text.split()))


def test_the_references_are_the_networks_of_the_package():
    """The weights asked for are those that the builders put into their networks."""
    t = np.array([-1.0, -0.25, 0.5, 2.0])
    line = mb.approximation.relu_interpolant(np.cos, -1, 2, knots=t[1:-1])
    np.testing.assert_allclose(check.bends.reference(t, np.cos(t)), line.linear_layers[1].W[:, 0], atol=1e-12)
    stairs = mb.approximation.best_staircase(np.cos, -1, 2, 4)
    jumps, bias = -stairs.linear_layers[0].b, stairs.linear_layers[1].b
    levels = np.cumsum(np.append(bias, stairs.linear_layers[1].W[:, 0]))
    x = np.append(np.linspace(-1, 2, 101), jumps)
    np.testing.assert_allclose(check.staircase_output.reference(x, jumps, levels), stairs(x[:, None])[:, 0], atol=1e-12)
