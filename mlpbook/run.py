"""A Run: what a training leaves behind, enough to draw it, to watch it again and to go on from it."""

import hashlib

import numpy as np


class Run:
    """The record of one `train`.

    losses (epochs done,): the mean over each epoch's batches, each before its step; (epochs done, K) for an ensemble.
    validation_losses (epochs done,), after each epoch, and gradient_norms (epochs done, layers): None unless asked for.
    frames (f,): the epochs after which a snapshot was kept, the first being 0, the start; states: the f snapshots, as
    `model.state()` gives them; watched: {name: array (f, ...)}. seconds: how long it took. stopped: why it ended early, or "".
    optimizer: with what it remembers, for another `train` that goes on from here. trained_on: the data's fingerprint, by
    which two runs are known to have seen the same.
    """

    def __init__(self, model, loss, optimizer, epochs, data, watch, validation, gradient_norms):
        self.loss, self.optimizer, self.epochs = loss, optimizer, epochs
        self.losses, self.frames, self.states = [], [], []
        self.validation_losses = None if validation is None else []
        self.gradient_norms = [] if gradient_norms else None
        self.watched = {name: [] for name in watch}
        self.seconds, self.stopped = 0.0, ""
        with np.errstate(over="ignore"):  # in float32, so that the same data in another dtype count as the same
            self.trained_on = hashlib.blake2b(b"".join(np.float32(a).tobytes() for a in data), digest_size=8).hexdigest()
        self._model, self._watch, self._validation = type(model), watch, validation

    def keep_epoch(self, model, value):
        self.losses.append(value)
        if self.validation_losses is not None:
            x, y = self._validation
            self.validation_losses.append(self.loss.f(model(x), y)[0])
        if self.gradient_norms is not None:
            self.gradient_norms.append(model.gradient_norms())

    def keep_frame(self, model, epoch):
        """-> whether the weights (for an ensemble: those of a member) are finite; if not, nothing is kept."""
        state = model.state()
        finite = np.all([np.isfinite(W).all(axis=(-2, -1)) for W in state["W"]], axis=0)
        if not finite.any():
            return False
        watched = {name: self._seen(name, function(model), epoch) for name, function in self._watch.items()}
        self.frames.append(epoch)
        self.states.append(state)
        for name, value in watched.items():
            self.watched[name].append(value)
        return True

    def _seen(self, name, value, epoch):
        """`value` as an array of the shape it had at the start: those of all snapshots become one array."""
        try:
            value = np.array(value)
        except ValueError:  # arrays of several shapes
            raise ValueError(f"what watch[{name!r}] returns must be one array or number, not several arrays that differ in "
                             'shape; for example m.state()["W"][0]') from None
        if self.watched[name] and value.shape != self.watched[name][0].shape:
            raise ValueError(f"what watch[{name!r}] returns must keep its shape, {self.watched[name][0].shape} at the start; "
                             f"got {value.shape} after epoch {epoch}")
        return value

    def close(self, seconds):
        """No more to come: lists become arrays, and what was only for looking on is let go."""
        self.seconds, self._watch, self._validation = seconds, None, None  # a lambda would keep the Run from being pickled
        for name in ("losses", "validation_losses", "gradient_norms", "frames"):
            if getattr(self, name) is not None:
                setattr(self, name, np.array(getattr(self, name)))
        self.watched = {name: np.array(values) for name, values in self.watched.items()}
        return self

    def model(self, i=-1):
        """The network as it was at snapshot i, made anew."""
        return self._model.from_state(self.states[i])

    def __len__(self):
        """The number of snapshots."""
        return len(self.states)

    def __repr__(self):
        done = len(self.losses)
        said = [f"{done} epoch{'s' * (done != 1)} in {self.seconds:.2g} s", f"{len(self)} snapshot{'s' * (len(self) != 1)}"]
        if done:
            losses = np.where(np.isnan(self.losses), np.inf, self.losses)  # a member that diverged counts as the worst
            first, last = (np.median(losses[i]) for i in (0, -1))
            of = f" (median of {len(self.losses[0])} members)" if np.ndim(self.losses[0]) else ""
            said.insert(1, f"{self.loss.name} {first:.3g} -> {last:.3g}{of}")
        return f"Run: {', '.join(said)}{self.stopped and '. ' + self.stopped}"
