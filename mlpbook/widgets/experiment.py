"""Kernel experiments: controls that run a function of yours again, real training and all, when one of them changes.

An explorable needs no kernel; this does. The function runs in a thread, because a kernel reads no message while it runs a
cell or answers a message: Stop would be heard when there is nothing left to stop. To look for messages between slices of the
work (asyncio, `kernel.do_one_iteration`), one would have to cut the function into slices and reach into the kernel's loop,
which JupyterLab, Colab and the classic notebook each run in a way of their own. In a thread any function works, everywhere.
"""

import html
import inspect
import numbers
import threading
import time
import traceback
import uuid

import ipywidgets

from .. import validate
from ..progress import FOLLOW
from . import knobs

VIEW = "application/vnd.jupyter.widget-view+json"
PLOTLY = "application/vnd.plotly.v1+json"
KNOBS = "mlpbook-experiment"  # the metadata of the panel's output, by which the book knows it


def experiment(function, /, **controls):
    """Run `function` for the starting values of its `controls` now, and again when one is changed; show what it returns.

    >>> experiment(lambda width: f"{width} units", width=(1, 8, 1))
    experiment: width 1

    function: takes the controls' values by name and returns what a notebook can show: a figure, a Run.
    controls: (low, high, step) is a slider, of whole numbers where all three are; a list of names, numbers, True, False or
    None is a menu; both start at the function's default for it, else at their first value. True or False is a box, so set.

    The progress shown is that of `mb.train`, and Stop ends it as Ctrl-C does: it returns the Run so far, and so the figure of
    that much is shown. A change during a run begins anew, with the newest values. (A loop that is not `mb.train`'s runs to its
    end first.) An error of the function is shown in full, and the figure before it stands. `.result` is what it last returned.
    ValueError: a control or a start that cannot be, named; a function that does not take the controls, or returns None.
    """
    return Experiment(function, controls)


class Experiment:
    """See `experiment`. values: what the controls say now; result: what the function returned last."""

    def __init__(self, function, controls):
        starts = _starts(function, controls)
        self._function = function
        self._controls = {name: knobs.make(name, allowed, starts[name]) for name, allowed in controls.items()}
        follower = FOLLOW.set(lambda progress, loss: None)  # no bar of its own: what the cell puts out is the same each time
        try:
            self.result = function(**self.values)
        finally:
            FOLLOW.reset(follower)
        self._shown, self._id = _bundle(self.result), uuid.uuid4().hex
        self._lock, self._running, self._newer, self._stop, self._said = threading.Lock(), False, False, False, 0.0
        self._button = ipywidgets.Button(description="Run again")
        self._status = ipywidgets.HTML()
        self._panel = ipywidgets.VBox([*self._controls.values(), ipywidgets.HBox([self._button, self._status])])
        self._button.on_click(self._press)
        for control in self._controls.values():
            control.observe(self._turn, "value")

    @property
    def values(self):
        return {name: control.value for name, control in self._controls.items()}

    def __repr__(self):
        return "experiment: " + ", ".join(f"{name} {value}" for name, value in self.values.items())

    def _ipython_display_(self):
        from IPython.display import publish_display_data

        view = {"version_major": 2, "version_minor": 0, "model_id": self._panel.model_id}
        told = [knobs.told(control) for control in self._controls.values()]
        publish_display_data({VIEW: view, "text/plain": repr(self)}, {KNOBS: told})
        self._publish(update=False)

    # --- what the reader does: heard by the kernel while the thread works

    def _turn(self, change):
        self._go()

    def _press(self, button):
        with self._lock:
            running = self._stop = self._running
        if not running:
            self._go()

    def _go(self):
        with self._lock:
            self._newer, self._stop = True, False
            if self._running:
                return  # the thread will see it
            self._running = True
        threading.Thread(target=self._work, daemon=True).start()

    # --- the thread

    def _work(self):
        FOLLOW.set(self._follow)  # a thread has a context of its own: trainings elsewhere are not followed
        self._button.description = "Stop"
        while self._next():
            self._say("Running …")
            start = time.perf_counter()
            try:
                result = self._function(**self.values)
                self._shown = _bundle(result)
            except _Abandoned:
                continue
            except KeyboardInterrupt:
                self._say("Stopped before there was anything to show.")
            except BaseException as error:
                trace = "".join(traceback.format_exception(type(error), error, error.__traceback__.tb_next))
                self._say(f"<pre>{html.escape(trace)}</pre>")
            else:
                self.result = result
                self._publish(update=True)
                seconds = f"{time.perf_counter() - start:.1f} s"
                self._say(f"Stopped after {seconds}: this is how far it had come." if self._stop else f"Done in {seconds}.")
        self._button.description = "Run again"

    def _next(self):
        with self._lock:
            self._running, self._newer = self._newer, False
            self._stop = self._stop and self._running
            return self._running

    def _follow(self, progress, loss):
        """Called by every training of the function after each epoch."""
        if self._newer:
            raise _Abandoned
        if self._stop:
            raise KeyboardInterrupt
        if time.perf_counter() > self._said + 0.1:
            told = "" if loss is None else f", loss {float(loss):.3g}" if isinstance(loss, numbers.Real) else ""
            self._say(f"{progress.doing.capitalize()}: {progress.unit} {progress.done} of {progress.epochs}{told}")

    def _say(self, text):
        self._said, self._status.value = time.perf_counter(), text

    def _publish(self, update):
        from IPython.display import publish_display_data

        data, metadata = self._shown
        if update and PLOTLY in data:  # JupyterLab's plotly draws a figure once: it needs a new place, not new data
            publish_display_data({"text/plain": ""}, transient={"display_id": self._id}, update=True)
        publish_display_data(data, metadata, transient={"display_id": self._id}, update=update)


class _Abandoned(BaseException):
    """The values have changed: nobody asks for this run any more."""


def _bundle(result):
    """(data, metadata) as a notebook shows `result`."""
    if result is None:
        raise ValueError("the function of an experiment must return what is to be shown, for example a figure; "
                         "it returned None")
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        return {"text/plain": repr(result)}, {}
    if hasattr(result, "_ipython_display_") and hasattr(result, "_repr_mimebundle_"):  # plotly's would show itself elsewhere
        return result._repr_mimebundle_(), {}
    return shell.display_formatter.format(result)


def _starts(function, controls):
    """{name: the function's default for it, or knobs.UNSET}."""
    if not callable(function):
        raise ValueError("an experiment needs a function, for example fit in experiment(fit, width=(1, 64, 1)); "
                         f"got {validate.shown(function)}")
    if not controls:
        raise ValueError(f"an experiment needs a control, {knobs.EXAMPLES}")
    signature = inspect.signature(function)
    try:
        signature.bind(**controls)
    except TypeError as error:
        raise ValueError(f"the function must take {', '.join(controls)} by name, and need nothing else: {error}") from None
    defaults = {name: p.default for name, p in signature.parameters.items() if p.default is not p.empty}
    return {name: defaults.get(name, knobs.UNSET) for name in controls}
