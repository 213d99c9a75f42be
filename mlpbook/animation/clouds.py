"""Clouds in the plane: what a network says about its points, on the way to where it should be."""

import numpy as np

from . import film, snapshots


def predictions(run, data):
    """The cloud of the outputs moving to its targets, epoch by epoch: rings are targets, dots predictions. -> plotly figure

    run: of a network with 2 outputs, in 1 to 60 frames. data: x and y (n, 2), those of the training or others. Of more
    points than fit into a page, an even choice is shown, and its size said.
    ValueError: another number of outputs, a run without frames, snapshots that are not finite.
    """
    y_hat, y = moved(snapshots.checked(run), data)
    (targets, dots), shown = traces(y_hat, y, film.ROOM)
    low, high = view(y_hat, y)
    return film.film(run, [targets, dots], {1: frames(y_hat, shown)}, film.equal("y₁", "y₂", low, high))


def moved(run, data):
    """(y_hat (f, n, 2) float32, y (n, 2) float32)."""
    models, x, y = snapshots.networks(run, data)
    if y.shape[1] != 2:
        raise ValueError(f"a cloud needs 2 outputs, and this network has {y.shape[1]}; see surface (x in the plane, classes or "
                         "1 output), fit (1 input, 1 output), losses")
    return snapshots.answers(run, models, x), y.astype(np.float32)


def traces(y_hat, y, room, **more):
    """([targets, predictions], which points they show): as many as `room` has numbers for, over all frames."""
    shown, name = snapshots.some(len(y), int(room) // (2 * len(y_hat)), "targets")
    ring = {"color": film.ORANGE, "size": 9, "symbol": "circle-open", "line": {"width": 1.5}}
    targets = {"x": y[shown, 0], "y": y[shown, 1], "mode": "markers", "name": name, "marker": ring}
    dots = {"mode": "markers", "name": "predictions", "marker": {"color": film.BLUE, "size": 5}}
    return [targets | more, dots | more], shown


def frames(y_hat, shown):
    """What changes in the trace of the predictions."""
    return [{"x": rows[shown, 0], "y": rows[shown, 1]} for rows in y_hat]


def view(y_hat, y):
    """(low, high) (2,): all targets, and the predictions as far as one such extent beyond them."""
    low, high = film.span(y)
    beyond = high - low
    seen_low, seen_high = film.span(y, y_hat)
    return np.maximum(seen_low, low - beyond), np.minimum(seen_high, high + beyond)
