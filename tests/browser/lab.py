"""A real JupyterLab on this machine, and a notebook open in it: cells, the kernel behind them, and what they show."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat
from shared import ROOT

SETTINGS = {"notebook-extension/tracker": {"windowingMode": "none"}}  # a cell that is scrolled away stays in the page


@contextlib.contextmanager
def server(folder):
    """The address of a JupyterLab over `folder`, set up as `make lab` sets it up: loopback only, no token, and no file of the
    user's read or written."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = folder / "home"
    for name, values in SETTINGS.items():
        file = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(values), encoding="utf-8")
    (folder / "notebooks").mkdir()
    own = {name: str(home / name.lower()) for name in (
        "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR")}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
               "--ServerApp.port_retries=0", "--IdentityProvider.token=", f"--ServerApp.root_dir={folder / 'notebooks'}",
               "--expose-app-in-browser"]
    own |= {"JUPYTER_CONFIG_PATH": str(ROOT / "tools/lab"), "JUPYTERLAB_SETTINGS_DIR": str(home / "settings")}
    with (folder / "lab.log").open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, **own}, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address + "/api", process, folder / "lab.log")
            yield address
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(address, process, log, most=60):
    end = time.monotonic() + most
    while True:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError as error:
            if process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"JupyterLab did not start:\n{log.read_text()[-2000:]}") from error
            time.sleep(0.1)


class Notebook:
    """A new notebook, or a copy of another, open in a Playwright page, with a kernel that runs."""

    def __init__(self, page, address, folder, name="test", source=None):
        self.page = page
        path = folder / "notebooks" / f"{name}.ipynb"
        if source:
            shutil.copy(source, path)
        else:
            nbformat.write(nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}), path)
        page.goto(f"{address}/lab/workspaces/{name}/tree/{name}.ipynb?reset")
        page.wait_for_function("self.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'", timeout=120_000)

    def show(self, code):
        """Runs `code` in a new cell at the end; the locator of what the cell puts out."""
        index = self.page.evaluate("""async (code) => {
            const {commands, shell} = jupyterapp;
            const {content} = shell.currentWidget;
            content.activeCellIndex = content.widgets.length - 1;
            await commands.execute('notebook:insert-cell-below');
            content.activeCell.model.sharedModel.setSource(code);
            await commands.execute('notebook:run-cell');
            return content.activeCellIndex;
        }""", code)
        return self.page.locator(".jp-Notebook-cell").nth(index).locator(".jp-OutputArea")

    def python(self, code):
        """What `code` prints in the kernel, beside all cells."""
        printed, error = self.page.evaluate("""async (code) => {
            let printed = '', error = null;
            const future = jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute({code});
            future.onIOPub = ({header, content}) => {
              if (header.msg_type === 'stream') printed += content.text;
              if (header.msg_type === 'error') error = content.traceback.join('\\n');
            };
            await future.done;
            return [printed, error];
        }""", code)
        assert error is None, error
        return printed

    def value(self, expression):
        """The value of a Python expression in the kernel, by way of JSON."""
        return json.loads(self.python(f"import json; print(json.dumps({expression}))"))

    def run_module(self, source, traits):
        """Runs `default({model})` of an ES module inside an anywidget here: (what it returned, the traits in Python after)."""
        shim = ("const text = " + json.dumps(source) + """;
            export default { async render({ model, el }) {
              let report;
              try {
                const module = await import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
                report = { value: (await module.default({ model })) ?? null };
              } catch (error) {
                report = { error: `${error}\\n${error?.stack}` };
              }
              model.save_changes();
              el.append(Object.assign(document.createElement("pre"), { className: "report", textContent: JSON.stringify(report) }));
            } };""")
        shown = self.show(f"""import anywidget, json, traitlets
_traits = json.loads({json.dumps(traits)!r})
host = type("Host", (anywidget.AnyWidget,), {{"_esm": {shim!r},
            **{{name: traitlets.Any(value).tag(sync=True) for name, value in _traits.items()}}}})()
host""")
        report = json.loads(shown.locator(".report").text_content(timeout=20_000))
        assert "error" not in report, report["error"]
        return report["value"], self.value("{name: getattr(host, name) for name in _traits}")
