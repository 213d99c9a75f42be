"""Exercises of the chapter on activation functions."""

import numpy as np

from .exercise import exercise

_INPUTS = [
    {"z": [2.0]}, {"z": [-1.0]}, {"z": [0.0]}, {"z": [-3.0, -0.5, 0.5, 3.0]}, {"z": [-2, 3]},
    {"z": [[1.0, -2.0, 0.0], [-4.0, 5.0, 6.0]]}, {"z": [40.0]}, {"z": [-40.0]}, {"z": [1000.0]}, {"z": [-1000.0]}]


@exercise(
    inputs=_INPUTS,
    why="the slope of ReLU is 1 where z > 0 and 0 where z < 0; at the kink, where there is none, your function takes 0 as "
        "every framework does; and it works entry by entry for an array of any shape.",
    hints=[
        "ReLU is z where z is positive and 0 elsewhere. What is the slope of each of the two pieces?",
        "There are only two answers, 0 and 1, and the sign of z decides. What should the answer at z = 0 be?",
        "np.where(condition, a, b) takes a where the condition holds and b elsewhere, entry by entry."],
    mistakes=[
        (lambda z: np.where(z >= 0, 1.0, 0.0),
         "At z = 0 there is no slope, and software takes 0; so does this book. Compare with > instead of >=."),
        (lambda z: np.maximum(z, 0),
         "This is ReLU itself. Its slope says how fast it rises, and does not depend on how large z is."),
        (np.sign,
         "On the left ReLU is flat, not falling: the slope there is 0."),
        (lambda z: z / np.abs(z),
         "On the left ReLU is flat, not falling; and at z = 0 this divides 0 by 0."),
        (lambda z: np.maximum(z, 0) / z,
         "The quotient relu(z) / z divides 0 by 0 at z = 0. Ask for the sign of z instead.")])
def relu_derivative(z):
    """The slope of ReLU at every entry of z, an array of any shape; at the kink 0."""
    return np.where(z > 0, 1.0, 0.0)


@exercise(
    inputs=_INPUTS, atol=0.0,
    why="ln(1 + e^z) = max(z, 0) + ln(1 + e^-|z|), in which no exponential exceeds 1; and the tiny values far to the left "
        "survive, where 1 + e^z rounds to 1.",
    hints=[
        "Which number does e^z become at z = 1000? Take the formula apart so that only e^-|z| is left.",
        "For z > 0 pull e^z out of the logarithm: ln(1 + e^z) = z + ln(1 + e^-z). For z <= 0 leave it as it is. "
        "Can both be written as one formula?",
        "It is relu(z) plus something in |z|. And at z = -40, where the result is about 4e-18, ln(1 + t) needs np.log1p(t)."],
    mistakes=[
        (lambda z: np.log(1 + np.exp(z)),
         "This is the textbook formula. At z = -40 the sum 1 + e^z rounds to 1, and its logarithm is 0; and e^1000 is too "
         "large for a float and becomes infinity. Keep every exponential at most 1."),
        (lambda z: np.log1p(np.exp(z)),
         "The left side is right. On the right e^1000 is too large for a float and becomes infinity."),
        (lambda z: np.maximum(z, 0) + np.log(1 + np.exp(-np.abs(z))),
         "Nothing overflows any more. But at z = -40 the sum 1 + e^-40 rounds to 1, and its logarithm is 0. np.log1p(t) "
         "is ln(1 + t), accurate for tiny t."),
        (lambda z: np.maximum(z, 0),
         "This is ReLU. Softplus rounds its corner off: at z = 0 it is ln 2."),
        (lambda z: np.log1p(np.exp(-np.abs(z))),
         "This is the same for z and -z. What should softplus do for large z?")])
def softplus(z):
    """ln(1 + e^z) at every entry of z, right and without a warning from -1000 to 1000."""
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


@exercise(
    inputs=_INPUTS, atol=0.0,
    why="the slope of softplus is the sigmoid; and from -1000 to 1000 nothing overflows and no digit is lost.",
    hints=[
        "Differentiate ln(1 + e^z) by the chain rule. You have met the result under another name.",
        "1/(1 + e^-z) and e^z/(1 + e^z) are equal. Each is safe on one side of 0. Which one where?",
        "Compute e = np.exp(-np.abs(z)) first. Both formulas have the denominator 1 + e; np.where chooses the numerator."],
    mistakes=[
        (lambda z: 1 / (1 + np.exp(-z)),
         "The formula is right, and so are its values here; but at z = -1000 it computes e^1000, which overflows to "
         "infinity on the way."),
        (lambda z: np.exp(z) / (1 + np.exp(z)),
         "At z = 1000 this is infinity divided by infinity. Multiply numerator and denominator by e^-z: where is that better?"),
        (lambda z: np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z))),
         "The idea is right. But np.where computes both formulas for every entry, and each overflows on its bad side. "
         "Use e^-|z| in both."),
        (lambda z: np.where(z > 0, 1.0, 0.0),
         "This is the slope of ReLU. The slope of softplus glides from 0 to 1 instead of jumping."),
        (lambda z: 1 / (1 + np.exp(z)),
         "This falls where the slope should rise: look at the sign of the exponent.")])
def softplus_slope(z):
    """The derivative of softplus at every entry of z, right and without a warning from -1000 to 1000."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)
