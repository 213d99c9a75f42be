"""Networks as pictures: circles for numbers, lines for weights."""

from html import escape
from itertools import pairwise

import numpy as np

from . import theme, validate
from .mlp import MLP, is_one

_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Diagram:
    """An SVG picture that a notebook shows; `svg` is its text, `alt` says in words what is drawn."""

    def __init__(self, svg, alt):
        self.svg, self.alt = svg, alt

    def _repr_svg_(self):
        return self.svg

    def __repr__(self):
        return f"<diagram: {self.alt}>"


def network(model, values=None, most=8):
    """The network as columns of circles, from inputs (left) to outputs (right).

    model: sizes such as [2, 3, 1], or an `MLP`, whose weights then set the width of each line (thick: far from 0)
    and its colour and dash (blue solid: positive, orange dashed: negative), printed on the lines while they are few.
    values: one list of numbers for each layer, to print in the circles. most: a wider layer is drawn as its first
    and last units with dots between. ValueError: bad sizes, an ensemble, or values that do not fit the sizes.
    """
    if isinstance(model, MLP) and not is_one(model):
        raise ValueError(f"model must be sizes or one MLP, for example ensemble.member(0); got {model!r}")
    mlp = model if isinstance(model, MLP) else MLP(model)  # an MLP checks the sizes
    weights = [layer.W for layer in mlp.linear_layers] if model is mlp else None
    sizes, most = mlp.sizes, validate.integer("most", most, 2)
    if values is not None:
        values = _checked_values(values, sizes)
    rows = max(min(size, most + 1) for size in sizes)
    gap = min(150, max(90, 324 // (len(sizes) - 1)))  # four columns still fit a phone with words that can be read
    width, height = gap * (len(sizes) - 1) + 110, 58 * rows + 34
    columns = [_column(size, most, 55 + gap * i, (height - 34) / 2) for i, size in enumerate(sizes)]
    parts = [f'<rect width="{width}" height="{height}" fill="{theme.variable("paper")}"/>']
    for i, (left, right) in enumerate(pairwise(columns)):
        scale = abs(weights[i]).max() or 1 if weights else 1
        few = weights is not None and len(left) * len(right) <= 6
        for j, start in left.items():
            for k, end in right.items():
                parts.append(_edge(start, end, weights[i][j, k] if weights else None, scale, few, j + k))
    last = len(sizes) - 1
    for i, column in enumerate(columns):
        for j, (x, y) in column.items():
            text = _number(values[i][j]) if values is not None else _symbol(i, j, last, sizes[-1])
            parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="18" fill="{theme.variable("panel")}" '
                         f'stroke="{theme.variable("ink")}" stroke-width="1.3"/>' + _text(x, y + 4.5, text))
        if len(column) < sizes[i]:
            x, y = column[sizes[i] - 1]
            parts.append(_text(x, y - 42, "⋮", size=20))
        role = "input" if i == 0 else "output" if i == last else f"hidden {i}" if last > 2 else "hidden"
        parts.append(_text(column[0][0], height - 8, f"{role} ({sizes[i]})", size=12, colour="muted"))
    alt = f"Network {' to '.join(map(str, sizes))}: every unit is joined to all units of the next layer."
    return Diagram(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
                   f'font-family="system-ui, sans-serif" role="img" aria-label="{escape(alt)}">{"".join(parts)}</svg>', alt)


def _checked_values(values, sizes):
    if not isinstance(values, (list, tuple)) or not all(isinstance(v, (list, tuple, np.ndarray)) for v in values):
        raise ValueError(f"values must be a list of lists of numbers, one for each layer; got {validate.shown(values)}")
    found = [validate.array(f"values[{i}]", v, ndim=1) for i, v in enumerate(values)]
    if [len(v) for v in found] != sizes:
        raise ValueError(f"values must hold {sizes} numbers, layer by layer, got {[len(v) for v in found]}")
    return found


def _column(size, most, x, middle):
    """{unit: (x, y)} of the units that are drawn; one place is left free for the dots."""
    shown = list(range(size)) if size <= most else [*range(most - 1), size - 1]
    places = range(len(shown)) if size <= most else [*range(most - 1), most]
    top = middle - 29 * max(places)
    return {unit: (x, top + 58 * place) for unit, place in zip(shown, places, strict=True)}


def _edge(start, end, weight, scale, label, shift):
    (x1, y1), (x2, y2) = (start[0] + 18, start[1]), (end[0] - 18, end[1])
    name = "muted" if weight is None else "blue" if weight >= 0 else "orange"
    thickness = 1 if weight is None else 0.6 + 3 * abs(weight) / scale
    dash = ' stroke-dasharray="5 3"' if weight is not None and weight < 0 else ""
    line = (f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{theme.variable(name)}" '
            f'stroke-width="{thickness:.2f}"{dash}/>')
    if label:
        t = 0.3 if shift % 2 else 0.62  # neighbouring labels stand at different places along their lines
        line += _text(x1 + t * (x2 - x1), y1 + t * (y2 - y1) - 5, _number(weight), size=12, colour=name)
    return line


def _symbol(layer, unit, last, outputs):
    letter = "x" if layer == 0 else "ŷ" if layer == last else "h"
    return letter if layer == last and outputs == 1 else letter + str(unit + 1).translate(_SUBSCRIPT)


def _number(value):
    return f"{value:.2g}".replace("-", "−")


def _text(x, y, text, size=13, colour="ink"):
    return (f'<text x="{x:g}" y="{y:g}" font-size="{size}" text-anchor="middle" '
            f'fill="{theme.variable(colour)}" paint-order="stroke" stroke="{theme.variable("paper")}" '
            f'stroke-width="{0 if size == 13 else 4}" stroke-linejoin="round">{escape(text)}</text>')
