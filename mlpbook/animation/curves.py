"""Curves: a function of one number bending to its data, and losses on their way down."""

import numpy as np

from ..layers import Elementwise
from . import film, snapshots

POINTS = 160  # of a curve, besides its hinges
EPOCHS = 400  # of a loss, at most


def fit(run, data):
    """The function of a network with 1 input and 1 output, with its hinges: where the z of a unit passes 0. -> plotly figure

    At a hinge a ReLU unit has its kink, a tanh unit its steepest place. data: x (n, 1) and y (n, 1), dots in the figure.
    ValueError: another number of inputs or outputs, a run without frames, snapshots that are not finite.
    """
    models, x, y = snapshots.networks(snapshots.checked(run), data)
    if (x.shape[1], y.shape[1]) != (1, 1):
        raise ValueError(f"fit draws a function of 1 number with 1 value; this network has {x.shape[1]} inputs and "
                         f"{y.shape[1]} outputs. See predictions, surface, losses")
    (low,), (high,) = film.span(x)
    grid = np.linspace(low, high, POINTS)
    curves, marks = [], []
    snapshots.answers(run, models, grid[:, None])  # whether all are finite
    for model in models:
        hinges = _hinges(model, grid)
        at = np.sort(np.concatenate([grid, hinges]))
        values = model(at[:, None])[:, 0]
        curves.append({"x": at.astype(np.float32), "y": values.astype(np.float32)})
        marks.append({"x": hinges.astype(np.float32), "y": np.interp(hinges, at, values).astype(np.float32)})
    bottom, top = film.span(y, margin=0.4)
    shown, name = snapshots.some(len(x), snapshots.DOTS, "data")
    traces = [{"x": x[shown, 0].astype(np.float32), "y": y[shown, 0].astype(np.float32), "mode": "markers", "name": name,
               "marker": {"color": film.ORANGE, "size": 7, "symbol": "circle-open", "line": {"width": 1.5}}},
              {"mode": "lines", "name": "the network", "line": {"color": film.BLUE, "width": 2.5}},
              {"mode": "markers", "name": "hinges: z of a unit = 0",
               "marker": {"color": film.PURPLE, "size": 9, "symbol": "diamond"}}]
    return film.film(run, traces, {1: curves, 2: marks},
                     {"xaxis": film.axis(low, high, "x"), "yaxis": film.axis(bottom[0], top[0], "y")})


def _hinges(model, grid):
    """Every x between the ends of the grid where the input of a unit passes 0; exact where it is linear between two points."""
    model(grid[:, None])
    z = [layer.z for layer in model.leaves if isinstance(layer, Elementwise)]
    if not z:
        return np.zeros(0)
    z = np.concatenate(z, axis=1).astype(float)
    i, unit = np.nonzero((z[:-1] < 0) != (z[1:] < 0))
    return np.sort(grid[i] + (grid[i + 1] - grid[i]) * z[i, unit] / (z[i, unit] - z[i + 1, unit]))


def losses(runs):
    """The loss against the epochs done, with a marker that moves; dashed the validation loss, where a run has one.

    runs: a Run, or {name: Run} with frames after the same epochs. The axis is logarithmic unless a loss is 0. -> plotly figure
    ValueError: no run at all, one without frames, frames after different epochs.
    """
    named = several(runs if isinstance(runs, dict) else {"training": runs})
    (first, *_), (lines, marker, moves) = named.values(), loss_traces(named)
    axis = scale([line["y"] for line in lines])
    return film.film(first, [*lines, marker], {len(lines): moves}, {
        "xaxis": film.axis(0, max(len(run.losses) for run in named.values()), "epochs done"),
        "yaxis": axis | {"title": {"text": f"loss ({first.loss.name.replace('_', ' ')})"}}}, height=330)


def several(runs):
    """{name: Run}, checked, all with frames after the same epochs."""
    if not isinstance(runs, dict) or not runs or not all(isinstance(name, str) for name in runs):
        raise ValueError('runs must be {name: Run}, for example {"linear": run, "MLP": other}; got '
                         f"{type(runs).__name__}{'' if runs else ', which is empty'}")
    runs = {name: snapshots.checked(run, f"the run {name!r}") for name, run in runs.items()}
    first, *_ = runs.values()
    for name, run in runs.items():
        if not np.array_equal(run.frames, first.frames):
            raise ValueError(f"one scrubber needs frames after the same epochs: {next(iter(runs))!r} has {len(first)} "
                             f"snapshots up to epoch {first.frames[-1]}, {name!r} has {len(run)} up to epoch "
                             f"{run.frames[-1]}; train all with the same epochs, frames and spacing"
                             f"{f'. {name!r}: {run.stopped}' if run.stopped else ''}")
        if run.loss != first.loss:
            raise ValueError(f"losses of different kinds do not compare: {next(iter(runs))!r} has {first.loss.name}, "
                             f"{name!r} has {run.loss.name}")
    return runs


def loss_traces(runs, **more):
    """(a line for each run and validation, one trace of markers, what moves in it)."""
    lines, heads, looks = [], [], []
    for i, (name, run) in enumerate(runs.items()):
        colour, symbol, dash = film.style(i)
        kinds = [(name, run.losses, dash)]
        if run.validation_losses is not None:
            kinds.append(("validation" if len(runs) == 1 else f"{name}, validation", run.validation_losses, "dash"))
        for what, values, dash in kinds:
            at = np.minimum(run.frames, len(values) - 1)
            shown = np.union1d(snapshots.thin(len(values), EPOCHS), at)
            lines.append({"x": shown.astype(np.float32), "y": _light(values[shown]), "mode": "lines", "name": what,
                          "line": {"color": colour, "dash": dash, "width": 2}, **more})
            heads.append((at, values[at]))
            looks.append((colour, symbol))
    x, y = (_light(np.array([head[i] for head in heads])) for i in (0, 1))
    marker = {"mode": "markers", "showlegend": False, "hoverinfo": "skip", "cliponaxis": False, **more,
              "marker": {"size": 10, "color": [colour for colour, _ in looks], "symbol": [symbol for _, symbol in looks]}}
    return lines, marker, [{"x": x[:, k], "y": y[:, k]} for k in range(x.shape[1])]


def _light(values):
    """In float32, half the bytes, where that holds them: the loss of a run that is about to diverge can be too large. nan, and
    so a gap, where it is infinite: a validation loss is taken after the step.
    """
    finite = np.isfinite(values)
    fits = values[finite].max(initial=0) <= np.finfo(np.float32).max
    return np.where(finite, values, np.nan).astype(np.float32 if fits else float)


def scale(curves):
    """An axis for curves of numbers from 0 on: logarithmic, unless one touches 0."""
    curves = [c[np.isfinite(c)] for c in curves]
    low, high = min(c.min(initial=np.inf) for c in curves), max(c.max(initial=0) for c in curves)
    if low > 0:
        (bottom,), (top,) = film.span(np.log10([[low], [high]]))
        decades = top - bottom
        return film.axis(bottom, top, type="log", dtick=max(1, round(decades / 5)) if decades > 2 else "D2", exponentformat="e")
    return film.axis(0, 1.06 * high or 1, type="linear")
