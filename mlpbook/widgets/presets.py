"""The data of the playground: ready-made sets of the plane, sets drawn by hand as a short text, and a reader's own."""

import base64
import functools
import inspect
import re

import numpy as np
import traitlets

from .. import datasets, validate

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


class Drawn(traitlets.TraitType):
    """Points drawn by hand: rows (x1, x2, class) go in, and are kept as a text of five letters each, rounded to 1/800."""

    def __init__(self):
        super().__init__("")
        self.limit = {"code": MOST}
        self.tag(sync=True, state=True)

    def validate(self, obj, value):
        if isinstance(value, str):
            if re.fullmatch(f"(?:[\\w-]{{4}}[0-{CLASSES - 1}]){{0,{MOST}}}", value, re.ASCII):
                return value
        else:
            rows = _rows(value)
            if rows is not None:
                return encode(rows)
        raise traitlets.TraitError(f"{self.name} must be at most {MOST} rows [x1, x2, class], with coordinates within {REACH:g} of 0 "
                                   f"and classes 0 to {CLASSES - 1}; got {validate.shown(value)}")


def _rows(value):
    if hasattr(value, "__len__") and len(value) == 0:
        return []
    try:
        rows = validate.array("drawn", value, ndim=2, columns=3)
    except ValueError:
        return None
    fits = (len(rows) <= MOST and np.abs(rows[:, :2]).max() <= REACH and np.isin(rows[:, 2], range(CLASSES)).all())
    return rows.tolist() if fits else None


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


class Own(traitlets.TraitType):
    """A Data of the plane, or what makes one: None, a Data, or a pair (x, y)."""

    def __init__(self):
        super().__init__(None, allow_none=True)
        self.tag(sync=True, given=True, to_json=lambda data, widget: as_lists(data), from_json=lambda value, widget: from_lists(value))

    def validate(self, obj, value):
        if value is None:
            return None
        try:
            data = value if isinstance(value, datasets.Data) else datasets.Data(*_pair(self.name, value))
            validate.array(f"{self.name}.x", data.x, ndim=2, columns=2)
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from None
        if len(data) > LIMIT:
            raise traitlets.TraitError(f"{self.name} may hold at most {LIMIT} samples for a page to train on, got {len(data)}; "
                                       f"take some of them, for example x[:{LIMIT}], y[:{LIMIT}]")
        if data.y.ndim == 1 and data.y.max() >= CLASSES:
            raise traitlets.TraitError(f"{self.name}.y must hold classes 0 to {CLASSES - 1}, for which there are marks; "
                                       f"got classes up to {data.y.max()}")
        if data.y.ndim == 2 and data.y.shape[1] > 2:
            raise traitlets.TraitError(f"{self.name}.y must have 1 or 2 columns to be drawn, got shape {data.y.shape}")
        return data


def _pair(name, value):
    if isinstance(value, (tuple, list)) and len(value) == 2:
        return value
    if hasattr(value, "x") and hasattr(value, "y"):
        return value.x, value.y
    raise ValueError(f"{name} must be a Data, for example mb.datasets.moons(200), or a pair (x, y); got {validate.shown(value)}")


def as_lists(data):
    return None if data is None else {"x": data.x.tolist(), "y": data.y.tolist()}


def from_lists(value):
    return None if value is None else datasets.Data(value["x"], np.array(value["y"]))


def code(data):
    """The code that builds a Data again, number for number."""
    return f"mb.datasets.Data({data.x.tolist()!r}, {data.y.tolist()!r})"
