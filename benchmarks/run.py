"""How quick is it? Ratios against what others would use, measured in one process, alternately, on one core.

    make bench

Each row times ours and the reference in turn, several rounds of both, and prints the median of the rounds' ratios:
"3 x" says that ours makes three steps while the reference makes one. Times differ from machine to machine; ratios hardly do.
Last come plain figures of what a hand feels in a page: see in_page.py.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
import warnings
from functools import partial
from itertools import pairwise
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # before NumPy and torch are loaded

import in_page  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
from sklearn.neural_network import MLPRegressor  # noqa: E402

import mlpbook as mb  # noqa: E402

torch.set_num_threads(1)
ROUNDS = 9
SMALL, WIDE = [2, 16, 16, 2], [10, 128, 64, 3]
rng = np.random.default_rng(0)


def seconds(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def data(n, d_in, d_out, dtype="float64"):
    return rng.normal(size=(n, d_in)).astype(dtype), rng.normal(size=(n, d_out)).astype(dtype)


# --- Each returns the seconds of one step

def ours(sizes, activation, n, steps, dtype="float64"):
    mlp, xy = mb.MLP(sizes, activation, dtype=dtype), data(n, sizes[0], sizes[-1], dtype)
    return seconds(lambda: mb.train(mlp, xy, optimizer=mb.Adam(lr=0.01), epochs=steps, frames=0)) / steps


def scikit_learn(sizes, activation, n, steps, dtype="float64"):
    x, y = data(n, sizes[0], sizes[-1], dtype)
    model = MLPRegressor(hidden_layer_sizes=sizes[1:-1], activation=activation, solver="adam", batch_size=n,
                         learning_rate_init=0.01, max_iter=steps, tol=0, n_iter_no_change=steps + 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it has not converged
        return seconds(lambda: model.fit(x, y)) / steps


def torch_loop(sizes, activation, n, steps):
    """What anyone would write."""
    kind = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}[activation]
    layers = [part for d_in, d_out in pairwise(sizes) for part in (torch.nn.Linear(d_in, d_out), kind())][:-1]
    model, (x, y) = torch.nn.Sequential(*layers), map(torch.tensor, data(n, sizes[0], sizes[-1], "float32"))
    optimizer, loss_function, losses = torch.optim.Adam(model.parameters(), lr=0.01), torch.nn.MSELoss(), []

    def loop():
        for _ in range(steps):
            optimizer.zero_grad()
            loss = loss_function(model(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())

    return seconds(loop) / steps


def torch_twin(sizes, activation, n, steps):
    model, xy = mb.torch_mlp.MLP(sizes, activation), data(n, sizes[0], sizes[-1], "float32")
    return seconds(lambda: mb.train(model, xy, optimizer=mb.Adam(lr=0.01), epochs=steps, frames=100)) / steps


def ensemble(n, members, steps, dtype):
    model, xy = mb.Ensemble([2, 2, 2], "relu", seeds=members, dtype=dtype), data(n, 2, 2, dtype)
    return seconds(lambda: mb.train(model, xy, optimizer=mb.Adam(lr=0.01), epochs=steps, frames=0)) / steps


def regions():
    mlp = mb.MLP([2, 16, 16, 1], "relu", seed=0)
    moons = mb.datasets.moons(200, noise=0.1, seed=0)
    mb.train(mlp, moons, loss="binary_cross_entropy", optimizer=mb.Adam(lr=0.01), epochs=300)
    found = []
    took = statistics.median(seconds(lambda: found.append(mb.regions.cut(mlp, (-2, -2), (3, 2)))) for _ in range(ROUNDS))
    return took, len(found[0])


def importing():
    """Beyond NumPy, each time in a process of its own."""
    code = "import time, numpy; start = time.perf_counter(); import mlpbook; print(time.perf_counter() - start)"
    return statistics.median(float(subprocess.check_output([sys.executable, "-c", code])) for _ in range(ROUNDS))


def solo_runs(n, members, steps, dtype):
    """A tenth of them, times ten."""
    return 10 * sum(ours([2, 2, 2], "relu", n, steps, dtype) for _ in range(members // 10))


def page_engine():
    """Steps of the page's training engine, in Node: the two take turns there, see page_engine.js."""
    node = shutil.which("node")
    if node is None:
        return print("page engine, steps of 250 samples on 2-8-8-1 tanh: not measured, there is no Node.js on the PATH")
    done = subprocess.run([node, Path(__file__).with_name("page_engine.js"), str(ROUNDS), "300"],
                          capture_output=True, text=True, check=True)
    show("page engine steps, SGD, 250 samples, 2-8-8-1 tanh", "an object per neuron", 2.5, json.loads(done.stdout))


def watched(frames):
    """(a run of 5000 steps, its data): what chapter 11 animates."""
    clusters = mb.datasets.three_clusters(100)
    return mb.train(mb.MLP([2, 2, 2, 2], "relu"), clusters, optimizer=mb.Adam(lr=0.01), epochs=5000, frames=frames), clusters


def animation(run, clusters):
    return seconds(lambda: mb.animation.predictions(run, clusters))


def naive_animation(run, clusters):
    """A trace for each target, a frame for each of 5001 snapshots: a twentieth of the frames, times twenty."""
    import plotly.graph_objects as go

    def targets():
        return [go.Scatter(x=[a], y=[b], mode="markers", showlegend=False) for a, b in clusters.y]

    def frames():
        clouds = (run.model(k)(clusters.x) for k in range(0, len(run), 20))
        return [go.Frame(data=[go.Scatter(x=y_hat[:, 0], y=y_hat[:, 1], mode="markers")], traces=[300]) for y_hat in clouds]

    parts = targets(), frames()
    whole = seconds(lambda: go.Figure(parts[0])) + 20 * seconds(lambda: go.Figure(frames=parts[1]))
    return seconds(targets) + 20 * seconds(frames) + whole


def row(work, against, wanted, mine, theirs):
    """mine, theirs: functions of no argument that return seconds; theirs over mine is the ratio."""
    mine(), theirs()  # warm
    show(work, against, wanted, [(mine(), theirs()) for _ in range(ROUNDS)])


def show(work, against, wanted, times):
    ratio = statistics.median(b / a for a, b in times)
    a, b = (statistics.median(column) * 1e6 for column in zip(*times, strict=True))
    wish = f"wanted {wanted} x" if wanted else ""
    print(f"{work:58} {against:22} {a:8.0f} us {b:8.0f} us {ratio:7.1f} x   {wish}", flush=True)


def main():
    print(f"{'work':58} {'against':22} {'ours':>11} {'theirs':>11} {'ratio':>9}")
    for activation in ("tanh", "relu"):
        work = f"Adam, 300 samples, 2-16-16-2 {activation}"
        for dtype in ("float32", "float64"):
            row(f"{work}, {dtype}", "scikit-learn", 4, partial(ours, SMALL, activation, 300, 1000, dtype),
                partial(scikit_learn, SMALL, activation, 300, 300, dtype))
        row(f"{work}, float32", "a plain torch loop", 3, partial(ours, SMALL, activation, 300, 1000, "float32"),
            partial(torch_loop, SMALL, activation, 300, 300))
    row("the torch twin through train, 100 frames kept", "a plain torch loop", 1,
        partial(torch_twin, SMALL, "tanh", 300, 500), partial(torch_loop, SMALL, "tanh", 300, 500))
    row("Adam, 300 samples, 10-128-64-3 relu, float32", "a plain torch loop", 1,
        partial(ours, WIDE, "relu", 300, 300, "float32"), partial(torch_loop, WIDE, "relu", 300, 300))
    for n, dtype, wanted in ((100, "float64", 12), (300, "float32", None), (300, "float64", None)):
        row(f"100 seeds of 2-2-2 relu, {n} samples, {dtype}, 2000 steps", "100 solo runs", wanted,
            partial(ensemble, n, 100, 2000, dtype), partial(solo_runs, n, 100, 2000, dtype))
    page_engine()
    few, every = watched(50), watched(5000)
    row("the animation of a 5000-step run on 300 points", "a trace a point, 5001", None, partial(animation, *few),
        partial(naive_animation, *every))
    took, count = regions()
    print(f"{f'exact regions of a trained 2-16-16-1: {count} found':58} {'-':22} {took * 1e3:8.1f} ms {'':22} wanted < 1000 ms")
    print(f"{'import mlpbook, after NumPy':58} {'-':22} {importing() * 1e3:8.1f} ms {'':22} wanted < 300 ms")
    in_page.main()


if __name__ == "__main__":
    main()
