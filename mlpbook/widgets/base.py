"""What every explorable has in common. Its traits are the whole contract: Python sets the beginning, JavaScript does
the rest, and both sides read the same values; so it lives in a notebook and in a page without a kernel alike.
"""

import numbers

import anywidget
import traitlets

from .. import theme
from ..validate import fits
from . import bundle

ALIVE = "interactive in a running notebook and in the book"  # how its words for a notebook begin, in brackets


class Number(traitlets.TraitType):
    """A finite number in [low, high]."""

    def __init__(self, default, low, high):
        super().__init__(default)
        self.limit = {"low": low, "high": high}
        self.tag(sync=True, state=True)

    def validate(self, obj, value):
        low, high = self.limit["low"], self.limit["high"]
        if not fits(value, low, high):
            raise traitlets.TraitError(f"{self.name} must be a number from {low:g} to {high:g}, got {value!r}")
        return float(value)


class Whole(Number):
    """A whole number in [low, high]."""

    def __init__(self, default, low, high):
        super().__init__(default, low, high)
        self.limit["whole"] = True

    def validate(self, obj, value):
        low, high = self.limit["low"], self.limit["high"]
        if not (isinstance(value, numbers.Integral) and fits(value, low, high)):
            raise traitlets.TraitError(f"{self.name} must be a whole number from {low} to {high}, got {value!r}")
        return int(value)


class Point(traitlets.TraitType):
    """A list of `size` finite numbers, each in [low, high]; arrays and tuples are taken too."""

    def __init__(self, default, low, high):
        super().__init__(default)
        self.limit = {"low": low, "high": high, "size": len(default)}
        self.tag(sync=True, state=True)

    def validate(self, obj, value):
        low, high, size = self.limit["low"], self.limit["high"], self.limit["size"]
        values = value.tolist() if hasattr(value, "tolist") else value
        if not (isinstance(values, (list, tuple)) and len(values) == size and all(fits(v, low, high) for v in values)):
            raise traitlets.TraitError(f"{self.name} must be {size} numbers from {low:g} to {high:g}, got {value!r}")
        return [float(v) for v in values]


class Matrix(traitlets.TraitType):
    """Rows of finite numbers, each in [low, high], of the shape of the default; arrays and tuples are taken too."""

    def __init__(self, default, low, high):
        super().__init__(default)
        self.limit = {"low": low, "high": high, "shape": [len(default), len(default[0])]}
        self.tag(sync=True, state=True)

    def validate(self, obj, value):
        (n, d), low, high = self.limit["shape"], self.limit["low"], self.limit["high"]
        rows = value.tolist() if hasattr(value, "tolist") else value
        if not (isinstance(rows, (list, tuple)) and len(rows) == n and all(
                isinstance(row, (list, tuple)) and len(row) == d and all(fits(v, low, high) for v in row) for row in rows)):
            raise traitlets.TraitError(f"{self.name} must be {n} rows of {d} numbers from {low:g} to {high:g}, got {value!r}")
        return [[float(v) for v in row] for row in rows]


class Choice(traitlets.Enum):
    """One of a few names."""

    def __init__(self, options, default):
        super().__init__(list(options), default)
        self.limit = {"options": list(options)}
        self.tag(sync=True, state=True)

    def validate(self, obj, value):
        if not isinstance(value, str) or value not in self.values:
            raise traitlets.TraitError(f"{self.name} must be one of {', '.join(self.values)}; got {value!r}")
        return value


class Switch(traitlets.Bool):
    """True or False."""

    def __init__(self, default):
        super().__init__(default)
        self.limit = {"boolean": True}
        self.tag(sync=True, state=True)


class Explorable(anywidget.AnyWidget):
    """A picture to play with. A subclass names its module in `_esm`, its `title`, and its traits.

    Traits tagged `state` change while one plays: they can be linked, reset and shared. Those tagged `given` only
    Python sets. Both can be arguments. `describe()` says in words what the picture shows.
    ValueError (TraitError) for a value that is not allowed; TypeError for an unknown argument.
    """

    title = "Explorable"
    _css = theme.css() + bundle.read("explorable.css")
    _spec = traitlets.Dict().tag(sync=True)
    _text = traitlets.Unicode().tag(sync=True)

    def __init__(self, **arguments):
        known = [*self._arguments(), "layout"]
        for name in arguments:
            if name not in known:
                raise TypeError(f"{type(self).__name__} takes {', '.join(known)}; got {name!r}")
        super().__init__(**arguments)
        self._start = {name: getattr(self, name) for name in self._arguments("state")}
        self._spec = self._make_spec()
        self._text = self.describe()
        self.observe(self._on_state, names=self._arguments())
        self.observe(self._on_given, names=self._arguments("given"))

    def _make_spec(self):
        limits = {name: self.traits()[name].limit for name in self._arguments("state")} | self.narrowed()
        return {"name": type(self).__name__, "title": self.title, "limits": limits, "arguments": self._arguments(),
                "given": self._arguments("given"), "start": self._start, **self.facts()}

    def _on_state(self, change):
        self._text = self.describe()

    def _on_given(self, change):
        self._spec = self._make_spec()  # the menus and labels are made from it

    @classmethod
    def _arguments(cls, *tags):
        """Names of the traits with one of the tags (both unless given), in the order of the class body."""
        return [name for kind in reversed(cls.__mro__) for name, trait in vars(kind).items()
                if isinstance(trait, traitlets.TraitType) and any(trait.metadata.get(t) for t in tags or ("state", "given"))]

    def narrowed(self):
        """Limits that depend on other traits, in the form of `Number.limit` and its like."""
        return {}

    def facts(self):
        """What the front-end must be told, since no fact is written twice."""
        return {}

    def describe(self):
        """One paragraph that says what the picture shows; the page's fallback where scripts do not run."""
        raise NotImplementedError

    def to_python(self):
        """The call that builds this explorable as it stands now."""
        arguments = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._arguments())
        return f"mb.widgets.{type(self).__name__}({arguments})"

    def __repr__(self):
        return self.to_python().removeprefix("mb.widgets.")

    def _repr_mimebundle_(self, **kwargs):
        found = super()._repr_mimebundle_(**kwargs)
        if found is None:  # no notebook: plain text is all there is
            return None
        data, metadata = found if isinstance(found, tuple) else (found, {})
        data["text/plain"] = f"{type(self).__name__} ({ALIVE}). {self.describe()}"
        return data, metadata
