"""Still figures, in the book's one hand. A function here returns a Figure; make it the last line of a cell.

`figure()` gives an empty one to draw on. It is a plain Matplotlib figure that shows itself as SVG, keeps no
global state and changes no setting of yours.
"""

import io

import matplotlib
import matplotlib.figure
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG

from . import activations, theme, validate


class Figure(matplotlib.figure.Figure):
    """A Matplotlib figure in the book's style; `savefig` writes any format Matplotlib knows."""

    def savefig(self, *args, **kwargs):
        with matplotlib.rc_context(theme.MATPLOTLIB):
            super().savefig(*args, **kwargs)

    def _repr_mimebundle_(self, include=None, exclude=None):
        svg = io.StringIO()
        self.savefig(svg, format="svg", metadata={"Date": None})
        titles = [ax.get_title(loc="left") or ax.get_ylabel() for ax in self.axes]
        return {"image/svg+xml": svg.getvalue(), "text/plain": f"<figure: {', '.join(filter(None, titles)) or 'untitled'}>"}


def figure(columns=1, rows=1, size=None, **subplots):
    """(Figure, axes): an empty figure, 5.4 inches wide unless `size` says otherwise;
    on a phone anything wider shrinks its words too far.

    columns, rows: panels; `subplots` goes to Matplotlib's `Figure.subplots` (sharey=True, width_ratios=...).
    """
    columns, rows = validate.integer("columns", columns, 1), validate.integer("rows", rows, 1)
    with matplotlib.rc_context(theme.MATPLOTLIB):
        fig = Figure(figsize=size or (5.4, 3.0 * rows))
        FigureCanvasSVG(fig)
        return fig, fig.subplots(rows, columns, **subplots)


def activation(*functions, span=(-5, 5)):
    """A panel for each activation: the function as a solid line, its derivative dashed, both labelled on the line.

    functions: names or Activations; span: the interval of z. ValueError: an unknown name, none at all, a bad span.
    """
    functions = [activations.get(f) for f in functions]
    if not functions:
        raise ValueError(f"name at least one activation, for example activation('tanh'); there are "
                         f"{', '.join(activations.ACTIVATIONS)}")
    low, high = validate.array("span", span, ndim=1, columns=2)
    if not low < high:
        raise ValueError(f"span must be (low, high) with low < high, got {tuple(span)}")
    columns = min(len(functions), 3)
    rows = -(-len(functions) // columns)
    height = 3.0 if columns == 1 else 2.2
    fig, axes = figure(columns, rows, size=(5.0 if columns == 1 else 5.6, height * rows), squeeze=False, sharex=True)
    with matplotlib.rc_context(theme.MATPLOTLIB):
        for ax, f in zip(axes.flat, functions, strict=False):  # the last row may have room left
            _draw(ax, f, np.linspace(low, high, 801))
        for ax in axes.flat[len(functions):]:
            ax.set_visible(False)
        for ax in axes.flat[max(0, len(functions) - columns):len(functions)]:  # the lowest panel of each column
            ax.set_xlabel("z")
            ax.tick_params(labelbottom=True)
    return fig


def _draw(ax, f, z):
    value = _with_gaps(f, z, 0.5)
    slope = _with_gaps(f.derivative, z, 0.2)
    ax.axhline(0, color=theme.colour("muted"), linewidth=0.8)
    ax.plot(z, value, color=theme.colour("blue"))
    ax.plot(z, slope, color=theme.colour("orange"), linestyle=(0, (4, 2)))
    alpha = "" if f.alpha is None else f" (α = {f.alpha:g})"
    ax.set_title(f.name.replace("_", " ") + alpha)
    top = min(float(np.nanmax(np.maximum(value, slope))), 3.0)
    bottom = max(float(np.nanmin(np.minimum(value, slope))), -3.0)
    ax.set_ylim(bottom - 0.15 * (top - bottom) - 0.05, top + 0.25 * (top - bottom))
    at = int(0.9 * len(z)) if value[int(0.9 * len(z))] <= top else int(np.argmin(np.abs(value - 0.8 * top)))
    ax.annotate("φ", (z[at], value[at]), xytext=(-4, 4), textcoords="offset points", ha="right", color=theme.colour("blue"))
    right = int(0.97 * len(z))
    ax.annotate("φ′", (z[right], slope[right]), xytext=(0, 5), textcoords="offset points", ha="right",
                color=theme.colour("orange"))


def _with_gaps(f, z, least):
    """f(z), nan behind each jump of more than `least`: a jump is a gap in the curve, not a vertical stroke."""
    value, (low, high) = f(z), (z[:-1], z[1:])
    for _ in range(60):  # a jump is what remains of a rise when the interval shrinks to nothing
        middle = (low + high) / 2
        left = np.abs(f(middle) - f(low)) > np.abs(f(high) - f(middle))
        low, high = np.where(left, low, middle), np.where(left, middle, high)
    value[1:][np.abs(f(high) - f(low)) > least] = np.nan
    return value
