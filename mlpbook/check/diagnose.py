"""From a wrong answer to words: what kind of wrong it is, and what that usually means.

`judge` looks at one attempt and stops at the first thing that is amiss, from the crudest (it raised an error) to the
finest (right, but NumPy warned). `pattern` looks at all the values together: the same slip shows in every one.
"""

import re
from dataclasses import dataclass

import numpy as np

# What NumPy's commonest complaints mean, by words in the message.
_MEANING = {
    "truth value of an array":
        "An if needs one True or False, and an array holds many. np.where chooses for each entry.",
    "converted to Python scalar|length-1 array|0-dimensional array":
        "Functions of the math module and float() take one number; NumPy's namesakes (np.exp for math.exp) take arrays.",
    "not aligned|matmul|broadcast":
        "Two arrays do not fit together. Write down the shape of every step.",
    "Cannot cast ufunc":
        "An operation in place (+=, *=) must fit its result into the same array, and whole numbers hold no fractions.",
}


@dataclass(frozen=True)
class Finding:
    """kind: what is wrong, in a word that does not depend on the input; headline and advice: what the learner reads."""

    kind: str
    headline: str
    advice: str = ""


def judge(tried, expected, rtol, atol):
    """The first thing that is wrong with an Attempt, as a Finding; None where its value is `expected`."""
    return (_failed(tried) or _overwrote(tried) or _returned_nothing(tried) or _no_numbers(tried) or _shape(tried, expected)
            or _infinite(tried) or _values(tried, expected, rtol, atol) or _warned(tried))


def _failed(tried):
    if tried.error is None:
        return None
    message = str(tried.error)
    advice = [f"It happened in {tried.where}."] if tried.where else []
    for signs, words in _MEANING.items():
        if re.search(signs, message):
            advice.append(words)
            if "shape" in words:
                advice.append(f"The inputs had shapes {', '.join(f'{name} {np.shape(v)}' for name, v in tried.given.items())}.")
    return Finding("error", f"your function stopped with {type(tried.error).__name__}: {message.rstrip('.')}", " ".join(advice))


def _overwrote(tried):
    if not tried.changed:
        return None
    name = next(iter(tried.changed))
    return Finding("overwrote", f"your function overwrites its input {name}",
                   f"After the call {name} holds {shown(tried.changed[name])}, and whoever passed it has lost their data. "
                   "Make a new array (np.where, or .copy() first).")


def _returned_nothing(tried):
    if tried.value is ...:
        return Finding("dots", "the three dots are still there", "Put your code in their place.")
    if tried.value is not None:
        return None
    printed = tried.printed.strip()
    if printed:
        return Finding("printed", "your function prints its result instead of returning it",
                       f"It printed {printed.splitlines()[0]!r} and returned None. Write return, not print.")
    return Finding("none", "your function returns None", "Is the return statement missing, or inside an if?")


def _no_numbers(tried):
    value = tried.value
    if isinstance(value, (list, tuple)):
        return Finding("list", f"your function returns a Python {type(value).__name__}, not an array",
                       "With a list, 2 * result would be the list twice over. Compute with the whole array at once, "
                       "without a loop.")
    if is_numbers(value):
        return None
    if not isinstance(value, (np.ndarray, np.generic, bool)):
        return Finding("kind", f"your function returns something of type {type(value).__name__}, not a NumPy array")
    dtype = np.asarray(value).dtype
    if dtype.kind == "b":
        return Finding("dtype", "your function returns True and False, not numbers",
                       "NumPy will not subtract them: make them 1.0 and 0.0, with np.where or .astype(float).")
    return Finding("dtype", f"your function returns an array of dtype {dtype}", "Real numbers are expected, dtype float64.")


def _shape(tried, expected):
    got, want = np.shape(tried.value), expected.shape
    if got == want:
        return None
    advice = ""
    if not want:
        advice = "One number is wanted: [()] or .item() takes it out of an array of one entry."
    elif got in ((*want, 1), (1, *want)):
        n = want[0]
        advice = (f"It is a table with one {'column' if got[-1] == 1 else 'row'}, not a vector. Take it and a vector of shape "
                  f"{want} together, and NumPy broadcasts: y_hat - y may become a table of shape {(n, n)}, without a word.")
    elif not got:
        advice = "It is a single number. Was something summed or averaged over one axis too many?"
    elif got[::-1] == want:
        advice = "Rows and columns are exchanged."
    elif len(got) > len(want):
        advice = ("There is an axis too many. Either a sum over it is missing (@ adds up, * does not), or a column met a row "
                  "and NumPy broadcast them to a table of all pairs.")
    return Finding("shape", f"the shape is {got}, expected is {want}", advice)


def _infinite(tried):
    got = np.asarray(tried.value)
    if np.isfinite(got).all():
        return None
    word = "nan (not a number)" if np.isnan(got).any() else "infinite"
    warned = f"On the way NumPy warned: {'; '.join(tried.warned)}. " if tried.warned else ""
    return Finding("infinite", f"the result is {word}", f"{warned}Which step gets too large, or divides by 0?")


def _values(tried, expected, rtol, atol):
    got = np.asarray(tried.value)
    right = close(got, expected, rtol, atol)
    if right.all():
        return None
    if (right | ((got == 0) & (np.abs(expected) < 1e-9))).all():
        return Finding("lost", "a small value has been rounded away to 0",
                       "A difference of nearly equal numbers, or 1 plus something tiny, keeps nothing of the tiny part. "
                       "Rearrange the formula.")
    single = got.dtype.kind == "f" and got.dtype.itemsize < expected.dtype.itemsize
    if single and close(got, expected, 1e-2, atol).all():
        return Finding("precision", f"the precision is that of {got.dtype}", f"Keep to {expected.dtype}.")
    if close(got, expected, 1e-4, atol).all():
        return Finding("values", "the values are nearly right",
                       "They agree to four digits and no further. A formula is asked for, not an approximation.")
    whole = got.dtype.kind in "iu" and (expected != np.round(expected)).any()
    return Finding("values", "the value is wrong" if right.size == 1 else f"{np.sum(~right)} of {right.size} values are wrong",
                   "Your result holds whole numbers only. Was it stored in an array of whole numbers, such as np.zeros_like "
                   "makes from whole numbers?" if whole else "")


def _warned(tried):
    if not tried.warned:
        return None
    return Finding("warned", "the values are right, but not without a warning",
                   f"NumPy warned: {'; '.join(tried.warned)}. (np.where computes both its branches for every entry, and "
                   "warns of both.)")


def pattern(results, rtol, atol):
    """The slip that shows in all of results, [(got, expected, n), ...], as a Finding; None where there is none."""
    got, expected = (np.concatenate([np.ravel(r[i]) for r in results]) for i in (0, 1))
    n = np.concatenate([np.full(np.size(r[1]), r[2]) for r in results])
    there = expected != 0

    def same(other):
        return close(got, other, rtol, atol).all()

    if not there.any():
        return None
    if same(-expected):
        return Finding("values", "the sign is wrong", "Every value has the right size and the opposite sign.")
    for factor, size, advice in [(n, "large", "Is it a sum over the n samples where a mean is asked for?"),
                                 (1 / n, "small", "Is it divided by n, the number of samples, once too often?")]:
        for sign, and_sign in [(1, ""), (-1, ", and of the wrong sign")]:
            if n.max() > 1 and same(sign * factor * expected):
                return Finding("factor n", f"it is n times too {size}{and_sign}", advice)
    ratio, shift = got[there][0] / expected[there][0], got[0] - expected[0]
    if there.sum() > 2 and abs(ratio - 1) > 0.01 and same(ratio * expected):
        return Finding("values", f"every value is {ratio:.4g} times what it should be",
                       "A constant factor is missing, or there is one too many.")
    if len(set(np.round(expected, 6))) > 1 and abs(shift) > 1e-4 and same(expected + shift):
        return Finding("values", f"every value is {abs(shift):.4g} too {'large' if shift > 0 else 'small'}",
                       "A constant term is missing, or there is one too many.")
    return None


def close(got, expected, rtol, atol):
    """Entry by entry: is got equal to expected, up to rounding? (Never at NaN or infinity.)"""
    with np.errstate(invalid="ignore"):
        return np.isfinite(got) & (np.abs(got - expected) <= rtol * np.abs(expected) + atol)


def is_numbers(value):
    """Is it a real number or an array of them? (True and False are not numbers here.)"""
    return isinstance(value, (np.ndarray, np.generic, int, float)) and np.asarray(value).dtype.kind in "fiu"


def shown(value, digits=6):
    """A number or an array as short text, alike in every version of NumPy."""
    if np.ndim(value) == 0:
        return f"{value + 0.0:.{digits}g}"
    return np.array2string(np.asarray(value), threshold=12, edgeitems=3, separator=", ",
                           formatter={"float_kind": lambda v: f"{v + 0.0:.{digits}g}"})
