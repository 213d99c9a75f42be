"""The data of the playground: ready-made sets of the plane, sets drawn by hand as a short text, and a reader's own."""

import base64
import functools
import inspect

import numpy as np

from .. import datasets

BITS = 25  # presets are sent as whole numbers of 2^-25, which is 3e-8, four bytes each (|value| < 64)
DRAWN, MOST = "drawn by hand", 1000
GIVEN = "given"
CLASSES = 5  # as many as there are marks and colours
LIMIT = 10_000  # samples that a page still answers with
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_PER_UNIT, _ZERO = 800, 2048  # a drawn coordinate is a whole number of 1/800, in two letters
REACH = 2.5  # the drawing board, |x| up to this

# name: (function of mlpbook.datasets, its arguments); the test set is another draw of the same
PRESETS = {
    "moons": (datasets.moons, {"n": 200, "noise": 0.15}),
    "xor": (datasets.xor, {"n": 200, "noise": 0.15}),
    "circles": (datasets.circles, {"n": 200, "noise": 0.1}),
    "spirals": (datasets.spirals, {"n": 200, "noise": 0.03}),
    "3 blobs": (datasets.blobs, {"n": 200, "k": 3, "noise": 0.3}),
    "5 blobs": (datasets.blobs, {"n": 250, "k": 5, "noise": 0.2}),
    "3 spirals": (datasets.spirals, {"n": 240, "arms": 3, "noise": 0.03}),
    "rotation": (datasets.rotation, {"n": 100}),
    "three clusters": (datasets.three_clusters, {"n": 100}),
    "practice curve": (datasets.practice_curve, {"n": 200}),
}


@functools.cache
def preset(name, seed=0):
    """The Data of a preset; seed 0 to learn from, seed 1 to test on."""
    function, arguments = PRESETS[name]
    return function(**arguments, seed=seed)


def call(name, seed=0):
    """The code that draws it."""
    function, arguments = PRESETS[name]
    known = inspect.signature(function).parameters
    said = [f"{value}" if key == "n" else f"{key}={value}" for key, value in arguments.items() if key in known]
    return f"mb.datasets.{function.__name__}({', '.join([*said, f'seed={seed}'])})"


@functools.cache
def sent():
    """What the page is told about every preset."""
    return {name: {**_packed(preset(name)), "test": _packed(preset(name, 1)), "code": call(name), "testCode": call(name, 1)}
            for name in PRESETS}


def _packed(data):
    kind = {"labels": "".join(map(str, data.y))} if data.y.ndim == 1 else {"y": _base64(data.y)}
    return {"x": _base64(data.x), **kind}


def _base64(values):
    return base64.b64encode(np.rint(values * 2.0**BITS).astype("<i4").tobytes()).decode("ascii")


def encode(rows):
    """Rows (x1, x2, class) -> text; the twin of `encode` in playground_data.js."""
    def letters(v):
        whole = min(4095, max(0, int(np.floor(v * _PER_UNIT + 0.5)) + _ZERO))
        return _LETTERS[whole // 64] + _LETTERS[whole % 64]
    return "".join(f"{letters(x1)}{letters(x2)}{int(label)}" for x1, x2, label in rows)


def decode(text):
    """Text -> (x (n, 2), classes (n,))."""
    parts = [text[i:i + 5] for i in range(0, len(text), 5)]
    whole = [[64 * _LETTERS.index(p[i]) + _LETTERS.index(p[i + 1]) for i in (0, 2)] for p in parts]
    return (np.array(whole, float).reshape(-1, 2) - _ZERO) / _PER_UNIT, np.array([int(p[4]) for p in parts], int)


def lists(data):
    return None if data is None else {"x": data.x.tolist(), "y": data.y.tolist()}


def from_lists(value):
    return None if value is None else datasets.Data(value["x"], np.array(value["y"]))


def code(data):
    """The code that builds a Data again, number for number."""
    return f"mb.datasets.Data({data.x.tolist()!r}, {data.y.tolist()!r})"
