"""Surfaces over the plane: where a network sees which class, or how high it is, while it learns."""

import numpy as np

from . import film, snapshots

LEVELS = 48  # shades of a class; with five classes they fit into one byte
CELLS = 110_000  # that change, over all frames: one byte each, 147 kB as plotly writes them
LINE = 16_000  # numbers of the border, over all frames


def surface(run, grid, data):
    """The surface of a network over the plane, with the data on it. -> plotly figure

    Classes (data.y of ints): the shade says which class is ahead, and how far, none at the border; the line is the border. Two
    classes need 1 output (a logit; with mse a number from 0 to 1) or 2, k = 3 to 5 classes need k logits. Targets (data.y of
    shape (n, 1)): shade and dots share one scale, so that dots vanish where the network is right.
    grid: what `datasets.grid(data)` gave. ValueError: other data or outputs, a run without frames, snapshots not finite.
    """
    models, x, y = snapshots.networks(snapshots.checked(run), data)
    if not all(hasattr(grid, name) for name in ("x", "x1", "x2", "shape")):
        raise ValueError(f"grid must be a Grid, for example mb.datasets.grid(data); got {type(grid).__name__}")
    if x.shape[1] != 2:
        raise ValueError(f"a surface needs 2 inputs, and this network has {x.shape[1]}; see losses, fit, predictions")
    values = snapshots.answers(run, models, grid.x)
    labels = np.asarray(data.y if hasattr(data, "y") else data[1])
    labels = labels if labels.ndim == 1 and labels.dtype.kind in "iub" else None
    names = getattr(data, "features", ()) or ("x₁", "x₂")
    low, high = grid.x.min(axis=0), grid.x.max(axis=0)
    rows, columns = _cells(grid, len(values))
    ground = {"type": "heatmap", "x": grid.x1[columns].astype(np.float32), "y": grid.x2[rows].astype(np.float32),
              "hoverinfo": "skip"}
    if labels is None:
        traces, moving, ends = _heights(values, grid, y, ground, rows, columns)
        shown, name = snapshots.some(len(x), snapshots.DOTS, "data")
        dots = [_dots(x[shown], name, {"color": y[shown, 0].astype(np.float32), "colorscale": _SCALE, **ends}, film.INK)]
    else:
        traces, moving = _classes(values, grid, run.loss.name, labels, ground, rows, columns)
        called = getattr(data, "classes", ()) or [f"class {c}" for c in range(labels.max() + 1)]
        dots = []
        for c in np.unique(labels):
            rows = np.flatnonzero(labels == c)
            shown, name = snapshots.some(len(rows), snapshots.DOTS * len(rows) // len(x), str(called[c]))
            dots.append(_dots(x[rows[shown]], name, dict(zip(("color", "symbol"), film.style(c), strict=False))))
    axes = {f"{axis}axis": film.axis(low[i], high[i], names[i], showgrid=False, zeroline=False) for i, axis in enumerate("xy")}
    return film.film(run, [*traces, *dots], moving, axes, redraw=True)


def _cells(grid, frames):
    """(rows, columns) of the grid that are shown: all, if that many fit into a page."""
    return [snapshots.thin(n, int(np.sqrt(CELLS / frames))) for n in grid.shape]


def _dots(x, name, marker, edge="#ffffff"):
    x = x.astype(np.float32)
    return {"x": x[:, 0], "y": x[:, 1], "mode": "markers", "name": name,
            "marker": {"size": 8, "line": {"width": 0.8, "color": edge}, **marker}}


# --- targets

_SCALE = [[0, film.BLUE], [0.5, "#d9d4cc"], [1, film.ORANGE]]


def _heights(values, grid, y, ground, rows, columns):
    """One trace: heights in 200 steps from the lowest target to the highest, each a byte."""
    if values.shape[2] != 1:
        raise ValueError(f"the surface of targets needs 1 output, this network has {values.shape[2]}; see predictions, losses")
    low, high = float(y.min()), float(y.max())
    low, high = (low, high) if high > low else (low - 1, high + 1)
    z = values.reshape(len(values), *grid.shape)[:, rows][:, :, columns].clip(low, high)
    z = ((z - low) / (high - low) * 200).round().astype(np.uint8)
    ticks = {"tickvals": [0, 100, 200], "ticktext": [f"{v:.3g}" for v in (low, (low + high) / 2, high)]}
    trace = {**ground, "zmin": 0, "zmax": 200, "zsmooth": "best", "colorscale": _SCALE, "colorbar": {"thickness": 12, **ticks}}
    return [trace], {0: [{"z": one} for one in z]}, {"cmin": low, "cmax": high}


# --- classes

def _classes(values, grid, loss, labels, ground, rows, columns):
    """Two traces: the shades, and the border between the classes."""
    p = _probabilities(values, loss, labels.max() + 1)
    k = p.shape[-1]
    p = p.reshape(len(p), *grid.shape, k)
    ranked = np.sort(p, axis=-1)
    ahead, winner = ranked[..., -1] - ranked[..., -2], p.argmax(axis=-1)
    shown = np.ix_(range(len(p)), rows, columns)
    ahead, winner = ahead[shown], winner[shown]
    if k == 2:  # from one class over none to the other: smooth, so plotly may blend
        z = (LEVELS * np.where(winner == 1, 1 + ahead, 1 - ahead)).round().astype(np.uint8)
        stops = [(0, film.COLOURS[0], 0.55), (0.5, film.COLOURS[0], 0), (0.5, film.COLOURS[1], 0), (1, film.COLOURS[1], 0.55)]
    else:
        z = (winner * (LEVELS + 1) + (ahead * LEVELS).round()).astype(np.uint8)
        whole = k * (LEVELS + 1) - 1
        stops = [stop for c in range(k) for stop in ((c * (LEVELS + 1) / whole, film.COLOURS[c], 0),
                                                     ((c * (LEVELS + 1) + LEVELS) / whole, film.COLOURS[c], 0.55))]
    trace = {**ground, "zmin": 0, "zmax": 2 * LEVELS if k == 2 else k * (LEVELS + 1) - 1, "showscale": False,
             "zsmooth": "best" if k == 2 else False, "colorscale": [[at, _rgba(colour, alpha)] for at, colour, alpha in stops]}
    line = {"mode": "lines", "line": {"color": film.INK, "width": 2}, "name": "border"}
    return [trace, line], {0: [{"z": one} for one in z], 1: [_border(one, grid, LINE // len(p)) for one in p]}


def _probabilities(values, loss, classes):
    outputs = values.shape[2]
    if outputs not in (1, classes) and not (outputs > classes and outputs <= 5):
        raise ValueError(f"{classes} classes need {classes} outputs{' or 1' * (classes == 2)}, this network has {outputs}")
    if not 2 <= max(classes, outputs) <= 5 or (outputs == 1 and classes > 2):
        raise ValueError(f"surface shows 2 to 5 classes, got {classes} in data.y and {outputs} outputs")
    with np.errstate(over="ignore"):
        if outputs == 1:
            p = values.clip(0, 1) if loss == "mse" else 1 / (1 + np.exp(-values))
            return np.concatenate([1 - p, p], axis=-1)
        e = np.exp(values - values.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)


def _border(p, grid, most):
    """Where the class ahead changes, as one line with gaps."""
    from contourpy import contour_generator  # comes with Matplotlib

    parts = []
    for c in range(p.shape[-1] - 1):
        others = np.where(np.arange(p.shape[-1]) == c, -1, p)
        for part in contour_generator(grid.x1, grid.x2, p[..., c] - others.max(axis=-1)).lines(0.0):
            # a border between two classes belongs to the one with the smaller number
            i, j = np.searchsorted(grid.x2, part[:, 1]), np.searchsorted(grid.x1, part[:, 0])
            new = others[i.clip(0, grid.shape[0] - 1), j.clip(0, grid.shape[1] - 1)].argmax(axis=-1) > c
            pieces = np.split(part, np.flatnonzero(np.diff(new)) + 1)[0 if new[0] else 1::2]
            parts += [piece for piece in pieces if len(piece) > 1]
    share = min(1, most / 2 / max(1, sum(map(len, parts))))  # where all their points are too many, an even choice of each
    parts = [np.vstack([part[snapshots.thin(len(part), int(share * len(part)))], [[np.nan, np.nan]]]) for part in parts]
    parts = parts or [np.zeros((0, 2))]
    xy = np.concatenate(parts).astype(np.float32)
    return {"x": xy[:, 0], "y": xy[:, 1]}


def _rgba(colour, alpha):
    return f"rgba({', '.join(str(int(colour[i:i + 2], 16)) for i in (1, 3, 5))}, {alpha})"
