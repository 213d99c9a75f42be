"""The script of the chapter on PyTorch, started as its readers start it: two processes do what one does."""

import os
import subprocess
import sys

import nbformat
import numpy as np
import pytest
import torch
from shared import ROOT

import mlpbook as mb

MODULE = [sys.executable, "-m", "mlpbook.distributed"]
STEPS, BATCH = 66, 64


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """(what it printed, what it saved)"""
    path = tmp_path_factory.mktemp("ddp") / "result.pt"
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", "-m", "mlpbook.distributed"]
    done = subprocess.run([*torchrun, path], capture_output=True, text=True, encoding="utf-8", timeout=300, cwd=path.parent,
                          env=os.environ | {"OMP_NUM_THREADS": "1"})
    assert done.returncode == 0, done.stderr
    return done.stdout.strip(), torch.load(path, weights_only=True)


@pytest.fixture(scope="module")
def one():
    """The same training written with the package's own NumPy network, in float64 -> (losses, first gradient, network)."""
    train, _ = mb.datasets.split(mb.datasets.digits(), standardise=False)
    torch.manual_seed(0)
    start = torch.nn.Sequential(torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10))
    mlp = mb.MLP([64, 64, 10], "relu")
    for ours, theirs in zip(mlp.linear_layers, (start[0], start[2]), strict=True):
        ours.W[:], ours.b[:] = theirs.weight.detach().numpy().T, theirs.bias.detach().numpy()
    optimizer, losses, first = mb.Momentum(lr=0.1, momentum=0.9), [], None
    for epoch in range(3):
        order = torch.randperm(len(train), generator=torch.Generator().manual_seed(epoch)).numpy()
        for rows in np.split(order, range(BATCH, len(order), BATCH)):
            losses.append(mlp.step(train.x[rows], np.eye(10)[train.y[rows]], mb.cross_entropy, optimizer))
            first = first or [g.copy() for g in mlp.gradients]
    return losses, first, mlp


def test_the_averaged_gradients_of_two_processes_are_those_of_one(one, two):
    for ours, theirs in zip(one[1], two[1]["gradient"], strict=True):
        np.testing.assert_allclose(theirs.numpy().T, ours, rtol=0, atol=1e-6)


def test_so_are_the_losses_of_every_step_and_the_weights_at_the_end(one, two):
    assert len(two[1]["losses"]) == len(one[0]) == STEPS
    np.testing.assert_allclose(two[1]["losses"], one[0], rtol=0, atol=1e-4)
    for ours, theirs in zip(one[2].parameters, two[1]["weights"].values(), strict=True):
        np.testing.assert_allclose(theirs.numpy().T, ours, rtol=0, atol=1e-4)


def test_the_page_shows_what_it_prints(two):
    cells = nbformat.read(ROOT / "book/pytorch.ipynb", as_version=4).cells
    assert sum(f"\n{two[0]}\n" in cell.source for cell in cells) == 1


def test_without_torchrun_it_says_how_to_start_it(tmp_path):
    done = subprocess.run(MODULE, capture_output=True, text=True, encoding="utf-8", cwd=tmp_path)
    assert done.returncode == 1 and "torchrun --standalone" in done.stderr and "Traceback" not in done.stderr
