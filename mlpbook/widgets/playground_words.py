"""What the playground shows, in words: the twin of playground_words.js."""

from decimal import Decimal

import numpy as np

from .. import losses
from .text import magnitude, num

LOSSES = {"mse": "mean squared error", "binary_cross_entropy": "binary cross-entropy", "cross_entropy": "cross-entropy"}


def describe(play):
    """One paragraph: the data, the network, how it learns, how far it is, what it says at the probe."""
    task = play._task()
    return " ".join(filter(None, [_data(play, task), _network(play), *_notes(play, task), _learning(play, task),
                                  _progress(play, task), _probe(play, task)]))


def _data(play, task):
    if task.data is None:
        return "No points yet: draw some, or choose other data."
    n, name = len(task.data), "Own data" if play.preset == "given" else play.preset[0].upper() + play.preset[1:]
    kind = f"of {task.classes} classes" if task.classes else f"with {task.outputs} target{'s' * (task.outputs > 1)} each"
    test = f", and {len(task.test)} to test on" if task.test is not None else ""
    alone = " All are of one class." if task.classes and len(set(task.data.y.tolist())) == 1 else ""
    return f"{name}: {n} point{'s' * (n != 1)} {kind}{test}.{alone}"


def _network(play):
    arguments, given = play._built()
    extras = ["residual"] * arguments.get("residual", False)
    extras += [f"{arguments[key]} normalisation" for key in ("normalization",) if key in arguments]
    start = "weights as given" if given else f"{arguments.get('init') or 'friendly'} start, seed {arguments['seed']}"
    kind = ", ".join([arguments["activation"].replace("_", " "), *extras, start])
    return f"Network {'-'.join(map(str, arguments['sizes']))}, {kind}."


def _notes(play, task):
    """What of the settings cannot be had."""
    arguments, _ = play._built()
    notes = []
    if play.residual and "residual" not in arguments:
        notes.append("Nothing is residual: no hidden layer is as wide as the one before it.")
    if play.init == "identity" and "init" not in arguments:
        notes.append("The identity start needs all widths equal, here it is the friendly one.")
    if lone_batch(play, task):
        notes.append("Batch normalisation cannot learn from a batch of 1 sample: choose another batch size.")
    return notes


def lone_batch(play, task):
    """Whether some batch would hold one sample, of which batch normalisation learns nothing."""
    if task.data is None or play._built()[0].get("normalization") != "batch":
        return False
    n = len(task.data)
    size = min(play.batch_size or n, n)
    return 1 in (size, n % size)


def _learning(play, task):
    n = 0 if task.data is None else len(task.data)
    batch = "all points" if play.batch_size is None or play.batch_size >= n else f"{play.batch_size} points"
    decay = f", weight decay {plain(play.weight_decay)}" if play.weight_decay else ""
    return (f"{play.optimizer}, learning rate {plain(play.lr)}{decay}, {batch} in a step, batch seed {play.seed}; "
            f"loss: {LOSSES[task.loss]}.")


def _progress(play, task):
    if task.data is None:
        return ""
    now, mlp = play._current(), play.mlp
    if now:
        loss, test = now["loss"], now["test_loss"]
    else:
        loss, test = (None if d is None else losses.LOSSES[task.loss](mlp(d.x), d.y)[0] for d in (task.data, task.test))
    said = [f"loss {magnitude(loss)}"] if loss is not None else []
    said += [f"test loss {magnitude(test)}"] if test is not None else []
    when = f"Epoch {now['epoch']}" if now else "Before training"
    right = ""
    if task.classes:
        right = f" {(_answers(mlp(task.data.x), task) == task.data.y).sum()} of {len(task.data)} points are right."
    return f"{when}: {', '.join(said)}.{right}{' ' + now['stopped'] if now and now['stopped'] else ''}"


def _answers(out, task):
    """The class of each row of outputs."""
    if task.outputs > 1:
        return out.argmax(axis=1)
    return (out[:, 0] > (0.5 if task.loss == "mse" else 0)).astype(int)


def _probe(play, task):
    x1, x2 = play.probe
    out = play.mlp(np.array([play.probe]))[0]
    where = f"At the probe ({num(x1)}, {num(x2)})"
    if not task.classes:
        return f"{where} the network answers {', '.join(_num(v) for v in out)}."
    if task.loss == "mse":
        return f"{where} the network answers {_num(out[0])}."
    if task.outputs == 1:
        return f"{where} the probability of class 1 is {_num(1 / (1 + np.exp(-np.clip(out[0], -700, 700))))}."
    p = np.exp(out - out.max())
    best = int(out.argmax())
    return f"{where} the network says class {best}, with probability {_num(p[best] / p.sum())}."


def _num(value):
    """Rounded first where NumPy and JavaScript still agree, so that both round half up alike."""
    value = float(value)
    return num(round(value, 9)) if abs(value) < 1e9 else f"{'−' if value < 0 else ''}{magnitude(abs(value))}"


def plain(value):
    """0.01 -> "0.01", 1000000.0 -> "1000000": as JavaScript writes a number."""
    text = format(Decimal(repr(float(value))), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
