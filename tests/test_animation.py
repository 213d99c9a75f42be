"""Animations: every frame says what the network of its snapshot says, a page can carry it, and what cannot be shown is refused."""

import copy
import itertools
import json
import os
import pickle
from types import SimpleNamespace

import numpy as np
import plotly.graph_objects as go
import plotly.io
import pytest
from PIL import Image

import mlpbook as mb
from mlpbook.animation import film, saving, snapshots

CLUSTERS = mb.datasets.three_clusters(20)
MOONS = mb.datasets.moons(40)
WAVE = (np.linspace(-3, 3, 30)[:, None], np.sin(np.linspace(-3, 3, 30))[:, None])


def trained(sizes, data, frames=5, loss="mse", kind=mb.MLP, epochs=20, **arguments):
    options = {key: arguments.pop(key) for key in ("lr", "spacing", "validation") if key in arguments}
    lr = options.pop("lr", 0.05)
    return mb.train(kind(sizes, **arguments), data, loss=loss, optimizer=mb.Adam(lr=lr), epochs=epochs, frames=frames, **options)


@pytest.fixture(scope="module")
def cloud():
    return trained([2, 4, 2], CLUSTERS, spacing="log")


@pytest.fixture(scope="module")
def border():
    return trained([2, 8, 1], MOONS, loss="binary_cross_entropy", epochs=60)


@pytest.fixture(scope="module")
def runs():
    kinds = {"linear": {}, "residual": {"residual": True}, "residual + norm": {"residual": True, "normalization": "batch"}}
    return {name: trained([2, 2, 2, 2] if name != "linear" else [2, 2], CLUSTERS, **more) for name, more in kinds.items()}


@pytest.fixture(scope="module")
def wave():
    return trained([1, 6, 1], WAVE, activation="relu", seed=1, validation=WAVE)


def figures(cloud, border, runs, wave):
    return {"predictions": mb.animation.predictions(cloud, CLUSTERS), "surface": mb.animation.surface(border, mb.datasets.grid(MOONS), MOONS),
            "fit": mb.animation.fit(wave, WAVE), "losses": mb.animation.losses(wave), "side_by_side": mb.animation.side_by_side(runs, CLUSTERS)}


@pytest.fixture(scope="module")
def made(cloud, border, runs, wave):
    return figures(cloud, border, runs, wave)


NAMES = ["predictions", "surface", "fit", "losses", "side_by_side"]


# what the book's build allows; before plotly 6 numbers were text, thrice as long, and no page is built with it
MOST = 300 if int(plotly.__version__.split(".")[0]) >= 6 else 900


def kilobytes(figure):
    """What the book's build counts."""
    return len(json.dumps(json.loads(figure.to_json()), separators=(",", ":"))) / 1000


def trace(figure, k, i):
    """Trace i as it is in frame k."""
    frame = figure.frames[k]
    return frame.data[frame.traces.index(i)]


# --- the figure

@pytest.mark.parametrize("name", NAMES)
def test_there_is_a_frame_for_every_snapshot_and_a_step_for_every_frame(made, cloud, name):
    figure, epochs = made[name], ["0", "4", "8", "12", "16", "20"]
    if name == "predictions":
        epochs = [str(epoch) for epoch in cloud.frames]  # log spacing
    if name == "surface":
        epochs = [str(12 * i) for i in range(6)]
    assert [frame.name for frame in figure.frames] == epochs
    slider, = figure.layout.sliders
    assert [step.label for step in slider.steps] == [step.args[0][0] for step in slider.steps] == epochs
    assert slider.currentvalue.prefix == "epoch " and slider.currentvalue.suffix in (" of 20", " of 60")
    assert [button.label for button in figure.layout.updatemenus[0].buttons] == ["Play", "Pause"]


@pytest.mark.parametrize("name", NAMES)
def test_frames_carry_only_what_changes_in_as_few_bytes_as_will_do(made, name):
    figure = made[name]
    for frame in figure.frames:
        assert list(frame.traces) == sorted(set(frame.traces)) and max(frame.traces) < len(figure.data)
        for change in frame.data:
            change = change.to_plotly_json()
            kind = change.pop("type")
            assert kind == "heatmap" or set(change) == {"x", "y"}
            assert all(np.asarray(values).dtype == (np.uint8 if key == "z" else np.float32) for key, values in change.items())
    # something does change, in every trace that is said to
    for i in figure.frames[0].traces:
        key = "z" if figure.data[i].type == "heatmap" else "x"
        first, last = (trace(figure, k, i)[key] for k in (0, -1))
        assert len(first) != len(last) or not np.array_equal(first, last) or not np.array_equal(trace(figure, 0, i).y, trace(figure, -1, i).y)


@pytest.mark.parametrize("name", NAMES)
def test_plotly_takes_it_and_it_opens_at_the_start(made, name):
    figure = made[name]
    assert go.Figure(json.loads(figure.to_json())).to_plotly_json() is not None  # validated anew, as a page or a file has it
    for i in figure.frames[0].traces:
        for key, values in trace(figure, 0, i).to_plotly_json().items():
            np.testing.assert_array_equal(values, figure.data[i][key])


@pytest.mark.parametrize("name", NAMES)
def test_everything_that_is_drawn_has_a_name_and_can_be_read_on_light_and_dark(made, name):
    figure = made[name]
    assert figure.layout.template.layout.paper_bgcolor == figure.layout.template.layout.plot_bgcolor == "rgba(0,0,0,0)"
    for one in figure.data:
        assert one.type == "heatmap" or one.name or one.showlegend is False
    axes = [axis for axis in figure.layout.to_plotly_json() if axis.startswith(("xaxis", "yaxis"))]
    assert len(axes) >= 2 and all(figure.layout[axis].range is not None for axis in axes)  # nothing jumps while it plays
    if name != "side_by_side":
        assert all(figure.layout[axis].title.text for axis in axes)


def test_midtones_stand_out_on_both_grounds():
    def luminance(colour):
        parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
        return sum(w * (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055)**2.4) for w, p in zip((0.2126, 0.7152, 0.0722), parts, strict=True))

    for colour, paper in itertools.product(film.COLOURS, mb.theme.PALETTE["paper"]):
        low, high = sorted((luminance(colour), luminance(paper)))
        assert (high + 0.05) / (low + 0.05) >= 3, (colour, paper)
    for unknown in ("red", ["blue"]):
        with pytest.raises(ValueError, match="colour must be one of"):
            mb.theme.midtone(unknown)


# --- what moves is what the networks say

@pytest.mark.parametrize("kind", [mb.MLP, mb.torch_mlp.MLP], ids=["numpy", "torch"])
def test_predictions_are_those_of_each_snapshot(kind):
    run = trained([2, 4, 2], CLUSTERS, kind=kind, residual=False)
    figure = mb.animation.predictions(run, CLUSTERS)
    assert len(figure.data) == 2
    np.testing.assert_allclose(np.column_stack([figure.data[0].x, figure.data[0].y]), CLUSTERS.y, rtol=1e-6)
    for k in range(len(run)):
        y_hat = run.model(k)(CLUSTERS.x)
        np.testing.assert_allclose(np.column_stack([trace(figure, k, 1).x, trace(figure, k, 1).y]), y_hat, rtol=1e-5, atol=1e-5)


def test_a_cloud_has_equal_axes_and_a_wild_start_does_not_shrink_it():
    run = trained([2, 2], CLUSTERS)
    run.states[0]["W"][0] *= 1000
    layout = mb.animation.predictions(run, CLUSTERS).layout
    assert layout.yaxis.scaleanchor == "x"
    extent = np.ptp(CLUSTERS.y, axis=0)
    assert np.ptp(layout.xaxis.range) <= 3.5 * extent[0] and np.ptp(layout.yaxis.range) <= 3.5 * extent[1]
    assert layout.xaxis.range[0] <= CLUSTERS.y[:, 0].min() and layout.xaxis.range[1] >= CLUSTERS.y[:, 0].max()


@pytest.mark.parametrize("loss, sizes", [("binary_cross_entropy", [2, 8, 1]), ("mse", [2, 8, 1]), ("cross_entropy", [2, 8, 2])])
def test_the_shade_of_two_classes_is_how_far_one_is_ahead_of_the_other(loss, sizes):
    run, grid = trained(sizes, MOONS, loss=loss, epochs=60), mb.datasets.grid(MOONS, n=30)
    figure = mb.animation.surface(run, grid, MOONS)
    for k in (0, 3, len(run) - 1):
        out = run.model(k)(grid.x)
        p1 = {"mse": lambda out: out[:, 0].clip(0, 1), "binary_cross_entropy": lambda out: 1 / (1 + np.exp(-out[:, 0])),
              "cross_entropy": lambda out: 1 / (1 + np.exp(out[:, 0] - out[:, 1]))}[loss](out).reshape(grid.shape)
        np.testing.assert_allclose(trace(figure, k, 0).z / 48 - 1, 2 * p1 - 1, atol=0.5 / 48 + 1e-5)
        border = np.column_stack([trace(figure, k, 1).x, trace(figure, k, 1).y])
        border = border[~np.isnan(border[:, 0])]
        if len(border):
            out = run.model(k)(border)
            ahead = {"mse": lambda out: 2 * out[:, 0] - 1, "binary_cross_entropy": lambda out: out[:, 0], "cross_entropy": lambda out: out[:, 1] - out[:, 0]}[loss](out)
            assert abs(ahead).max() < 0.15  # a border interpolated between grid points
    assert len(border) > 5


@pytest.mark.parametrize("k", [3, 4, 5])
def test_the_shade_of_many_classes_says_which_is_ahead(k):
    data = mb.datasets.blobs(60, k=k)
    run, grid = trained([2, 16, k], data, loss="cross_entropy", epochs=80), mb.datasets.grid(data, n=25)
    figure = mb.animation.surface(run, grid, data)
    z = trace(figure, -1, 0).z
    np.testing.assert_array_equal(z // 49, run.model()(grid.x).argmax(axis=1).reshape(grid.shape))
    assert [dots.name for dots in figure.data[2:]] == [f"class {c}" for c in range(k)]
    assert len({dots.marker.symbol for dots in figure.data[2:]}) == k  # not by colour alone
    assert sum(len(dots.x) for dots in figure.data[2:]) == 60
    # the border, each stretch of it once: the two classes ahead are equally so
    x, y = (np.asarray(trace(figure, -1, 1)[axis], float) for axis in "xy")
    points = np.column_stack([x, y])[~np.isnan(x)]
    logits = np.sort(run.model()(points), axis=1)
    p = np.exp(logits - logits[:, -1:])
    assert len(points) > 20 and np.quantile(1 - p[:, -2], 0.9) < 0.25
    same = abs(points[:, None] - points).max(axis=-1) < 1e-6
    assert same.sum() <= 1.1 * len(points)
    # the colour scale of a class goes from clear to its own
    scale = figure.data[0].colorscale
    assert [colour.endswith(" 0)") for _, colour in scale] == [True, False] * k


def test_heights_share_a_scale_with_the_dots():
    data = (MOONS.x, (MOONS.x[:, :1] + 2) * 3)
    run, grid = trained([2, 1], data), mb.datasets.grid(MOONS, n=20)
    figure = mb.animation.surface(run, grid, data)
    low, high = data[1].min(), data[1].max()
    heights = run.model()(grid.x).reshape(grid.shape).clip(low, high)
    np.testing.assert_allclose(low + trace(figure, -1, 0).z / 200 * (high - low), heights, atol=(high - low) / 390)
    assert (figure.data[1].marker.cmin, figure.data[1].marker.cmax) == (low, high)
    np.testing.assert_allclose(figure.data[1].marker.color, data[1][:, 0], rtol=1e-6)


@pytest.mark.parametrize("more", [{}, {"normalization": "layer"}, {"normalization": "batch"}, {"residual": True}])
def test_the_fit_bends_at_its_hinges_and_nowhere_else(more):
    run = trained([1, 5, 5, 1], WAVE, activation="relu", seed=2, **more)
    figure = mb.animation.fit(run, WAVE)
    for k in range(len(run)):
        curve, hinges = trace(figure, k, 1), np.asarray(trace(figure, k, 2).x, float)
        np.testing.assert_allclose(curve.y, run.model(k)(np.asarray(curve.x, float)[:, None])[:, 0], atol=1e-5)
        if not more or "residual" in more or more["normalization"] == "batch":  # layer normalisation bends in between too
            fine = np.linspace(-3, 3, 4001)
            bends = abs(np.diff(run.model(k)(fine[:, None])[:, 0], 2)) > 1e-9
            for at in fine[1:-1][bends]:
                assert abs(hinges - at).min() < 0.03, (k, at)
    if not more:
        first = run.model(0).linear_layers[0]
        exact = -first.b / first.W[0]
        assert all(abs(hinges - x).min() < 1e-3 for x in -run.model().linear_layers[0].b / run.model().linear_layers[0].W[0] if abs(x) < 3)
        assert len(exact) == 5


def test_a_function_without_hidden_units_has_no_hinges():
    assert len(trace(mb.animation.fit(trained([1, 1], WAVE), WAVE), -1, 2).x) == 0


def test_losses_are_the_runs_and_the_marker_walks_on_them(wave):
    figure = mb.animation.losses(wave)
    training, validation, _ = figure.data
    np.testing.assert_allclose(training.y, wave.losses, rtol=1e-6)
    np.testing.assert_allclose(validation.y, wave.validation_losses, rtol=1e-6)
    assert (training.name, validation.name, validation.line.dash) == ("training", "validation", "dash")
    for k, epoch in enumerate(wave.frames):
        at = min(epoch, 19)
        assert list(trace(figure, k, 2).x) == [at, at]
        np.testing.assert_allclose(trace(figure, k, 2).y, [wave.losses[at], wave.validation_losses[at]], rtol=1e-6)
    assert figure.layout.yaxis.type == "log"


def test_losses_of_several_runs_have_a_line_each_and_their_names(runs):
    figure = mb.animation.losses(runs)
    assert [line.name for line in figure.data[:-1]] == list(runs)
    assert len(set(figure.data[-1].marker.symbol)) == len(runs)  # not by colour alone


def test_a_run_that_was_saved_compares_with_a_new_one(wave):
    figure = mb.animation.losses({"saved": pickle.loads(pickle.dumps(wave)), "new": wave})
    assert {"saved", "new"} <= {trace.name for trace in figure.data}


def test_losses_too_large_for_float32_are_drawn():
    """So does a learning rate that is too large look, just before the loss is no number any more."""
    run = mb.train(mb.MLP([1, 1]), (np.ones((4, 1)), np.zeros((4, 1))), optimizer=mb.SGD(lr=10), epochs=60)
    assert 1e100 < run.losses[-1] < np.inf
    for runs, name in ((run, "training"), ({"a": run, "b": run}, "a")):
        figure = mb.animation.losses(runs)
        assert figure.layout.yaxis.range[0] < np.log10(run.losses[0]) and figure.layout.yaxis.range[1] > np.log10(run.losses[-1])
        line = next(trace for trace in figure.data if trace.name == name)
        np.testing.assert_allclose(np.asarray(line.y, float), run.losses, rtol=1e-6)
        assert np.isfinite(np.asarray(figure.frames[-1].data[0].y, float)).all()


@pytest.mark.filterwarnings("ignore::mlpbook.DivergenceWarning")
def test_a_validation_loss_that_is_no_number_leaves_a_gap():
    """It is taken after the step, and so can be infinite an epoch before the training's own."""
    data = (np.ones((4, 1)), np.zeros((4, 1)))
    run = mb.train(mb.MLP([1, 1]), data, optimizer=mb.SGD(lr=10), epochs=300, frames=60, validation=(1e6 * data[0], data[1]))
    assert run.stopped and np.isinf(run.validation_losses[-1]) and np.isfinite(run.losses).all()
    with np.errstate(all="raise"):
        figure = mb.animation.losses(run)
    line = next(trace for trace in figure.data if trace.name == "validation")
    assert np.isnan(np.asarray(line.y, float)[-1]) and np.isfinite(figure.layout.yaxis.range).all()


def test_a_loss_of_zero_has_a_linear_axis():
    run = mb.train(mb.MLP.from_state({"sizes": [1, 1], "activation": "tanh", "W": [np.eye(1)], "b": [np.zeros(1)]}), (WAVE[0], WAVE[0]), epochs=3)
    assert run.losses.min() == 0
    assert mb.animation.losses(run).layout.yaxis.type == "linear"


def test_side_by_side_shows_clouds_losses_and_gradients(runs):
    figure = mb.animation.side_by_side(runs, CLUSTERS)
    titles = [note.text for note in figure.layout.annotations]
    for name, symbol in zip(runs, ("●", "◆", "■"), strict=True):
        assert sum(f"<b>{name}</b>" in title and symbol in title for title in titles) == 2  # its cloud, its gradients
    for i, run in enumerate(runs.values()):
        assert figure.data[2 * i].xaxis == figure.data[2 * i + 1].xaxis
        for k in (0, 3, len(run) - 1):
            np.testing.assert_allclose(np.column_stack([trace(figure, k, 2 * i + 1).x, trace(figure, k, 2 * i + 1).y]), run.model(k)(CLUSTERS.x), rtol=1e-4, atol=1e-4)
    lines = [line for line in figure.data if line.legend == "legend2" and line.mode == "lines"]
    assert [line.name for line in lines] == ["1", "1", "2", "3", "1", "2", "3"]
    model = runs["residual"].model(3)
    model.backprop(CLUSTERS.x, CLUSTERS.y)
    norms = [np.linalg.norm(np.append(layer.dW, layer.db)) for layer in model.linear_layers]
    np.testing.assert_allclose([line.y[3] for line in lines[1:4]], norms, rtol=1e-5)
    boxes = {(figure.layout[f"xaxis{s}"].domain, figure.layout[f"yaxis{s}"].domain) for s in ["", *range(2, 8)]}
    assert len(boxes) == 7


# --- how big

def test_a_long_run_makes_a_light_figure():
    data = mb.datasets.three_clusters(100)
    run = mb.train(mb.MLP([2, 2, 2, 2], "relu"), data, optimizer=mb.Adam(lr=0.01), epochs=5000, frames=60)
    figure = mb.animation.predictions(run, data)
    assert len(figure.data) == 2 and len(figure.data[1].x) == 300 and len(figure.frames) == 61
    assert kilobytes(figure) <= MOST


def most(sizes, data, **more):
    return trained(sizes, data, frames=60, **({"epochs": 60} | more))


@pytest.mark.parametrize("make", [
    lambda: mb.animation.predictions(most([2, 2], mb.datasets.three_clusters(1000)), mb.datasets.three_clusters(1000)),
    lambda: mb.animation.surface(most([2, 8, 5], mb.datasets.blobs(300, k=5), loss="cross_entropy"), mb.datasets.grid(mb.datasets.blobs(300, k=5), n=100), mb.datasets.blobs(300, k=5)),
    lambda: mb.animation.fit(most([1, 40, 1], WAVE), WAVE),
    lambda: mb.animation.losses({str(i): most([2, 2], CLUSTERS, epochs=1000) for i in range(6)}),
    lambda: mb.animation.side_by_side({str(i): most([2, 2, 2, 2, 2], mb.datasets.three_clusters(100)) for i in range(6)}, mb.datasets.three_clusters(100)),
], ids=NAMES)
def test_the_most_that_may_come_still_fits_into_a_page(make):
    figure = make()
    assert len(figure.frames) == 61
    assert kilobytes(figure) <= MOST


def test_of_too_many_points_an_even_choice_is_shown_and_said():
    data = mb.datasets.three_clusters(1000)
    figure = mb.animation.predictions(most([2, 2], data), data)
    shown = len(figure.data[0].x)
    assert figure.data[0].name == f"targets ({shown} of 3000 shown)" and 250 < shown < 400
    for cluster in range(3):
        there = np.isin(np.asarray(figure.data[0].x), data.y[1000 * cluster:1000 * (cluster + 1), 0].astype(np.float32))
        assert abs(there.sum() - shown / 3) <= 2


def test_many_dots_that_stand_still_are_thinned_too():
    data = mb.datasets.moons(6000)
    figure = mb.animation.surface(most([2, 8, 1], data, loss="binary_cross_entropy"), mb.datasets.grid(data), data)
    assert [dots.name for dots in figure.data[2:]] == ["class 0 (750 of 3000 shown)", "class 1 (750 of 3000 shown)"]
    assert kilobytes(figure) <= MOST
    x = np.linspace(-3, 3, 6000)[:, None]
    figure = mb.animation.fit(most([1, 8, 1], (x, x)), (x, x))
    assert figure.data[0].name == "data (1500 of 6000 shown)" and kilobytes(figure) <= MOST


@pytest.mark.parametrize("frames", [1, 2])
def test_few_frames_will_do_and_do_not_rush_by(frames, tmp_path):
    figure = mb.animation.predictions(trained([2, 2], CLUSTERS, frames=frames), CLUSTERS)
    assert len(figure.frames) == frames + 1
    assert figure.layout.updatemenus[0].buttons[0].args[1]["frame"]["duration"] == 400
    assert mb.animation.save(figure, tmp_path / "few.gif").is_file()


# --- files

def test_a_page_holds_all_it_needs(made, tmp_path):
    path = mb.animation.save(made["predictions"], tmp_path / "cloud.html")
    text = path.read_text(encoding="utf-8")
    assert path == tmp_path / "cloud.html" and len(text) > 1_000_000  # plotly.js and all
    assert "<script src" not in text.replace("'", '"') and "cdn.plot.ly" not in text.split("Plotly.newPlot")[-1]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", NAMES)
def test_a_gif_has_every_frame_and_moves(made, name, tmp_path):
    path = mb.animation.save(made[name], str(tmp_path / "moving.GIF"))
    with Image.open(path) as gif:
        pictures = []
        for k in range(gif.n_frames):
            gif.seek(k)
            pictures.append((np.asarray(gif.convert("L"), int), gif.info["duration"]))
        assert gif.info["loop"] == 0
    assert 6 <= len(pictures) <= 6 + saving.LINGER  # repeated frames may be kept as one long one
    assert sum(duration for _, duration in pictures) == pytest.approx((6 + saving.LINGER) * film.MS, abs=10)
    for (a, _), (b, _) in itertools.pairwise(pictures[:6]):
        assert (abs(a - b) > 40).sum() > 20
    assert pictures[0][0].shape[1] == 700 and pictures[0][0].std() > 5


def test_dots_are_drawn_where_they_are(cloud, tmp_path):
    from mlpbook.animation.stills import Stills

    figure = mb.animation.predictions(cloud, CLUSTERS)
    stills = Stills(figure)
    for k in (0, 5):
        stills.turn(k)
        np.testing.assert_allclose(stills.artists[1].get_offsets(), cloud.model(k)(CLUSTERS.x), rtol=1e-4, atol=1e-4)
        assert stills.readout.get_text() == f"epoch {cloud.frames[k]} of 20"
    (x0, x1), (y0, y1) = (axis() for axis in (stills.axes["x"].get_xlim, stills.axes["x"].get_ylim))
    width, height = stills.figure.get_size_inches() * stills.axes["x"].get_position().size
    assert (x1 - x0) / width == pytest.approx((y1 - y0) / height)  # a right angle looks like one
    for (low, high), wanted in (((x0, x1), figure.layout.xaxis.range), ((y0, y1), figure.layout.yaxis.range)):
        assert low <= wanted[0] + 1e-6 and high >= wanted[1] - 1e-6  # and nothing is cut off


@pytest.mark.parametrize("again", [copy.deepcopy, lambda figure: plotly.io.from_json(figure.to_json())], ids=["copy", "json"])
@pytest.mark.parametrize("name", ["predictions", "surface"])
def test_a_copy_is_drawn_like_the_figure(made, name, again):
    from mlpbook.animation.stills import Stills

    pictures = []
    for figure in (made[name], again(made[name])):
        stills = Stills(figure)
        stills.turn(4)
        stills.figure.canvas.draw()
        pictures.append(np.asarray(stills.figure.canvas.buffer_rgba()))
    np.testing.assert_array_equal(*pictures)


def test_a_run_is_saved_as_its_losses(wave, tmp_path):
    mb.animation.save(wave, tmp_path / "run.gif")
    with Image.open(tmp_path / "run.gif") as gif:
        assert gif.n_frames >= 6


def test_without_ffmpeg_it_is_said_how_to_get_it(made, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ValueError, match=r"apt install ffmpeg.*brew install ffmpeg.*save a \.gif"):
        mb.animation.save(made["losses"], tmp_path / "losses.mp4")
    assert list(tmp_path.iterdir()) == []


def test_a_video_is_made_by_ffmpeg(made, tmp_path, monkeypatch):
    """Where ffmpeg is missing, a stand-in that counts the bytes it is handed takes its place."""
    program = tmp_path / "bin" / "ffmpeg"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\nfor last; do :; done\ncat > "$last"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    path = mb.animation.save(made["losses"], tmp_path / "losses.mp4")
    height = made["losses"].layout.height - film.CONTROLS
    assert path.stat().st_size == (6 + saving.LINGER) * 700 * height * 4  # raw frames, RGBA


@pytest.mark.parametrize("fails_at", [0, 3])
def test_a_failure_leaves_nothing_behind_and_the_old_file_alone(made, tmp_path, monkeypatch, fails_at):
    old = tmp_path / "old.gif"
    old.write_text("old")
    monkeypatch.setattr("mlpbook.animation.stills.Stills.turn", lambda self, k: 1 / (k - fails_at))
    with pytest.raises(ZeroDivisionError):
        mb.animation.save(made["losses"], old)
    assert [path.name for path in tmp_path.iterdir()] == ["old.gif"] and old.read_text() == "old"


def test_a_bar_shows_how_far_the_drawing_is(made, tmp_path, capsys):
    mb.animation.save(made["losses"], tmp_path / "a.gif", progress=True)
    assert "drawing" in capsys.readouterr().err
    mb.animation.save(made["losses"], tmp_path / "a.gif")
    assert capsys.readouterr().err == ""


# --- what cannot be shown

def spoilt(run, change):
    """A copy of run with `change` made to it."""
    run = copy.deepcopy(run)
    change(run)
    return run


def put(where, value):
    def change(run):
        run.states[2][where][0][...] = value
    return change


A = mb.animation
BAD = {
    "not a run": (lambda: A.predictions([1], CLUSTERS), "run must be what mb.train returned"),
    "no frames": (lambda: A.predictions(trained([2, 2], CLUSTERS, frames=0), CLUSTERS), r"no frames after its start; keep some with mb.train\(..., frames=50\)"),
    "61 frames": (lambda: A.losses(trained([2, 2], CLUSTERS, frames=61, epochs=61)), "61 frames after its start, and an animation at most 60; train with frames=60"),
    "an ensemble": (lambda: A.losses(mb.train(mb.Ensemble([2, 2], seeds=2), CLUSTERS, epochs=2)), "of an ensemble"),
    "a weight that is not finite": (lambda: A.predictions(spoilt(trained([2, 2], CLUSTERS), put("b", np.nan)), CLUSTERS), "snapshot after epoch 8 cannot be drawn: .*smaller lr"),
    "outputs that overflow": (lambda: A.predictions(spoilt(trained([2, 2], CLUSTERS), put("W", 1e200)), CLUSTERS), "snapshot after epoch 8 gives outputs that are not finite; train with a smaller lr"),
    "a surface that overflows": (lambda: A.surface(spoilt(trained([2, 1], MOONS), put("W", 1e200)), mb.datasets.grid(MOONS), MOONS), "not finite"),
    "one output": (lambda: A.predictions(trained([2, 1], MOONS), MOONS), "a cloud needs 2 outputs, and this network has 1; see surface"),
    "other data": (lambda: A.predictions(trained([2, 2], CLUSTERS), mb.datasets.iris()), "data.x must have 2 columns"),
    "no data": (lambda: A.predictions(trained([2, 2], CLUSTERS), None), "data must have x and y"),
    "classes for a cloud": (lambda: A.predictions(trained([2, 2], CLUSTERS), MOONS), "y must have the shape of y_hat"),
    "no grid": (lambda: A.surface(trained([2, 1], MOONS), MOONS, MOONS), r"grid must be a Grid, for example mb.datasets.grid\(data\)"),
    "a surface over 3 inputs": (lambda: A.surface(trained([3, 1], (np.ones((4, 3)), np.ones((4, 1)))), mb.datasets.grid(MOONS), (np.ones((4, 3)), np.ones((4, 1)))), "2 inputs, and this network has 3"),
    "6 classes": (lambda: A.surface(trained([2, 6], mb.datasets.blobs(60, k=6), loss="cross_entropy"), mb.datasets.grid(MOONS), mb.datasets.blobs(60, k=6)), "2 to 5 classes"),
    "two targets for a surface": (lambda: A.surface(trained([2, 2], CLUSTERS), mb.datasets.grid(CLUSTERS), CLUSTERS), "needs 1 output, this network has 2; see predictions"),
    "two inputs for a fit": (lambda: A.fit(trained([2, 1], MOONS), MOONS), "this network has 2 inputs and 1 outputs"),
    "no runs": (lambda: A.losses({}), "empty"),
    "runs in a list": (lambda: A.side_by_side([trained([2, 2], CLUSTERS)], CLUSTERS), "runs must be {name: Run}.*got list"),
    "one not a run": (lambda: A.losses({"a": trained([2, 2], CLUSTERS), "b": 3}), "the run 'b' must be what mb.train returned"),
    "different lengths": (lambda: A.side_by_side({"a": trained([2, 2], CLUSTERS), "b": trained([2, 2], CLUSTERS, epochs=40)}, CLUSTERS),
                          "'a' has 6 snapshots up to epoch 20, 'b' has 6 up to epoch 40; train all with the same epochs, frames and spacing"),
    "different data": (lambda: A.side_by_side({"a": trained([2, 2], CLUSTERS), "b": trained([2, 2], mb.datasets.three_clusters(20, seed=1))}, CLUSTERS),
                       "'a' and 'b' were trained on different data"),
    "different losses": (lambda: A.losses({"a": trained([2, 1], MOONS), "b": trained([2, 1], MOONS, loss="binary_cross_entropy")}), "different kinds"),
    "7 runs": (lambda: A.side_by_side({str(i): trained([2, 2], CLUSTERS) for i in range(7)}, CLUSTERS), "room for 6 runs, got 7"),
}


@pytest.mark.filterwarnings("ignore::mlpbook.DivergenceWarning")
@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_shown_is_refused_in_words_that_help(name):
    call, words = BAD[name]
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.filterwarnings("ignore::mlpbook.DivergenceWarning")
def test_a_run_that_diverged_says_so_beside_one_that_did_not():
    wild = mb.train(mb.MLP([2, 2]), CLUSTERS, optimizer=mb.SGD(lr=1e6), epochs=200, frames=50)
    calm = mb.train(mb.MLP([2, 2]), CLUSTERS, epochs=200, frames=50)
    with pytest.raises(ValueError, match="'wild' has .* Diverged in epoch"):
        mb.animation.side_by_side({"calm": calm, "wild": wild}, CLUSTERS)


@pytest.mark.parametrize("path, words", [
    ("a.png", r"must end in .html, .gif, .mp4; got .*a.png"), ("a", "must end in"), ("missing/a.gif", "there is no folder .*missing"), ("folder.gif", "it is a folder"),
    (None, "path must name a file"), (3, "path must name a file"), ("", "path must name a file")])
def test_a_bad_path_is_refused_and_nothing_is_left(made, tmp_path, path, words):
    (tmp_path / "folder.gif").mkdir()
    with pytest.raises(ValueError, match=words):
        mb.animation.save(made["losses"], tmp_path / path if path and path != 3 else path)
    assert [one.name for one in tmp_path.iterdir()] == ["folder.gif"]


def test_a_folder_that_may_not_be_written_to_is_said(made, tmp_path, monkeypatch):
    def refuse(self, *args):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)  # root may write anywhere
    with pytest.raises(ValueError, match="cannot be written: Permission denied; choose another folder"):
        mb.animation.save(made["losses"], tmp_path / "a.gif")


@pytest.mark.parametrize("figure, words", [
    (3, "must be one that mb.animation made"), (mb.plots.figure()[0], "must be one that mb.animation made"), (go.Figure(), "has 0 frames"),
    (go.Figure(frames=[{"name": str(k)} for k in range(62)]), "has 62 frames; an animation has 1 to 60")])
def test_what_is_no_animation_is_not_saved(figure, words, tmp_path):
    with pytest.raises(ValueError, match=words):
        mb.animation.save(figure, tmp_path / "a.gif")


def test_a_picture_of_what_matplotlib_is_not_told_about_is_refused(tmp_path):
    figure = go.Figure(go.Bar(y=[1]), frames=[{"name": "0", "data": [go.Bar(y=[2])], "traces": [0]}])
    with pytest.raises(ValueError, match="bar trace cannot be drawn; save the figure as .html"):
        mb.animation.save(figure, tmp_path / "a.gif")
    assert list(tmp_path.iterdir()) == []
    assert mb.animation.save(figure, tmp_path / "a.html").is_file()


def test_runs_know_what_they_were_trained_on():
    one, same, other = (trained([2, 2], data).trained_on for data in (CLUSTERS, (CLUSTERS.x.copy(), CLUSTERS.y.copy()), mb.datasets.three_clusters(20, seed=1)))
    assert one == same != other
    assert one == trained([2, 2], (CLUSTERS.x.astype("f4"), CLUSTERS.y.astype("f4"))).trained_on


def test_thin_keeps_both_ends_and_is_even():
    assert list(snapshots.thin(5, 10)) == [0, 1, 2, 3, 4] and list(snapshots.thin(1, 10)) == [0]
    picks = snapshots.thin(1000, 30)
    assert len(picks) == 30 and picks[0] == 0 and picks[-1] == 999 and np.ptp(np.diff(picks)) <= 1


def test_nothing_of_yours_is_changed(cloud):
    data = SimpleNamespace(x=CLUSTERS.x.copy(), y=CLUSTERS.y.copy())
    states = [W.copy() for state in cloud.states for W in state["W"]]
    import matplotlib

    settings, renderers = dict(matplotlib.rcParams), plotly.io.renderers.default
    mb.animation.predictions(cloud, data)
    np.testing.assert_array_equal(data.x, CLUSTERS.x)
    assert all(np.array_equal(a, b) for a, b in zip(states, (W for state in cloud.states for W in state["W"]), strict=True))
    assert dict(matplotlib.rcParams) == settings and plotly.io.renderers.default == renderers
