"""First weights: how large they start decides whether a signal survives many layers."""

import numpy as np

from . import validate


def _normal(variance):
    return lambda rng, d_in, d_out: rng.normal(scale=np.sqrt(variance(d_in, d_out)), size=(d_in, d_out))


def _identity(rng, d_in, d_out):
    if d_in != d_out:
        raise ValueError(f"the identity start needs layers of equal widths, for example [2, 2, 2]; got {d_in} -> {d_out}")
    return np.eye(d_in)


# name: (generator, d_in, d_out) -> W (d_in, d_out). Biases start at 0 with all of them.
INITIALISATIONS = {
    "zeros": lambda rng, d_in, d_out: np.zeros((d_in, d_out)),
    "lecun": _normal(lambda d_in, d_out: 1 / d_in),  # LeCun, Bottou, Orr and Mueller 1998, section 4.6
    "xavier": _normal(lambda d_in, d_out: 2 / (d_in + d_out)),  # Glorot and Bengio 2010, eq. 12
    "he": _normal(lambda d_in, d_out: 2 / d_in),  # He, Zhang, Ren and Sun 2015, section 2.2
    "identity": _identity,
}


def get(init, activation):
    """The rule called `init`. None stands for the rule made for the activation: standard deviation gain / sqrt(d_in),
    which is "he" for relu and "lecun" for the identity. ValueError lists the names.
    """
    if init is None:
        return _normal(lambda d_in, d_out: activation.gain**2 / d_in)
    return INITIALISATIONS[validate.key("init", init, INITIALISATIONS)]
