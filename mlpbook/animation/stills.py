"""A plotly figure's frames as Matplotlib pictures, in the book's look: what a GIF or a video is made of.

Only what the figures of this package are made of is understood: points, lines, heatmaps.
"""

import base64
import re

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.markers import MarkerStyle

from .. import theme

WIDTH, DPI = 700, 96  # pixels, as plotly has them
SYMBOLS = {"circle": "o", "diamond": "D", "square": "s", "triangle-up": "^", "x": "X", "star": "*"}
DASHES = {"solid": "-", "dash": (0, (5, 3)), "dot": (0, (1, 2)), "dashdot": (0, (6, 2, 1, 2))}


class Stills:
    """`figure` is the Matplotlib figure, `turn(k)` makes it show frame k. ValueError: a trace of a kind not understood."""

    def __init__(self, film):
        self.frames, self.layout = film.frames, film.layout.to_plotly_json()
        self.traces = [_plain(trace.to_plotly_json()) for trace in film.data]
        for trace in self.traces:
            if trace.get("type", "scatter") not in ("scatter", "heatmap"):
                raise ValueError(f"a picture of a {trace['type']} trace cannot be drawn; save the figure as .html")
        height, margin = self.layout.get("height", 450), self.layout.get("margin", {})
        controls = (self.layout.get("meta") or {}).get("controls", 0)
        left, right, top, bottom = (margin.get(side, 60) for side in "lrtb")
        height, bottom = height - controls, bottom - controls
        left, right = left + 10, right + 60 * any(t["type"] == "heatmap" and t.get("showscale", True) for t in self.traces)
        self.place = (left / WIDTH, bottom / height, 1 - (left + right) / WIDTH, 1 - (top + bottom) / height)
        with matplotlib.rc_context(theme.MATPLOTLIB | {"figure.constrained_layout.use": False}):
            self.figure = Figure(figsize=(WIDTH / DPI, height / DPI), dpi=DPI)
            FigureCanvasAgg(self.figure)
            self.axes = {}
            self.artists = [self._artist(trace) for trace in self.traces]
            for note in self.layout.get("annotations", []):
                self.figure.text(*self._at(note["x"], note["y"]), re.sub("<[^>]*>", "", note["text"]), va="bottom")
            self._legends()
            self.readout = self.figure.text(1 - 12 / WIDTH, 1 - 8 / height, "", ha="right", va="top",
                                            color=theme.colour("muted"))

    def turn(self, k):
        frame = self.frames[k]
        for i, change in zip(frame.traces, frame.data, strict=True):
            self._move(self.artists[i], self.traces[i] | _plain(change.to_plotly_json()))
        slider = (self.layout.get("sliders") or [{}])[0].get("currentvalue", {})
        self.readout.set_text(f"{slider.get('prefix', '')}{frame.name}{slider.get('suffix', '')}")

    def _at(self, x, y):
        left, bottom, width, height = self.place
        return left + x * width, bottom + y * height

    def _axes(self, trace):
        """The axes a trace belongs to, made when first asked for."""
        x, y = (self.layout.get(f"{name[0]}axis{name[1:]}", {}) for name in (trace.get("xaxis", "x"), trace.get("yaxis", "y")))
        key = trace.get("xaxis", "x")
        if key not in self.axes:
            (x0, x1), (y0, y1) = x.get("domain", (0, 1)), y.get("domain", (0, 1))
            left, bottom = self._at(x0, y0)
            ax = self.axes[key] = self.figure.add_axes((left, bottom, (x1 - x0) * self.place[2], (y1 - y0) * self.place[3]))
            for name, one in (("x", x), ("y", y)):
                ax.set(**{f"{name}label": one.get("title", {}).get("text", ""), f"{name}scale": one.get("type", "linear")})
                if "range" in one:
                    ends = np.asarray(one["range"], float)
                    ax.set(**{f"{name}lim": 10**ends if one.get("type") == "log" else ends})
            if "scaleanchor" in y:  # one scale for both, as in plotly: whichever has room to spare shows more
                pixels = self.figure.get_size_inches() * DPI * ax.get_position().size
                ends = np.array([ax.get_xlim(), ax.get_ylim()])
                extent = np.diff(ends).ravel()
                more = (extent / pixels).max() * pixels - extent
                ax.set(xlim=ends[0] + [-more[0] / 2, more[0] / 2], ylim=ends[1] + [-more[1] / 2, more[1] / 2])
            ax.grid(x.get("showgrid", True))
        return self.axes[key]

    def _artist(self, trace):
        ax, label = self._axes(trace), trace.get("name") if trace.get("showlegend", True) else None
        if trace.get("type") == "heatmap":
            extent = [end for axis in (trace["x"], trace["y"]) for end in (axis[0], axis[-1])]
            image = ax.imshow(_shades(trace, "z"), origin="lower", extent=extent, aspect="auto", zorder=0,
                              interpolation="bilinear" if trace.get("zsmooth") else "nearest")
            if trace.get("showscale", True):
                bar, scale = ax.inset_axes((1.03, 0, 0.02, 1)), {**trace, "z": np.arange(trace["zmax"] + 1)[:, None]}
                bar.imshow(_shades(scale, "z"), origin="lower", aspect="auto")
                bar.set(xticks=[], yticks=trace["colorbar"]["tickvals"], yticklabels=trace["colorbar"]["ticktext"])
                bar.yaxis.tick_right()
            return image
        x, y = np.asarray(trace["x"], float), np.asarray(trace["y"], float)
        if "lines" in trace.get("mode", "lines"):
            line = trace.get("line", {})
            return ax.plot(x, y, color=line.get("color"), linestyle=DASHES[line.get("dash", "solid")],
                           linewidth=0.75 * line.get("width", 2), label=label)[0]
        marker = trace.get("marker", {})
        symbols = np.atleast_1d(marker.get("symbol", "circle"))
        colours = _shades(marker, "color") if "colorscale" in marker else marker.get("color")
        opened = symbols[0].endswith("-open")
        shapes = [MarkerStyle(SYMBOLS[symbol.removesuffix("-open")]) for symbol in symbols]
        edge = marker.get("line", {})
        dots = ax.scatter(x, y, s=(0.75 * marker.get("size", 6))**2, marker=shapes[0], label=label, zorder=2.5,
                          facecolors="none" if opened else colours, linewidths=0.75 * edge.get("width", 0),
                          edgecolors=colours if opened else edge.get("color", "none"))
        dots.set_paths([shape.get_path().transformed(shape.get_transform()) for shape in shapes])
        return dots

    def _move(self, artist, trace):
        if trace.get("type") == "heatmap":
            artist.set_data(_shades(trace, "z"))
        elif hasattr(artist, "set_offsets"):
            artist.set_offsets(np.column_stack([trace["x"], trace["y"]]))
        else:
            artist.set_data(trace["x"], trace["y"])

    def _legends(self):
        """Each where the layout has it."""
        named = {}
        for trace, artist in zip(self.traces, self.artists, strict=True):
            if artist.get_label() and not artist.get_label().startswith("_"):
                named.setdefault(trace.get("legend", "legend"), []).append(artist)
        for key, artists in named.items():
            place = self.layout.get(key, {})
            self.figure.legend(handles=artists, ncols=min(len(artists), 4), fontsize=9, columnspacing=1.2, handletextpad=0.5,
                               loc=f"lower {place.get('xanchor', 'left')}", borderaxespad=0,
                               bbox_to_anchor=self._at(place.get("x", 0), place.get("y", 1)))


def _plain(described):
    """A figure that was copied, or read from JSON, has its arrays packed; here they are arrays again."""
    if not isinstance(described, dict):
        return described
    if "bdata" in described:
        array = np.frombuffer(base64.b64decode(described["bdata"]), described["dtype"])
        return array.reshape([int(n) for n in described["shape"].split(",")]) if "shape" in described else array
    return {key: _plain(value) for key, value in described.items()}


def _shades(trace, key):
    """The numbers under `key` as RGBA, by the trace's own colour scale."""
    low, high = (trace["zmin"], trace["zmax"]) if key == "z" else (trace["cmin"], trace["cmax"])
    at = ((np.asarray(trace[key], float) - low) / (high - low)).clip(0, 1)
    stops = [stop for stop, _ in trace["colorscale"]]
    colours = np.array([_rgba(colour) for _, colour in trace["colorscale"]])
    return np.stack([np.interp(at, stops, channel) for channel in colours.T], axis=-1)


def _rgba(colour):
    if colour.startswith("rgba("):
        *rgb, alpha = map(float, colour[5:-1].split(","))
        return (*(part / 255 for part in rgb), alpha)
    return matplotlib.colors.to_rgba(colour)
