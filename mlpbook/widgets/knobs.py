"""The controls of a kernel experiment: plain ipywidgets, made from a word about what each may be."""

import math
import numbers

import ipywidgets

from .. import validate

EXAMPLES = 'for example width=(1, 64, 1) as (low, high, step), activation=["tanh", "relu"] as choices, or residual=False'
UNSET = object()
_LOOK = {"style": {"description_width": "8em"}, "layout": {"width": "min(100%, 30em)"}}


def make(name, allowed, start=UNSET):
    """The control for the argument `name`: a slider for (low, high, step), of whole numbers where all three are; a menu for a
    list of names, numbers, True, False or None; a box for True or False, which is how it starts. The others start at `start`,
    else at their first value. ValueError: none of these, or a start that is not among them.
    """
    label = name.replace("_", " ")
    if isinstance(allowed, bool):
        return ipywidgets.Checkbox(value=allowed, description=label, **_LOOK)
    if isinstance(allowed, list):
        return _menu(name, label, allowed, start)
    if isinstance(allowed, tuple) and len(allowed) == 3 and all(validate.fits(v) for v in allowed):
        return _slider(name, label, allowed, start)
    raise ValueError(f"the control {name} must be (low, high, step), a list of choices, True or False, {EXAMPLES}; "
                     f"got {validate.shown(allowed)}")


def _menu(name, label, choices, start):
    if not choices or not all(v is None or isinstance(v, (str, bool)) or validate.fits(v) for v in choices):
        raise ValueError(f"the control {name} must list names, numbers, True, False or None, and at least one; "
                         f"got {validate.shown(choices)}")
    if len({str(v) for v in choices}) < len(choices):
        raise ValueError(f"the control {name} lists a choice twice: {validate.shown(choices)}")
    start = choices[0] if start is UNSET else start
    if str(start) not in map(str, choices):
        raise ValueError(f"the control {name} starts at the function's default, {validate.shown(start)}, which is not one of "
                         f"{', '.join(map(str, choices))}")
    at = [str(v) for v in choices].index(str(start))
    return ipywidgets.Dropdown(options=[(str(v), v) for v in choices], index=at, description=label, **_LOOK)


def _slider(name, label, allowed, start):
    low, high, step = allowed
    if not (low < high and 0 < step <= high - low):
        raise ValueError(f"the control {name} must be (low, high, step) with low < high and 0 < step <= high - low; "
                         f"got {allowed}")
    start = low if start is UNSET else start
    steps = (start - low) / step if validate.fits(start) and low <= start <= high else 0.5
    if not math.isclose(steps, round(steps), abs_tol=1e-9):
        raise ValueError(f"the control {name} starts at the function's default, {validate.shown(start)}, which is not one of "
                         f"{low}, {low + step:g}, ... up to {high}")
    if all(isinstance(v, numbers.Integral) for v in (*allowed, start)):
        return ipywidgets.IntSlider(start, low, high, step, description=label, continuous_update=False, **_LOOK)
    decimals = max(0, math.ceil(-math.log10(step) - 1e-9))  # enough to tell one step from the next
    return ipywidgets.FloatSlider(start, min=low, max=high, step=step, description=label, continuous_update=False,
                                  readout_format=f".{decimals}f", **_LOOK)


def told(control):
    """[what it is called, what it says now, what else it could say] as text."""
    if isinstance(control, ipywidgets.Checkbox):
        span = "True or False"
    elif isinstance(control, ipywidgets.Dropdown):
        span = ", ".join(label for label, _ in control.options)
    else:
        span = f"{control.min:g} to {control.max:g}"
    return [control.description, f"{control.value:g}" if validate.fits(control.value) else str(control.value), span]
