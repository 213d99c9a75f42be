"""What the traits of the playground take: a network, data, points drawn by hand, names of controls."""

import re

import numpy as np
import traitlets

from .. import datasets, validate
from ..mlp import MLP
from .base import Choice, Whole
from .presets import CLASSES, LIMIT, MOST, REACH, encode, from_lists, lists

_LAYERS, _UNITS = 6, 16  # hidden layers, and units in each, that a page draws while it trains
# What a teacher may hide or lock: the controls by the names of their traits, and what has no trait of its own.
CONTROLS = ("preset", "drawn", "widths", "activation", "init", "residual", "normalization", "mlp_seed", "loss", "optimizer",
            "lr", "weight_decay", "batch_size", "seed", "probe", "speed", "run", "step", "restart")


class Optional(Whole):
    """A whole number in [low, high], or None."""

    def __init__(self, low, high, default=None):
        super().__init__(default, low, high)
        self.limit["none"] = True

    def validate(self, obj, value):
        if value is None:
            return None
        try:
            return super().validate(obj, value)
        except traitlets.TraitError as error:
            raise traitlets.TraitError(str(error).replace("must be", "must be None or", 1)) from None


class Named(Choice):
    """A name, or None as in MLP."""

    def __init__(self, options):
        super().__init__(options, None)
        self.allow_none = True
        self.limit = {"options": [None, *options]}


class Widths(traitlets.TraitType):
    """The widths of the hidden layers, from none of them to 6 of up to 16 units."""

    def __init__(self, default):
        super().__init__(default)
        self.limit = {"list": {"low": 1, "high": _UNITS, "whole": True}, "most": _LAYERS}
        self.tag(sync=True, state=True)

    def validate(self, obj, value):
        try:
            widths = validate.sizes(self.name, [1, *value, 1])[1:-1]  # only what comes between an input and an output
        except (ValueError, TypeError):
            widths = [_UNITS + 1]
        if len(widths) > _LAYERS or max(widths, default=1) > _UNITS:
            raise traitlets.TraitError(f"{self.name} must list up to {_LAYERS} widths from 1 to {_UNITS}, for example [8, 8]; "
                                       f"got {validate.shown(value)}")
        return widths


class Network(traitlets.TraitType):
    """What `mlp.state()` gives, in lists; an MLP is taken too; or None."""

    def __init__(self):
        super().__init__(None, allow_none=True)
        self.tag(sync=True, given=True)

    def validate(self, obj, value):
        if not isinstance(value, (MLP, dict)):
            raise traitlets.TraitError(f"mlp must be a network, for example mb.MLP([2, 8, 8, 1]); got {validate.shown(value)}")
        try:
            mlp = value if isinstance(value, MLP) else MLP.from_state(value)
        except ValueError as error:
            raise traitlets.TraitError(f"{self.name}: {error}") from None
        hidden = mlp.sizes[1:-1]
        if mlp.sizes[0] != 2 or len(hidden) > _LAYERS or max(hidden, default=1) > _UNITS:
            raise traitlets.TraitError(f"mlp must have 2 inputs and up to {_LAYERS} hidden layers of at most {_UNITS} units, "
                                       f"for example mb.MLP([2, 8, 8, 1]); got {mlp!r}")
        return as_lists(mlp.state())


class Controls(traitlets.TraitType):
    """Names of controls."""

    def __init__(self):
        super().__init__([])
        self.tag(sync=True, given=True)

    def validate(self, obj, value):
        if not isinstance(value, (list, tuple, set)) or not all(isinstance(name, str) and name in CONTROLS for name in value):
            raise traitlets.TraitError(f"{self.name} must list names of controls, from {', '.join(CONTROLS)}; "
                                       f"got {validate.shown(value)}")
        return [name for name in CONTROLS if name in set(value)]


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
        raise traitlets.TraitError(f"{self.name} must be at most {MOST} rows [x1, x2, class], with coordinates within "
                                   f"{REACH:g} of 0 and classes 0 to {CLASSES - 1}; got {validate.shown(value)}")


def _rows(value):
    if hasattr(value, "__len__") and len(value) == 0:
        return []
    try:
        rows = validate.array("drawn", value, ndim=2, columns=3)
    except ValueError:
        return None
    fits = len(rows) <= MOST and np.abs(rows[:, :2]).max() <= REACH and np.isin(rows[:, 2], range(CLASSES)).all()
    return rows.tolist() if fits else None


class Own(traitlets.TraitType):
    """A Data of the plane, or what makes one: None, a Data, or a pair (x, y)."""

    def __init__(self):
        super().__init__(None, allow_none=True)
        self.tag(sync=True, given=True, to_json=lambda data, widget: lists(data),
                 from_json=lambda value, widget: from_lists(value))

    def validate(self, obj, value):
        if value is None:
            return None
        try:
            data = value if isinstance(value, datasets.Data) else datasets.Data(*_pair(self.name, value))
            validate.array(f"{self.name}.x", data.x, ndim=2, columns=2)
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from None
        if len(data) > LIMIT:
            raise traitlets.TraitError(f"{self.name} may hold at most {LIMIT} samples for a page to train on, "
                                       f"got {len(data)}; take some of them, for example x[:{LIMIT}], y[:{LIMIT}]")
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
    raise ValueError(f"{name} must be a Data, for example mb.datasets.moons(200), or a pair (x, y); "
                     f"got {validate.shown(value)}")


def as_lists(state):
    """The state of a network with lists for arrays."""
    plain = ("sizes", "activation", "residual", "normalization", "alpha")
    return {key: value if key in plain else [np.asarray(array).tolist() for array in value] for key, value in state.items()}
