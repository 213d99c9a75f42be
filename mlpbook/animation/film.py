"""Pictures one after the other: traces that stay, traces that move, and the controls that turn from frame to frame.

plotly's own Play button and scrubber go into the figure, for Jupyter and Colab; the built book and saved pages take them
out and put native ones in their place, which a keyboard reaches too (frontend/film.js).
"""

import numpy as np

from .. import theme

MS = 80  # a frame's time, where there are fifty
CONTROLS = 104  # pixels below the picture that plotly's controls take
ROOM = 40_000  # numbers that move, over all frames: 213 kB as plotly writes float32
CLEAR = "rgba(0,0,0,0)"
RULE = "rgba(128,128,128,0.25)"
# Notebooks are light or dark, and a figure in one cannot know: these colours can be read on both.
INK, BLUE, ORANGE, GREEN, PURPLE = (theme.midtone(name) for name in ("ink", "blue", "orange", "green", "purple"))
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, INK, BLUE)
DASHES = ("solid", "dash", "dot", "dashdot")
SYMBOLS = {"circle": "●", "diamond": "◆", "square": "■", "triangle-up": "▲", "x": "✖", "star": "★"}  # in a picture, in a title


def style(i):
    """(colour, symbol, dash) of the i-th of several things: told apart by more than colour."""
    return COLOURS[i % len(COLOURS)], list(SYMBOLS)[i % len(SYMBOLS)], DASHES[i // 5 % len(DASHES)]


_AXIS = {"gridcolor": RULE, "zerolinecolor": RULE, "linecolor": INK, "automargin": True, "title": {"standoff": 8}}
TEMPLATE = {"layout": {"font": {"color": INK, "size": 13}, "paper_bgcolor": CLEAR, "plot_bgcolor": CLEAR,
                       "xaxis": _AXIS, "yaxis": _AXIS, "modebar": {"bgcolor": CLEAR, "color": INK}}}


def film(run, traces, moving, layout, height=430, redraw=False):
    """The figure. traces: what stands at the start; moving: {index of a trace: [what changes in it, frame by frame]};
    redraw: whether plotly must draw everything anew for a frame, as it must where a trace is no scatter.
    """
    import plotly.graph_objects as go

    names = [str(epoch) for epoch in run.frames]
    kinds = {i: traces[i].get("type", "scatter") for i in moving}
    traces = [trace | moving[i][0] if i in moving else trace for i, trace in enumerate(traces)]
    frames = [{"name": name, "traces": list(moving), "data": [{"type": kinds[i], **moving[i][k]} for i in moving]}
              for k, name in enumerate(names)]
    now = {"mode": "immediate", "frame": {"duration": 0, "redraw": redraw}, "transition": {"duration": 0}}
    each = round(MS * min(5, max(1, 50 / len(frames))))  # few frames do not rush by
    play = now | {"frame": {"duration": each, "redraw": redraw}, "fromcurrent": True}
    bottom = {"y": 0, "yanchor": "top", "xanchor": "left"}
    buttons = [{"label": "Play", "method": "animate", "args": [None, play]},
               {"label": "Pause", "method": "animate", "args": [[None], now]}]
    steps = [{"label": name, "method": "animate", "args": [[name], now]} for name in names]
    return go.Figure({"data": traces, "frames": frames, "layout": {
        "template": TEMPLATE, "height": height + CONTROLS, "margin": {"l": 56, "r": 22, "t": 40, "b": 48 + CONTROLS},
        "meta": {"controls": CONTROLS},  # what to give back where they are taken out
        "legend": {"orientation": "h", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom"},
        "updatemenus": [{"type": "buttons", "direction": "left", "showactive": False, "x": 0, "pad": {"t": 44},
                         "buttons": buttons, "bgcolor": CLEAR, "bordercolor": INK, **bottom}],
        "sliders": [{"x": 0, "len": 1, "pad": {"t": 50}, "steps": steps, **bottom, "bordercolor": INK, "tickcolor": INK,
                     "currentvalue": {"xanchor": "right", "offset": 20, "prefix": "epoch ", "suffix": f" of {run.epochs}"}}],
        **layout}})


def axis(low, high, title="", **more):
    """An axis over [low, high]."""
    return {"range": [float(low), float(high)], "title": {"text": title}, **more}


def equal(title_x, title_y, low, high, suffix="", **more):
    """{xaxis, yaxis} of one scale over the box from low to high: in a cloud a right angle is to look like one."""
    x, y = f"x{suffix}", f"y{suffix}"
    return {f"xaxis{suffix}": axis(low[0], high[0], title_x, anchor=y, **more.get("x", {})),
            f"yaxis{suffix}": axis(low[1], high[1], title_y, anchor=x, scaleanchor=x, **more.get("y", {}))}


def span(*values, margin=0.06):
    """(low, high) of all values, and some margin on both sides; values of shape (..., d) give d of each."""
    low = np.min([np.min(v, axis=tuple(range(np.ndim(v) - 1))) for v in values], axis=0)
    high = np.max([np.max(v, axis=tuple(range(np.ndim(v) - 1))) for v in values], axis=0)
    room = margin * np.where(high > low, high - low, 1 + abs(high))
    return low - room, high + room
