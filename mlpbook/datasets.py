"""What there is to learn from: seeded toy data, small enough to see, and real data that ships with scikit-learn.

    data = datasets.moons(200, noise=0.1, seed=0)
    train, test = datasets.split(data, test=0.25, seed=0)
    grid = datasets.grid(data, n=60)

Rows are samples. `noise` and `spread` are standard deviations, `n` counts samples, and nothing is downloaded.
"""

import dataclasses
from dataclasses import dataclass

import numpy as np

from . import validate


@dataclass(frozen=True, repr=False, eq=False)
class Data:
    """Samples x (n, d), and for each either targets or a class: y is (n, k) floats or (n,) ints from 0.

    >>> Data([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]], [0, 1, 1], classes=("no", "yes"))
    Data: x (3, 2), classes no (1), yes (2)

    `classes` names the classes and `features` the columns of x, where names are known; `name` is for the eye.
    x and y are copies. ValueError: not finite numbers, lengths that differ, classes below 0, too few names or too many.
    """

    x: np.ndarray
    y: np.ndarray
    name: str = ""
    classes: tuple[str, ...] = ()
    features: tuple[str, ...] = ()

    def __post_init__(self):
        x, y = validate.array("x", self.x, ndim=2), validate.array("y", self.y)
        if y.ndim == 1:
            y = validate.classes("y", self.y, len(x))
        elif y.ndim != 2 or len(y) != len(x):
            raise ValueError(f"y must hold targets of shape ({len(x)}, k) or {len(x)} classes, as x has {len(x)} rows; "
                             f"got shape {y.shape}")
        if not isinstance(self.name, str):
            raise ValueError(f"name must be a string, got {self.name!r}")
        classes, features = _names("classes", self.classes), _names("features", self.features)
        if classes and (y.ndim != 1 or y.max() >= len(classes)):
            raise ValueError(f"classes must name every class in y, got {len(classes)} names for "
                             f"{'targets' if y.ndim == 2 else f'classes up to {y.max()}'}")
        if features and len(features) != x.shape[1]:
            raise ValueError(f"features must name each of the {x.shape[1]} columns of x, got {len(features)} names")
        for field, value in [("x", x.copy()), ("y", y.copy()), ("classes", classes), ("features", features)]:
            object.__setattr__(self, field, value)  # the one door through which a frozen dataclass fills itself

    def __len__(self):
        return len(self.x)

    def __repr__(self):
        if self.y.ndim == 2:
            what = f"targets {self.y.shape}"
        else:
            counts = [f"{self.classes[c] if self.classes else c} ({count})"
                      for c, count in zip(*np.unique(self.y, return_counts=True), strict=True)]
            what = "classes " + ", ".join(counts if len(counts) <= 10 else [*counts[:3], "...", counts[-1]])
        return f"Data{self.name and ' ' + self.name}: x {self.x.shape}, {what}"


# --- Targets: maps of the plane to itself (chapter 11)

def rotation(n=100, angle=30, shift=(5, 5), spread=5, noise=0.01, seed=0):
    """Normal points x (n, 2) around 0; y (n, 2) is x turned `angle` degrees anticlockwise, moved by `shift`, plus noise."""
    n, rng, noise = _toy(n, noise, seed)
    spread = validate.number("spread", spread, 0)
    shift = validate.array("shift", shift, ndim=1, columns=2)
    x = spread * rng.normal(size=(n, 2))
    y = x @ _turn(validate.number("angle", angle)) + shift
    return Data(x, y + noise * rng.normal(size=y.shape), "rotation")


def three_clusters(n=100, spread=0.5, noise=0.01, seed=0):
    """3 n points x (3 n, 2) around (3, -3), (0, 0), (3, 3), one cluster after the other; each has a linear map of its own.

    y (3 n, 2) is 3 x in the first, x turned by 150 degrees and moved by (-3, 3) in the second, -5 x in the third, plus noise.
    """
    n, rng, noise = _toy(n, noise, seed)
    spread = validate.number("spread", spread, 0)
    first, second, third = (centre + spread * rng.normal(size=(n, 2)) for centre in ([3, -3], [0, 0], [3, 3]))
    y = np.concatenate([3 * first, second @ _turn(150) + [-3, 3], -5 * third])
    return Data(np.concatenate([first, second, third]), y + noise * rng.normal(size=y.shape), "three clusters")


def practice_curve(n=500, noise=0.1, seed=0):
    """x (n, 2) walks evenly from (-1, 1) to (1, -1) on a line; y (n, 2) is 2 x + x^2 + 0.5 in each coordinate, plus noise."""
    n, rng, noise = _toy(n, noise, seed)
    x = np.column_stack([np.linspace(-1, 1, n), np.linspace(1, -1, n)])
    return Data(x, 2 * x + x**2 + 0.5 + noise * rng.normal(size=x.shape), "practice curve")


# --- Classes: shapes in the plane; the classes differ in size by one sample at most

def xor(n=4, noise=0.0, seed=0):
    """n points, in turn at (0, 0), (0, 1), (1, 0) and (1, 1), plus noise; class 1 where exactly one coordinate is 1."""
    n, rng, noise = _toy(n, noise, seed, least=4)
    corner = np.arange(n) % 4
    x = np.column_stack([corner // 2, corner % 2])
    return Data(x + noise * rng.normal(size=x.shape), x[:, 0] ^ x[:, 1], "xor")


def moons(n=200, noise=0.1, seed=0):
    """Two half circles of radius 1 that reach into each other; scikit-learn's make_moons."""
    return _scikit("moons", n, noise, seed)


def circles(n=200, noise=0.1, seed=0):
    """Class 0 on a circle of radius 1, class 1 on one of radius 0.5 inside it; scikit-learn's make_circles."""
    return _scikit("circles", n, noise, seed, factor=0.5)


def blobs(n=150, k=3, noise=0.2, seed=0):
    """k round clouds, class 0 around (1, 0), the others evenly on around the unit circle; scikit-learn's make_blobs."""
    k = validate.integer("k", k, 2)
    around = np.arange(k) * 2 * np.pi / k
    centres = np.column_stack([np.cos(around), np.sin(around)])
    return _scikit("blobs", n, noise, seed, least=k, noise_name="cluster_std", centers=centres)


def spirals(n=200, arms=2, noise=0.03, seed=0):
    """`arms` classes, in turn: each is an arm that winds once around 0 while its radius grows from 0.1 to 1, plus noise."""
    arms = validate.integer("arms", arms, 2)
    n, rng, noise = _toy(n, noise, seed, least=arms)
    arm = np.arange(n) % arms
    along = np.arange(n) // arms / max(1, (n - 1) // arms)  # 0 to 1 on each arm
    angle = 2 * np.pi * (along + arm / arms)
    x = (0.1 + 0.9 * along)[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return Data(x + noise * rng.normal(size=x.shape), arm, "spirals")


# --- Real data, as scikit-learn brings it along

def digits():
    """1797 handwritten digits of 8 x 8 pixels: x (1797, 64), row after row, 0 (paper) to 1 (ink); classes 0 to 9."""
    data = _bundled("digits")
    return dataclasses.replace(data, x=data.x / 16)  # 16 grey levels above paper


def two_digits(a=3, b=8):
    """The digits a (class 0) and b (class 1) of `digits()`. ValueError: not two different digits from 0 to 9."""
    if not {validate.integer("a", a), validate.integer("b", b)} <= set(range(10)) or a == b:
        raise ValueError(f"a and b must be two different digits from 0 to 9, got {a} and {b}")
    data = digits()
    rows = np.isin(data.y, (a, b))
    return Data(data.x[rows], data.y[rows] == b, f"digits {a} and {b}", (str(a), str(b)), data.features)


def diabetes():
    """442 patients, 10 measurements in their own units; the target (442, 1) is how far the disease got in a year, 25 to 346."""
    return _bundled("diabetes", scaled=False)


def iris():
    """150 irises of 3 species; length and width of sepal and petal in cm."""
    return _bundled("iris")


def wine():
    """178 wines from 3 growers, 13 chemical measurements of very different scales."""
    return _bundled("wine")


def breast_cancer():
    """569 tumours, 30 measurements of their cells; class 0 is malignant, class 1 benign."""
    return _bundled("breast_cancer")


# --- What one does with data

def split(data, test=0.25, validation=0, seed=0, standardise=True):
    """Data -> (train, test), or (train, validation, test): parts in random order that share no sample.

    test, validation: fractions of all samples, rounded. Of every class the test part holds its share to within one sample.
    standardise: subtract from every column of x, and of y where y is targets, its mean over the *training part* and divide by
    its standard deviation there (a column that is constant there is only shifted), so that an mse of 1 is what answering
    the mean would cost. Classes stay. With standardise=False and the same seed the same rows come in their own units.
    ValueError: not a Data, a fraction outside [0, 1], an empty part.
    """
    _is_data(data)
    standardise, n = validate.flag("standardise", standardise), len(data)
    test, validation = validate.number("test", test, 0, 1), validate.number("validation", validation, 0, 1)
    n_test, n_validation = round(test * n), round(validation * n)
    if n_test == 0 or n_test + n_validation >= n or (validation > 0 and n_validation == 0):
        raise ValueError(f"no part may be empty: of {n} samples test={test:g} and validation={validation:g} leave "
                         f"{n - n_test - n_validation} for training, {n_validation} for validation, {n_test} for the test")
    rng = np.random.default_rng(validate.integer("seed", seed))
    rows = rng.permutation(n)
    if data.y.ndim == 1:
        rows = rows[np.argsort(data.y[rows], kind="stable")]  # class after class, in random order within each
    test_rows, rows = _draw(n_test, rows, rng)
    validation_rows, rows = _draw(n_validation, rows, rng)
    parts = []
    for name, part in [("training", rows), ("validation", validation_rows), ("test", test_rows)]:
        if len(part):
            mixed = rng.permutation(part)
            parts.append(dataclasses.replace(data, x=data.x[mixed], y=data.y[mixed], name=f"{data.name} ({name})".strip()))
    return tuple(_standardised(part, parts[0]) for part in parts) if standardise else tuple(parts)


@dataclass(frozen=True, repr=False, eq=False)
class Grid:
    """The points x (n^2, 2) of an even grid in the plane, row after row from below, and its axes x1 (n,) and x2 (n,).

    `model(grid.x).reshape(grid.shape)` is the surface of a model with one output: entry [i, j] belongs to (x1[j], x2[i]).
    """

    x: np.ndarray
    x1: np.ndarray
    x2: np.ndarray

    @property
    def shape(self):
        return len(self.x2), len(self.x1)

    def __repr__(self):
        return (f"Grid {self.shape[0]} x {self.shape[1]} on [{self.x1[0]:.3g}, {self.x1[-1]:.3g}] x "
                f"[{self.x2[0]:.3g}, {self.x2[-1]:.3g}]")


def grid(data, n=60):
    """A Grid of n x n points over data.x and a tenth of its extent beyond on every side. ValueError: x not (n, 2), or n < 2."""
    _is_data(data)
    n = validate.integer("n", n, 2)
    if data.x.shape[1] != 2:
        raise ValueError(f"a grid needs data in the plane, x of shape (n, 2); got {data.x.shape}")
    low, high = data.x.min(axis=0), data.x.max(axis=0)
    extent, size = high - low, np.maximum(abs(low), abs(high))
    spread = extent > np.maximum(1e-6 * size, 1e-300)  # a constant coordinate has no extent, but for rounding
    margin = np.where(spread, extent, np.maximum(size, 1)) / 10
    x1, x2 = np.linspace(low - margin, high + margin, n).T
    return Grid(np.column_stack([a.ravel() for a in np.meshgrid(x1, x2)]), x1, x2)


def _names(name, value):
    if not isinstance(value, (list, tuple, np.ndarray)) or not all(isinstance(v, str) for v in value):
        raise ValueError(f"{name} must list names, for example ('a', 'b'); got {value!r}")
    return tuple(str(v) for v in value)


def _is_data(data):
    if not isinstance(data, Data):
        raise ValueError(f"data must be a Data, for example datasets.moons() or Data(x, y); got {type(data).__name__}")


def _toy(n, noise, seed, least=1):
    rng = np.random.default_rng(validate.integer("seed", seed))
    return validate.integer("n", n, least), rng, validate.number("noise", noise, 0)


def _turn(degrees):
    """The rotation as a layer's W (2, 2): rows x, so x @ W."""
    c, s = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    return np.array([[c, s], [-s, c]])


def _scikit(name, n, noise, seed, least=2, noise_name="noise", **options):
    from sklearn import datasets  # takes a second to load

    n, _, noise = _toy(n, noise, seed, least)
    if seed >= 2**32:
        raise ValueError(f"seed must be below 2**32 here, as scikit-learn draws these data; got {seed}")
    x, y = getattr(datasets, f"make_{name}")(n, random_state=int(seed), **{noise_name: noise}, **options)
    return Data(x, y, name)


def _bundled(name, **options):
    from sklearn import datasets

    bunch = getattr(datasets, f"load_{name}")(**options)
    classes = tuple(map(str, bunch.get("target_names", ())))
    return Data(bunch.data, bunch.target if classes else bunch.target[:, None], name.replace("_", " "), classes,
                tuple(map(str, bunch.feature_names)))


def _draw(m, rows, rng):
    """(m of the rows, the others): evenly spaced from a random start, so any stretch of rows gives its share to within one."""
    picks = (np.arange(m) * len(rows) + rng.integers(len(rows))) // max(m, 1)
    return rows[picks], np.delete(rows, picks)


def _standardised(part, train):
    def scaled(a, reference):
        scale = reference.std(axis=0)
        # rounding leaves a constant column a standard deviation that is not always exactly 0
        scale[(reference.min(axis=0) == reference.max(axis=0)) | (scale == 0)] = 1
        return (a - reference.mean(axis=0)) / scale

    targets = part.y.ndim == 2
    return dataclasses.replace(part, x=scaled(part.x, train.x), y=scaled(part.y, train.y) if targets else part.y)
