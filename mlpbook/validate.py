"""What may come in: one sentence for every way an argument can be wrong.

Public functions check their arguments here, once, before anything is changed;
the loops inside compute and check nothing.
"""

import numbers
import sys
from collections.abc import Sequence

import numpy as np


def array(name, value, *, ndim=None, columns=None):
    """`value` as an array of finite floats, or a ValueError that says what came and what is allowed.

    name: how the caller calls it; ndim: allowed number of dimensions; columns: required last length.
    """
    if np.ma.is_masked(value):  # np.asarray would take what lies under the mask for numbers
        raise ValueError(f"{name} must hold a number everywhere, and some of its entries are masked; leave these samples out, "
                         "or fill them in")
    try:
        out = np.asarray(value)
    except ValueError:  # rows of different lengths
        raise ValueError(f"{name} must be a rectangular array of numbers; its rows differ in length") from None
    if out.dtype == object and all(isinstance(each, numbers.Real) for each in out.flat):
        out = np.array([_float(each) for each in out.flat]).reshape(out.shape)  # whole numbers that no integer type holds
    if out.dtype.kind not in "fiub":
        raise ValueError(f"{name} must be numbers, got {shown(value)}; for example {_example(ndim, columns)}")
    if out.dtype.kind != "f":
        out = out.astype(float)
    if ndim is not None and out.ndim != ndim:
        raise ValueError(f"{name} must have {ndim} dimension{'s' * (ndim != 1)}, got shape {out.shape}; "
                         f"for example {_example(ndim, columns)}")
    if columns is not None and out.shape[-1:] != (columns,):
        raise ValueError(f"{name} must have {columns} column{'s' * (columns != 1)}, got shape {out.shape}; "
                         "rows are samples, so x is (n, d)")
    if out.size == 0:
        raise ValueError(f"{name} is empty: shape {out.shape}; at least one sample is needed")
    if not np.isfinite(out).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(out))[0])
        at = f" at index {where}" if where else ""
        raise ValueError(f"{name} must be finite, got {out[where]}{at}")
    return out


def classes(name, value, n, k=None):
    """`value` as the classes of n samples, ints of shape (n,) from 0 (and below k), or a ValueError."""
    out = array(name, value, ndim=1)
    given = np.asarray(value)
    if len(out) != n:
        raise ValueError(f"{name} must hold one class for each of the {n} samples, got {len(out)}")
    if given.dtype.kind not in "iub" and not all(isinstance(each, numbers.Integral) for each in given.flat):
        # a vector of whole-number targets must not pass for classes
        raise ValueError(f"{name} of one dimension must hold classes, which are ints, got {given.dtype}; "
                         f"use {name}.astype(int) for classes, {name}[:, None] for the targets of one output")
    allowed = "0, 1, 2, ..." if k is None else f"0 to {k - 1}"
    if out.min() < 0 or out.max() >= (2**63 if k is None else k):
        raise ValueError(f"{name} must hold classes {allowed}, got {out.min():g} to {out.max():g}")
    return given.astype(np.int64)


def fits(value, low=-sys.float_info.max, high=sys.float_info.max):
    """Is `value` a finite number in [low, high]? True and False are none."""
    return isinstance(value, numbers.Real) and not isinstance(value, bool) and low <= value <= high


def number(name, value, low=-np.inf, high=np.inf):
    """`value` as a float in [low, high], or a ValueError."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise ValueError(f"{name} must be a number, got {shown(value)}")
    out = _float(value)
    if not (np.isfinite(out) and low <= value <= high):
        within = "" if (low, high) == (-np.inf, np.inf) else f" in [{low:g}, {high:g}]"
        raise ValueError(f"{name} must be a finite number{within}, got {value}")
    return out + 0.0  # not -0.0, which some libraries take for a negative number


def _float(value):
    """The nearest float; infinite where a whole number lies beyond all of them."""
    try:
        return float(value)
    except OverflowError:
        return np.inf if value > 0 else -np.inf


def integer(name, value, low=0, high=None):
    """`value` as an int of at least `low` (and at most `high`), or a ValueError."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < low or (high is not None and value > high):
        allowed = f"of at least {low}" if high is None else f"from {low} to {high}"
        raise ValueError(f"{name} must be a whole number {allowed}, got {shown(value)}")
    return int(value)


def one_of(name, value, registry):
    """The entry of `registry` called `value` (an entry's own kind passes), or a ValueError that lists the names."""
    if isinstance(value, type(next(iter(registry.values())))):
        return value
    if isinstance(value, str) and value in registry:
        return registry[value]
    raise ValueError(f"{name} must be one of {', '.join(registry)}; got {shown(value)}")


def key(name, value, allowed):
    """`value`, which must be one of the names `allowed`, or a ValueError that lists them."""
    if isinstance(value, str) and value in allowed:
        return value
    raise ValueError(f"{name} must be one of {', '.join(allowed)}; got {shown(value)}")


def flag(name, value):
    """`value`, True or False, or a ValueError."""
    if not isinstance(value, (bool, np.bool_)):
        raise ValueError(f"{name} must be True or False, got {shown(value)}")
    return bool(value)


def sizes(name, value):
    """`value` as a list of at least two widths, each at least 1, or a ValueError."""
    value = value.tolist() if isinstance(value, np.ndarray) else value
    if isinstance(value, (str, bytes)) or not isinstance(value, Sequence) or len(value) < 2:
        raise ValueError(f"{name} must list at least an input and an output width, for example [2, 8, 1]; got {shown(value)}")
    return [integer(f"{name}[{i}]", size, low=1) for i, size in enumerate(value)]


def shown(value):
    """What came, short enough for a message."""
    text = repr(value)
    return f"{text if len(text) <= 60 else text[:57] + '...'} ({type(value).__name__})"


def _example(ndim, columns):
    if ndim == 2:
        return f"an array of shape (n, {columns or 'd'})"
    return "[0.0, 1.5]" if ndim == 1 else "0.5 or [0.0, 1.5]"
