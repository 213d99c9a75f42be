"""Several runs side by side on one scrubber: their clouds, their losses, and the gradients their layers feel."""

import numpy as np

from . import clouds, curves, film, snapshots

MOST = 6  # clouds
CLOUD, LOSSES, NORMS, GAP = 230, 160, 120, 58  # pixels


def side_by_side(runs, data):
    """A panel for each run with the cloud of its outputs moving to the targets; beneath, all losses on one axis, and for each
    run the gradient norms of its linear layers, taken over all of `data` at every snapshot. -> plotly figure

    runs: {name: Run}, 1 to 6, trained on the same data in the same epochs and frames, each of a network with 2 outputs.
    ValueError: runs of different lengths or data, and as for `predictions`.
    """
    runs = curves.several(runs)
    if len(runs) > MOST:
        raise ValueError(f"side_by_side has room for {MOST} runs, got {len(runs)}")
    (first, *_), names = runs.values(), list(runs)
    for name, run in runs.items():
        if run.trained_on != first.trained_on:
            raise ValueError(f"the runs {names[0]!r} and {name!r} were trained on different data, so their clouds and losses "
                             "do not compare; train them on the same")
    seen = {name: clouds.moved(run, data) for name, run in runs.items()}
    columns = min(2, len(runs))
    rows = -(-len(runs) // columns)
    strips, height = _strips([CLOUD] * rows + [LOSSES] + [NORMS] * rows, [GAP] * rows + [GAP + 44] + [GAP] * (rows - 1))
    low, high = (edge([clouds.view(*pair)[i] for pair in seen.values()], axis=0) for i, edge in ((0, np.min), (1, np.max)))

    # what surrounds the numbers of each moving trace counts too, and so do the losses
    room = (film.ROOM - 16 * len(first) * (2 * len(runs) + 1)) / len(runs) - 2 * curves.EPOCHS
    traces, moving, layout = [], {}, {"annotations": []}

    def panel(number, across, down, title):
        """(suffix of the axes, place in x, place in y) of panel `number`, which gets a title."""
        left, right = (across / columns + 0.06 * (across > 0), (across + 1) / columns - 0.06 * (across < columns - 1))
        note(title, left, strips[down][1])
        return "" if number == 1 else str(number), {"domain": [left, right]}, {"domain": list(strips[down])}

    def note(text, x, y):
        layout["annotations"].append({"text": text, "x": x, "y": y, "xref": "paper", "yref": "paper", "xanchor": "left",
                                      "yanchor": "bottom", "showarrow": False, "font": {"size": 12}})

    looks = [film.style(i) for i in range(len(runs))]
    titles = [f"<span style='color:{colour}'>{film.SYMBOLS[symbol]}</span> <b>{name}</b>"
              for (colour, symbol, _), name in zip(looks, names, strict=True)]
    for i, (y_hat, y) in enumerate(seen.values()):
        suffix, x_place, y_place = panel(i + 1, i % columns, i // columns, titles[i])
        layout |= film.equal("", "", low, high, suffix, x=x_place, y=y_place)
        pair, shown = clouds.traces(y_hat, y, room, xaxis=f"x{suffix}", yaxis=f"y{suffix}", showlegend=i == 0)
        moving[len(traces) + 1] = clouds.frames(y_hat, shown)
        traces += pair

    suffix, _, y_place = panel(len(runs) + 1, 0, rows, f"<b>Loss</b> ({first.loss.name.replace('_', ' ')}) of each")
    lines, marker, moves = curves.loss_traces(runs, xaxis=f"x{suffix}", yaxis=f"y{suffix}", showlegend=False)
    layout[f"xaxis{suffix}"] = film.axis(0, len(first.losses), anchor=f"y{suffix}")
    layout[f"yaxis{suffix}"] = curves.scale([line["y"] for line in lines]) | {"anchor": f"x{suffix}", **y_place}
    moving[len(traces) + len(lines)] = moves
    traces += [*lines, marker]

    norms = [_gradient_norms(run, data) for run in runs.values()]
    most = int(np.argmax([one.shape[1] for one in norms]))
    above = strips[rows + 1][1] + 20 / height
    note("<b>Gradient norm</b> of each layer", 0, above + 22 / height)
    for i, values in enumerate(norms):
        suffix, x_place, y_place = panel(len(runs) + 2 + i, i % columns, rows + 1 + i // columns, titles[i])
        layout[f"xaxis{suffix}"] = film.axis(0, first.frames[-1], anchor=f"y{suffix}", nticks=4, **x_place)
        layout[f"yaxis{suffix}"] = curves.scale(norms) | {"anchor": f"x{suffix}", **y_place}
        place = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}", "legend": "legend2"}
        looks = [film.style(k) for k in range(values.shape[1])]
        traces += [{"x": first.frames.astype(np.float32), "y": values[:, k], "mode": "lines", "name": f"{k + 1}",
                    "showlegend": i == most, "line": {"color": colour, "dash": film.DASHES[k % 4], "width": 1.6}, **place}
                   for k, (colour, *_) in enumerate(looks)]
        moving[len(traces)] = [{"x": np.full(len(row), epoch, np.float32), "y": row}
                               for epoch, row in zip(first.frames, values, strict=True)]
        traces.append({"mode": "markers", "showlegend": False, "hoverinfo": "skip", "cliponaxis": False, **place,
                       "marker": {"color": [colour for colour, *_ in looks], "size": 7}})

    legend = {"orientation": "h", "x": 0, "xanchor": "left", "yanchor": "bottom"}
    layout |= {"legend": {**legend, "y": 1 + 22 / height}, "legend2": {**legend, "y": above}}
    return film.film(first, traces, moving, layout, height=height + 110)


def _strips(heights, gaps):
    """([(low, high) of each row as parts of the whole, from the top], the whole's pixels); gaps: after each but the last."""
    whole = sum(heights) + sum(gaps)
    tops = whole - np.cumsum([0, *(h + gap for h, gap in zip(heights, gaps, strict=False))])
    return [(float(top - h) / whole, float(top) / whole) for top, h in zip(tops, heights, strict=True)], whole


def _gradient_norms(run, data):
    """(f, number of linear layers), float32: of the loss on all of `data`."""
    models, x, y = snapshots.networks(run, data)
    norms = []
    for model in models:
        model.backprop(x, y, run.loss)
        norms.append(model.gradient_norms())
    return np.array(norms, np.float32)
