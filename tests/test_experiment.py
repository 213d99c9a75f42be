"""Kernel experiments: the function runs with what the controls say, one run at a time, and can be ended and begun anew."""

import threading
import time

import ipywidgets
import numpy as np
import pytest

import mlpbook as mb

rng = np.random.default_rng(0)
DATA = (rng.normal(size=(20, 2)), rng.normal(size=(20, 1)))
LONG = 10**9  # epochs: nobody waits for its end


def until(condition, most=20):
    end = time.monotonic() + most
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)


def control(made, name):
    return made._controls[name]


def idle(made):
    return not made._running


@pytest.fixture
def record():
    """A training whose length is a control, and the values of all calls."""
    calls = []

    def record(epochs=3, width=4, activation="tanh"):
        calls.append((epochs, width, activation))
        run = mb.train(mb.torch_mlp.MLP([2, width, 1], activation), DATA, epochs=epochs, frames=0)
        record.returned.append(epochs)
        return run

    record.calls, record.returned = calls, []
    record.controls = dict(epochs=[3, 5, LONG], width=(2, 8, 2), activation=["relu", "tanh"])
    return record


def test_the_first_result_is_there_at_once_and_controls_start_at_the_functions_defaults(record):
    made = mb.widgets.experiment(record, **record.controls)
    assert record.calls == [(3, 4, "tanh")]
    assert len(made.result.losses) == 3
    assert repr(made) == "experiment: epochs 3, width 4, activation tanh"
    assert made.values == {"epochs": 3, "width": 4, "activation": "tanh"}


def test_a_change_runs_the_function_again(record):
    made = mb.widgets.experiment(record, **record.controls)
    control(made, "epochs").value = 5
    until(lambda: idle(made))
    control(made, "width").value = 8
    until(lambda: idle(made))
    assert record.calls[1:] == [(5, 4, "tanh"), (5, 8, "tanh")]
    assert made.result.model(0).sizes == [2, 8, 1] and len(made.result.losses) == 5
    assert made._status.value.startswith("Done in")


def test_stop_ends_the_training_and_shows_the_run_so_far(record):
    made = mb.widgets.experiment(record, **record.controls)
    control(made, "epochs").value = LONG
    until(lambda: "of 1000000000, loss" in made._status.value)
    assert made._button.description == "Stop" and "Training: epoch" in made._status.value
    made._button.click()
    until(lambda: idle(made))
    assert made.result.stopped.startswith("Interrupted after") and 0 < len(made.result.losses) < LONG
    assert made._status.value.startswith("Stopped after")
    until(lambda: made._button.description == "Run again")
    control(made, "epochs").value = 3
    until(lambda: idle(made))
    made._button.click()
    until(lambda: idle(made))
    assert [call[0] for call in record.calls] == [3, LONG, 3, 3]
    assert made.result.stopped == ""


def test_changes_during_a_run_begin_it_anew_once_with_the_newest_values(record):
    made = mb.widgets.experiment(record, **record.controls)
    control(made, "epochs").value = LONG
    until(lambda: "loss" in made._status.value)
    for name, value in (("width", 2), ("width", 6), ("activation", "relu"), ("epochs", 5)):
        control(made, name).value = value
    until(lambda: idle(made))
    *given_up, last = record.calls[1:]
    assert last == (5, 6, "relu") and made.result.stopped == ""
    assert 1 <= len(given_up) <= 4 and {epochs for epochs, *_ in given_up} == {LONG}
    assert record.returned == [3, 5]  # those given up did not even come back


def test_two_trainings_in_one_function_are_both_stopped():
    runs = []

    def both(epochs=3):
        runs.append([mb.train(mb.MLP([2, 3, 1]), DATA, epochs=epochs, frames=0) for _ in range(2)])
        return runs[-1][1]

    made = mb.widgets.experiment(both, epochs=[3, LONG])
    control(made, "epochs").value = LONG
    until(lambda: "loss" in made._status.value)
    made._button.click()
    until(lambda: idle(made))
    assert [run.stopped[:11] for run in runs[-1]] == ["Interrupted"] * 2


def test_trainings_elsewhere_are_not_stopped(record):
    made = mb.widgets.experiment(record, **record.controls)
    control(made, "epochs").value = LONG
    until(lambda: "loss" in made._status.value)
    made._button.click()
    assert mb.train(mb.MLP([2, 3, 1]), DATA, epochs=50).stopped == ""
    until(lambda: idle(made))


def test_an_error_is_shown_in_full_and_the_result_before_it_stands():
    def fails(n=1):
        return "fine" if n == 1 else 1 / (n - 2) if n < 4 else None

    made = mb.widgets.experiment(fails, n=(1, 4, 1))
    for n, words in ((2, "ZeroDivisionError: division by zero"), (4, "must return what is to be shown")):
        control(made, "n").value = n
        until(lambda: idle(made))
        assert words in made._status.value
        assert ("return &quot;fine&quot; if n == 1" in made._status.value) == (n == 2)  # the line of the function
        assert made.result == "fine"
    control(made, "n").value = 3
    until(lambda: idle(made))
    assert made.result == 1.0


def test_an_error_of_the_first_run_is_the_cells():
    with pytest.raises(ZeroDivisionError):
        mb.widgets.experiment(lambda n: 1 / n, n=(0, 2, 1))
    assert mb.progress.FOLLOW.get() is None


def test_only_one_thread_works_at_a_time(record):
    made, most = mb.widgets.experiment(record, **record.controls), 0
    for width in (2, 4, 6, 8) * 5:
        control(made, "width").value = width
        most = max(most, sum(thread._target == made._work for thread in threading.enumerate() if hasattr(thread, "_target")))
    until(lambda: idle(made))
    assert most == 1
    assert record.calls[-1] == (3, 8, "tanh") and made.result.model(0).sizes == [2, 8, 1]


@pytest.mark.parametrize(("given", "kind", "value", "told"), [
    ((1, 9, 2), ipywidgets.IntSlider, 1, ["the knob", "1", "1 to 9"]),
    ((0.001, 0.1, 0.001), ipywidgets.FloatSlider, 0.001, ["the knob", "0.001", "0.001 to 0.1"]),
    (["relu", 3, None, True], ipywidgets.Dropdown, "relu", ["the knob", "relu", "relu, 3, None, True"]),
    (True, ipywidgets.Checkbox, True, ["the knob", "True", "True or False"]),
], ids=str)
def test_kinds_of_controls(given, kind, value, told):
    made = mb.widgets.experiment(lambda the_knob: str(the_knob), the_knob=given)
    knob = control(made, "the_knob")
    assert type(knob) is kind and knob.value == value and made.result == str(value)
    assert mb.widgets.knobs.told(knob) == told
    if kind is ipywidgets.FloatSlider:
        assert knob.readout_format == ".3f"


def started(start):
    def function(knob=start):
        return str(knob)
    return function


@pytest.mark.parametrize(("function", "controls", "words"), [
    (None, dict(knob=True), "needs a function, .* got None"),
    (started(1), {}, "needs a control"),
    (started(1), dict(width=(1, 2, 1)), "must take width by name"),
    (lambda a, b: 1, dict(a=True), "must take a by name, and need nothing else: missing a required argument: 'b'"),
    (started(1), dict(knob=(1, 2)), "control knob must be"), (started(1), dict(knob="tanh"), "control knob must be"),
    (started(1), dict(knob=(1, float("nan"), 1)), "control knob must be"), (started(1), dict(knob=5), "control knob must be"),
    (started(1), dict(knob=(1, 10**400, 1)), "control knob must be"), (started(1), dict(knob=[1, 10**400]), "control knob must list"),
    (started(1), dict(knob=(2, 1, 1)), "control knob must be .* low < high"), (started(1), dict(knob=(1, 2, 0)), "0 < step"),
    (started(1), dict(knob=(1, 2, 3)), "0 < step <= high - low"), (started(1), dict(knob=[]), "control knob must list"),
    (started(1), dict(knob=[[1]]), "control knob must list"), (started(1), dict(knob=[1, 1]), "control knob lists a choice twice"),
    (started(3), dict(knob=[1, 2]), "control knob starts at the function's default, 3"),
    (started(4), dict(knob=(1, 9, 2)), r"control knob starts at .* 4 \(int\), which is not one of 1, 3, ... up to 9"),
    (started(0), dict(knob=(1, 9, 2)), "control knob starts at"), (started("a"), dict(knob=(1, 9, 2)), "control knob starts at"),
    (lambda knob: None, dict(knob=True), "must return what is to be shown"),
], ids=lambda value: "function" if callable(value) else str(value)[:60])
def test_what_cannot_be_is_refused_by_name(function, controls, words):
    with pytest.raises(ValueError, match=words):
        mb.widgets.experiment(function, **controls)
