"""One call of a learner's function: what came back, and all that happened on the way.

Nothing a learner writes may end the marking, so this is the one place where every exception is caught. It is kept,
with the line it came from, to be explained.
"""

import contextlib
import copy
import io
import traceback
import warnings
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Attempt:
    """What function(*given.values()) did. `given` names the arguments as they were before the call.

    value: what it returned; error: what it raised instead, and where; printed: what it wrote;
    warned: NumPy's warnings of overflow, division by zero and the like; changed: {name: the value afterwards} of
    the arguments that it overwrote.
    """

    given: dict
    value: object = None
    error: BaseException | None = None
    where: str = ""
    printed: str = ""
    warned: tuple = ()
    changed: dict | None = None


def attempt(function, given):
    """Calls the function with copies of the arguments in `given`, {name: array or number}; an Attempt."""
    own = copy.deepcopy(given)
    value = error = None
    printed = io.StringIO()
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"), \
            contextlib.redirect_stdout(printed):
        warnings.simplefilter("always")
        try:
            value = function(*own.values())
        except (Exception, SystemExit) as raised:  # the learner's function may fail in any way at all
            error = raised
    return Attempt(
        given, value, error, _line(function, error), printed.getvalue(),
        tuple(dict.fromkeys(str(w.message) for w in caught if issubclass(w.category, RuntimeWarning))),
        {name: own[name] for name in given if not np.array_equal(own[name], given[name])})


def _line(function, error):
    """'line 2, "return 1 / z"': the last line of the function itself that the error passed through."""
    code = getattr(function, "__code__", None)
    if error is None or code is None or code.co_name == "<lambda>":
        return ""
    lines = [(f.lineno - code.co_firstlineno + 1, f.line) for f in traceback.extract_tb(error.__traceback__)
             if (f.filename, f.name) == (code.co_filename, code.co_name) and f.line]
    return f'line {lines[-1][0]}, "{lines[-1][1]}"' if lines else ""
