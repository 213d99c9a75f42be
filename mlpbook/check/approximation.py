"""Exercises of the chapter on universal approximation: the weights of hinges, and what a staircase answers."""

import numpy as np

from .exercise import exercise

_TABLE = {"t": [0.0, 2.0, 4.0, 6.0], "y": [1.0, 2.0, 4.0, 3.0]}  # the chapter's tide table


def _stairs(x, jumps, levels, first=1.0, passed=np.greater_equal):
    return first * levels[0] + passed(x[:, None], jumps) @ np.diff(levels)


@exercise(
    inputs=[
        {"t": [0.0, 1.0], "y": [0.0, 2.0]}, {"t": [0.0, 1.0, 2.0], "y": [5.0, 6.0, 6.0]}, _TABLE,
        {"t": [0, 1, 3], "y": [0, 2, 1]}, {"t": [-1.0, -0.5, 0.25, 2.0, 2.5], "y": [0.5, 0.5, -1.0, 3.0, 3.5]}],
    rows=["t", "y"],
    why="a hinge that has bent the line stays on for good, so each weight is the change from the slope before its knot to the "
        "slope behind it; before the first knot the slope is 0.",
    hints=[
        "What is the slope of the line on each of the n pieces? One quotient of two differences for each.",
        "Behind a knot all earlier hinges are still on, and their weights add up to the slope of the piece before. What must "
        "the new hinge add?",
        "np.diff of the n slopes has only n - 1 entries. np.diff(..., prepend=...) puts a number in front first: which slope "
        "is there before the first knot?"],
    mistakes=[
        (lambda t, y: np.diff(y) / np.diff(t),
         "These are the slopes of the pieces. The hinges that are on already stay on, so a weight must only add what changes."),
        (lambda t, y: np.diff(np.diff(y) / np.diff(t)),
         "The first hinge is missing: it takes the slope from 0 to that of the first piece."),
        (lambda t, y: np.diff(np.diff(y), prepend=0),
         "These are changes of the rise from knot to knot. A slope is the rise divided by the width of the piece."),
        (lambda t, y: np.diff(np.diff(y) / np.diff(t), append=0),
         "The 0 stands at the wrong end: the line is level before the first knot, not behind the last."),
        (lambda t, y: np.diff(np.diff(y) / np.diff(t), prepend=y[0]),
         "The first change is counted from y[0]. That is a height, the output's bias; the slope before the first knot is 0."),
        (lambda t, y: np.diff(y),
         "These are the rises. Divide by the widths to get slopes, then ask how the slope changes.")])
def bends(t, y):
    """The weights, shape (n,), of hinges relu(x - t_0), ..., relu(x - t_{n-1}) that with the bias y_0 join the points (t, y)
    by straight lines; t increases, and t and y have shape (n + 1,)."""
    slopes = np.diff(y) / np.diff(t)
    return np.diff(slopes, prepend=0)


@exercise(
    inputs=[
        {"x": [0.5], "jumps": [0.0], "levels": [0.0, 1.0]}, {"x": [-0.5], "jumps": [0.0], "levels": [2.0, 1.0]},
        {"x": [0.5], "jumps": [0.0], "levels": [2.0, 1.0]}, {"x": [1.0], "jumps": [1.0, 2.0], "levels": [0.0, 2.0, 1.0]},
        {"x": [0.0, 1.5, 2.5, 9.0], "jumps": [1.0, 2.0], "levels": [3.0, 2.0, 4.0]},
        {"x": [2, 0, 1], "jumps": [1, 2], "levels": [1, 0, 5]},
        {"x": [0.25, -3.0], "jumps": [-2.0, -1.0, 0.25, 0.5], "levels": [1.5, -1.0, 0.5, 0.5, 2.0]}],
    rows=["x"],
    why="the answer starts at the first level, and each step that x has reached adds the change to its own level.",
    hints=[
        "Compare every x with every jump at once: x[:, None] against jumps gives a table of shape (m, n) of True and False.",
        "To the left of all jumps the answer is the first level. Behind the first jump it should be the second: what does the "
        "step have to add?",
        "The table times np.diff(levels) sums, for each x, the changes of the steps it has reached. Two things are left: "
        "where to start, and what a step is at the jump itself."],
    mistakes=[
        (lambda x, jumps, levels: (x[:, None] > jumps) @ levels[1:],
         "Every step that was passed adds its whole level here. It should add only the change from the level before."),
        (lambda x, jumps, levels: (x[:, None] >= jumps) @ levels[1:],
         "Each step adds its whole level, on top of those before it. It should add only the change."),
        (lambda x, jumps, levels: levels[0] + (x[:, None] >= jumps) @ levels[1:],
         "Each step adds its whole level, on top of those before it. It should add only the change."),
        (lambda x, jumps, levels: _stairs(x, jumps, levels, first=0.0),
         "The first level is missing: to the left of all jumps the answer is levels[0]."),
        (lambda x, jumps, levels: _stairs(x, jumps, levels, passed=np.greater),
         "At a jump itself the step is 1 already, so the new level begins there."),
        (lambda x, jumps, levels: levels[-1] + (x[:, None] >= jumps) @ np.diff(levels),
         "The changes are added to the last level. They lead there from the first one."),
        (lambda x, jumps, levels: _stairs(x, jumps, levels, passed=np.less_equal),
         "The comparison is the wrong way round: a step counts for the x to its right.")])
def staircase_output(x, jumps, levels):
    """The answers, shape (m,), of a staircase of exact steps for the entries of x, shape (m,): levels[0] before the first of
    the increasing jumps, shape (n,), and levels[k] from the k-th jump on; levels has shape (n + 1,)."""
    return levels[0] + (x[:, None] >= jumps) @ np.diff(levels)
