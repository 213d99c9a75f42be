"""An exercise that marks itself: the reference solution, the inputs it is tried on, and what to say.

`exercise` makes one from the reference solution, whose name, arguments and docstring become the exercise's own.
"""

import inspect
import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from .attempt import attempt
from .diagnose import Finding, close, is_numbers, judge, pattern, shown

_WIDTH = 76  # what fits the output of a cell in a solution without a scroll bar
_TUPLE = re.compile(r"\([^() ]*(?:, ?[^() ]*)+\)")


@dataclass(frozen=True)
class Mark:
    """right: is the function correct? text: what the learner is told."""

    right: bool
    text: str


@dataclass(repr=False)
class Exercise:
    """Marks a function: `mb.check.relu_derivative(my_function)` prints what is wrong and where, or why it is right.

    reference: a correct solution; inputs: its arguments by name, from the simplest to the nastiest;
    why: completes "Correct, because"; hints: from a nudge to nearly all; mistakes: (wrong function, what to tell who
    wrote that); rows: the arguments with one row (or entry) for each sample, cut down to find the smallest input
    that fails; rtol, atol: how near to the reference's a value must be.
    """

    reference: Callable
    inputs: Sequence[dict]
    why: str
    hints: Sequence[str]
    mistakes: Sequence[tuple[Callable, str]] = ()
    rows: Sequence[str] = ("z",)
    rtol: float = 1e-9
    atol: float = 1e-12
    _hints_given: int = field(default=0, init=False)

    def __post_init__(self):
        self.name, self.__doc__ = self.reference.__name__, inspect.getdoc(self.reference)
        self.inputs = [{name: np.array(v) if np.ndim(v) else v for name, v in given.items()} for given in self.inputs]
        self.call = f"{self.name}({', '.join(inspect.signature(self.reference).parameters)})"

    def __call__(self, function):
        """Tries the function, and prints what is wrong with it, or why it is correct."""
        print(self.mark(function).text)

    def mark(self, function):
        """The same as a record, for a teacher's script: a Mark with `right` and `text`. It raises nothing."""
        misused = self._misused(function)
        if misused:
            return self._not_yet(Finding("misused", misused))
        tried = [self._try(function, given) for given in self.inputs]
        if all(found is None for *_, found in tried):
            return Mark(True, _wrapped(f"Correct, because {self.why} (Tried on {len(tried)} inputs.)"))
        found, given, least = self._explained(tried)
        return self._not_yet(found, *self._smallest(function, given, found.kind, least))

    def hint(self):
        """Prints the next hint; asked again, the one after it."""
        number = min(self._hints_given, len(self.hints) - 1)
        after = "That was the last hint. " if self._hints_given >= len(self.hints) else ""
        self._hints_given += 1
        print(_wrapped(f"{after}Hint {number + 1} of {len(self.hints)}: {self.hints[number]}"))

    def __repr__(self):
        return (f"Exercise {self.call}\n{self.__doc__}\n"
                f"Check yours: mb.check.{self.name}(your_function)   Stuck? mb.check.{self.name}.hint()")

    def _misused(self, function):
        if not callable(function):
            return (f"what came is of type {type(function).__name__}, not a function. Pass the function itself, without "
                    f"calling it: mb.check.{self.name}({self.name})")
        try:
            inspect.signature(function).bind(*self.inputs[0])
        except TypeError:
            return f"it will be called as {self.call}, but your function takes {inspect.signature(function)}"
        except ValueError:
            pass  # a function written in C may not tell what it takes
        return None

    def _try(self, function, given):
        """(what the function did, what was expected, what is wrong or None)"""
        tried, expected = attempt(function, given), np.asarray(self.reference(**given))
        return tried, expected, judge(tried, expected, self.rtol, self.atol)

    def _explained(self, tried):
        """What to tell: (Finding, the input to show it with, how many rows that needs at least)."""
        first, *_ = wrong = [(found, each.given) for each, _, found in tried if found]
        several = [(found, given) for found, given in wrong if self._count(given) > 1]
        told = next((words for function, words in self.mistakes if self._is_like(function, tried)), None)
        if told:
            return replace(first[0], advice=told), first[1], 1
        if first[0].kind == "shape":  # one sample hides what goes wrong between samples
            found, given = next((pair for pair in several if pair[0].kind in ("shape", "error")), first)
            return found, given, self._count(given)
        if first[0].kind == "values":
            sized = [(each.value, expected, self._count(each.given)) for each, expected, found in tried
                     if found is None or found.kind == "values"]
            slip = pattern(sized, self.rtol, self.atol) if len(sized) > 1 else None
            if slip and slip.kind == "factor n":
                return replace(slip, kind="values"), several[0][1], 2
            return slip or first[0], first[1], 1
        return *first, 1

    def _is_like(self, wrong, tried):
        """Does a known wrong function do on every input what the learner's did?"""
        return all(_alike(each, attempt(wrong, each.given), self.rtol, self.atol) for each, _, _ in tried)

    def _count(self, given):
        return len(given[self.rows[0]])

    def _smallest(self, function, given, kind, least):
        """The attempt with as few rows, but at least `least`, as still show this kind of fault; and what was expected."""
        n = self._count(given)
        for size in range(least, n):
            for start in range(n - size + 1):
                fewer = {name: v[start:start + size] if name in self.rows else v for name, v in given.items()}
                *shown_by, found = self._try(function, fewer)
                if found and found.kind == kind:
                    return shown_by
        return self._try(function, given)[:2]

    def _not_yet(self, found, tried=None, expected=None):
        lines = [_wrapped(f"Not yet: {found.headline}."), _wrapped(found.advice)]
        if tried:
            for i, (name, v) in enumerate(tried.given.items()):
                whole = "  (whole numbers)" if np.ndim(v) and v.dtype.kind == "i" else ""
                lines.append(_labelled("" if i else "for", f"{name} = ", shown(v) + whole))
        if tried and found.kind != "overwrote":
            got = np.asarray(tried.value) if is_numbers(tried.value) else expected
            # more digits only where the first six do not tell the two apart
            digits = next((d for d in (6, 12) if shown(got, d) != shown(expected, d)), 17 if found.kind == "values" else 6)
            lines.append(_labelled("expected", "", shown(expected, digits)))
            if tried.error is None and is_numbers(tried.value):
                lines.append(_labelled("you gave", "", shown(got, digits)))
            if tried.printed.strip() and found.kind != "printed":
                lines.append(_labelled("printed", "", tried.printed.strip()))
        lines.append(f"For a hint: mb.check.{self.name}.hint()")
        return Mark(False, "\n".join(line for line in lines if line))


def exercise(**record):
    """Decorates a reference solution: the Exercise with its name, arguments and docstring."""
    return lambda reference: Exercise(reference, **record)


def _alike(one, other, rtol, atol):
    """Did two attempts end alike: the same error, or the same numbers, infinities and warnings included?"""
    if one.error or other.error:
        return type(one.error) is type(other.error)
    if not is_numbers(one.value) or np.shape(one.value) != np.shape(other.value) or bool(one.warned) != bool(other.warned):
        return False
    a, b = np.asarray(one.value), np.asarray(other.value)
    both = np.isfinite(a) & np.isfinite(b)
    return bool((np.isfinite(a) == np.isfinite(b)).all() and close(a[both], b[both], rtol, atol).all())


def _wrapped(text):
    """Lines that fit, with no shape such as (4, 4) torn apart."""
    held = _TUPLE.sub(lambda m: m[0].replace(" ", "\0"), text)
    return textwrap.fill(held, _WIDTH, break_long_words=False, break_on_hyphens=False).replace("\0", " ")


def _labelled(label, name, text):
    start = f"  {label:8}  {name}"
    return start + text.replace("\n", "\n" + " " * len(start))
