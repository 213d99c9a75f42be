"""The playground: a network that trains in the page, on data one can draw, as `mb.train` trains it, number for number."""

import itertools
import zlib
from collections import namedtuple

import numpy as np
import traitlets

from .. import losses, optimizers, validate
from ..activations import ACTIVATIONS
from ..initialisation import INITIALISATIONS
from ..mlp import MLP
from ..normalisation import NORMALISATIONS
from . import bundle, presets
from .base import Choice, Explorable, Number, Point, Switch, Whole
from .playground_traits import Controls, Drawn, Named, Network, Optional, Own, Widths, as_lists
from .playground_words import LOSSES, describe
from .presets import DRAWN, GIVEN

_SEEDS = 9999
_OPTIMIZERS = {kind.__name__: kind for kind in (optimizers.Adam, optimizers.Momentum, optimizers.SGD)}
_keys = itertools.count(1)

Task = namedtuple("Task", "data test classes loss outputs")  # data is None where there is no sample


class TrainingPlayground(Explorable):
    """A network that trains in the page: TrainingPlayground(mlp, data) starts from exactly this network and these data.

    mlp: an `MLP` with 2 inputs; None for one that is made of the settings. data, and validation for the test loss: a Data
    or a pair (x, y) of the plane, with classes 0 to 4 or targets of 1 or 2 columns, at most 10 000 samples. optimizer: a
    name, or for example mb.Adam(lr=0.01), which brings lr and weight_decay along. loss: None is the usual one for the data.
    batch_size and seed are those of `mb.train`; widths, activation, init, residual, normalization and mlp_seed those of the
    MLP (mlp_seed=None: the weights it was given). preset: the data shown; drawn: rows [x1, x2, class] for
    preset="drawn by hand". hidden, locked: controls that a reader does not find, or cannot move.

    While it trains in the page, ten times a second: `progress`, a dict with epoch, loss, test_loss, gradient_norms, stopped and
    weights, or None before the first step; `mlp` is the network as it stands. `running` may be set.

    >>> TrainingPlayground(mb.MLP([2, 8, 8, 1], seed=0), mb.datasets.moons(200), optimizer=mb.Adam(lr=0.01))
    """

    title = "Training playground"
    _esm = bundle.join("playground.js")
    _css = Explorable._css + bundle.read("playground.css")

    preset = Choice([*presets.PRESETS, DRAWN, GIVEN], "moons")
    drawn = Drawn()
    widths = Widths([8, 8])
    activation = Choice(ACTIVATIONS, "tanh")
    init = Named(INITIALISATIONS)
    residual = Switch(False)
    normalization = Named(NORMALISATIONS)
    mlp_seed = Optional(0, _SEEDS, 0)
    loss = Choice(losses.LOSSES, "binary_cross_entropy")
    optimizer = Choice(_OPTIMIZERS, "Adam")
    lr = Number(0.01, 1e-6, 1e6)
    weight_decay = Number(0.0, 0.0, 10.0)
    batch_size = Optional(1, presets.LIMIT)
    seed = Whole(0, 0, _SEEDS)
    probe = Point([0.5, 0.25], -100.0, 100.0)

    network = Network()
    data = Own()
    validation = Own()
    hidden = Controls()
    locked = Controls()

    progress = traitlets.Any(None).tag(sync=True)  # the page sets it
    running = traitlets.Bool(False).tag(sync=True)

    def __init__(self, mlp=None, data=None, validation=None, loss=None, optimizer=None, **settings):
        traits = self.traits()
        own = {name: traits[name].validate(self, value) for name, value in (("data", data), ("validation", validation))}
        started = {} if mlp is None else _as_settings(traits["network"].validate(self, mlp))
        if data is not None:
            started["preset"] = GIVEN
        given = own | started | _optimizer(optimizer) | settings
        if loss is None and mlp is not None and given["network_outputs"] == 2:
            loss = "cross_entropy"
        if loss is None and own["data"] is not None:
            loss = _usual(own["data"])
        outputs = given.pop("network_outputs", None)
        super().__init__(**given | ({} if loss is None else {"loss": loss.name if isinstance(loss, losses.Loss) else loss}))
        if outputs not in (None, self._task().outputs):
            raise traitlets.TraitError(f"mlp must have {_count(self._task().outputs, 'output')} for these data with the loss "
                                       f"{self._task().loss}, got {outputs}")

    @traitlets.validate("preset")
    def _check_preset(self, proposal):
        if proposal["value"] == GIVEN and self.data is None:
            raise traitlets.TraitError(f"preset can be {GIVEN!r} only where data are given; "
                                       f"the others are {', '.join(self._presets())}")
        return proposal["value"]

    @traitlets.validate("data", "validation")
    def _check_kinds(self, proposal):
        pair = {"data": self.data, "validation": self.validation} | {proposal["trait"].name: proposal["value"]}
        kinds = [None if data is None else data.y.shape[1:] for data in pair.values()]
        if kinds[1] is not None and kinds[0] != kinds[1]:
            raise traitlets.TraitError("validation must have targets or classes as the data have; got "
                                       f"{pair['data'] and repr(pair['data'])} and {pair['validation']!r}")
        return proposal["value"]

    def _presets(self):
        return [GIVEN] * (self.data is not None) + [DRAWN, *presets.PRESETS]

    def narrowed(self):
        return {"preset": {"options": self._presets()}}

    def facts(self):
        # by the key two views of one playground know each other
        self._key = getattr(self, "_key", None) or f"{next(_keys)}-{zlib.crc32(self.to_python().encode()):x}"
        return {"key": self._key, "presets": presets.sent(), "bits": presets.BITS, "reach": presets.REACH, "drawnName": DRAWN,
                "givenName": GIVEN, "losses": LOSSES,
                "gain": {name: f.gain for name, f in ACTIVATIONS.items()},
                "alpha": {name: f.alpha for name, f in ACTIVATIONS.items()},
                "optimizers": {name: {key: getattr(kind(), key) for key in kind.settings}
                               for name, kind in _OPTIMIZERS.items()}}

    def _task(self):
        """The data that are shown, and what they ask of a network; the twin of `task` in playground_data.js."""
        if self.preset == DRAWN:
            x, y = presets.decode(self.drawn)
            data, test = (presets.datasets.Data(x, y, DRAWN) if len(x) else None), None
        elif self.preset == GIVEN:
            data, test = self.data, self.validation
        else:
            data, test = presets.preset(self.preset), presets.preset(self.preset, 1)
        if data is not None and data.y.ndim == 2:
            return Task(data, test, 0, "mse", data.y.shape[1])
        classes = 2 if data is None else max(2, data.y.max() + 1, 0 if test is None else test.y.max() + 1)
        loss = "cross_entropy" if classes > 2 else self.loss
        return Task(data, test, int(classes), loss, int(classes) if loss == "cross_entropy" else 1)

    def _recipe(self):
        """What the weights begin from: when it changes, training begins anew."""
        return {"preset": self.preset, "outputs": self._task().outputs, **{name: getattr(self, name) for name in (
            "widths", "activation", "init", "residual", "normalization", "mlp_seed")}}

    def _built(self):
        """(the arguments of the MLP that the settings describe, where they can be met; whether it is the network given)."""
        sizes = [2, *self.widths, self._task().outputs]
        seed = 0 if self.mlp_seed is None else self.mlp_seed
        arguments = {"sizes": sizes, "activation": self.activation, "seed": seed}
        if self.residual and any(a == b for a, b in itertools.pairwise(sizes[:-1])):
            arguments["residual"] = True
        if self.normalization and self.widths:
            arguments["normalization"] = self.normalization
        if self.init is not None and (self.init != "identity" or len(set(sizes)) == 1):
            arguments["init"] = self.init
        given = self.network or {}
        same = self.mlp_seed is None and given and (
            given["sizes"], given["activation"], given.get("residual", False), given.get("normalization")) == (
            sizes, self.activation, arguments.get("residual", False), arguments.get("normalization"))
        return arguments, bool(same)

    def _current(self):
        """`progress`, if it belongs to the settings as they are."""
        progress = self.progress
        return progress if progress and progress.get("recipe") == self._recipe() else None

    @property
    def start(self):
        """A new `MLP` with the weights before training."""
        arguments, given = self._built()
        return MLP.from_state(self.network) if given else MLP(**arguments)

    @property
    def mlp(self):
        """A new `MLP` with the weights as they stand."""
        now = self._current()
        return MLP.from_state(now["weights"]) if now else self.start

    def describe(self):
        return describe(self)

    def to_python(self, train=False):
        """The call that builds this playground, before training; with train=True the lines that go on training from here."""
        if train:
            return self._train_code()
        first = [_network_code(self.network)] if self.network else ["None"] * (self.data is not None)
        first += [presets.code(self.data)] if self.data is not None else []
        named = {"validation": presets.code(self.validation)} if self.validation is not None else {}
        named |= {name: repr(getattr(self, name)) for name in self._arguments("state")}
        named |= {name: repr(getattr(self, name)) for name in ("hidden", "locked") if getattr(self, name)}
        return f"mb.widgets.TrainingPlayground({', '.join([*first, *(f'{k}={v}' for k, v in named.items())])})"

    def _train_code(self):
        task, now = self._task(), self._current()
        if task.data is None:
            raise ValueError("there are no samples to train on: draw some, or choose other data")
        arguments, given = self._built()
        built = f"mb.MLP({', '.join(f'{k}={v!r}' for k, v in arguments.items())})"
        mlp = _network_code(now["weights"]) if now else _network_code(self.network) if given else built
        data, test = (presets.call(self.preset), presets.call(self.preset, 1)) if self.preset in presets.PRESETS else (
            presets.code(task.data), task.test is not None and presets.code(task.test))
        batch = "" if self.batch_size is None or self.batch_size >= len(task.data) else f", batch_size={self.batch_size}"
        decay = f", weight_decay={self.weight_decay!r}" if self.weight_decay else ""
        return (f"mlp = {mlp}\ndata = {data}\n" + (f"test = {test}\n" if test else "")
                + f'run = mb.train(mlp, data, loss="{task.loss}", optimizer=mb.{self.optimizer}(lr={self.lr!r}{decay}), '
                f"epochs=100{batch}, {'validation=test, ' if test else ''}seed={self.seed})")


def _network_code(state):
    return f"mb.MLP.from_state({as_lists(state)!r})"


def _as_settings(state):
    """The settings that describe a network: its seed where one of the first ten made it, else its weights."""
    kind = {"activation": state["activation"], "residual": state.get("residual", False),
            "normalization": state.get("normalization")}
    settings = {"widths": state["sizes"][1:-1], **kind, "network_outputs": state["sizes"][-1]}
    for init in (None, *INITIALISATIONS):
        for seed in range(10):
            try:
                made = as_lists(MLP(state["sizes"], seed=seed, init=init, **kind).state())
            except ValueError:  # these widths cannot begin so
                break
            if made == state:
                return settings | {"init": init, "mlp_seed": seed}
    return settings | {"network": state, "mlp_seed": None}


def _optimizer(given):
    """The settings that an optimizer brings along."""
    if given is None or isinstance(given, str):
        return {} if given is None else {"optimizer": given}
    if not isinstance(given, tuple(_OPTIMIZERS.values())):
        raise traitlets.TraitError(f"optimizer must be one of {', '.join(_OPTIMIZERS)}, or for example mb.Adam(lr=0.01); "
                                   f"got {validate.shown(given)}")
    kind = type(given)
    usual = kind()
    own = set(kind.settings) - {"lr", "weight_decay"}
    if np.ndim(given.lr) or any(getattr(given, name) != getattr(usual, name) for name in own):
        raise traitlets.TraitError(f"optimizer may set lr and weight_decay in the playground, one number each; got {given!r}")
    return {"optimizer": kind.__name__, "lr": given.lr, "weight_decay": given.weight_decay}


def _usual(data):
    """The usual loss for data: of two classes with one output, of more with an output for each."""
    if data.y.ndim == 2:
        return None
    return "cross_entropy" if data.y.max() > 1 else "binary_cross_entropy"


def _count(n, word):
    return f"{n} {word}{'s' * (n != 1)}"
