"""The notebooks' execution: what makes a recorded one stale, and several at once where a build has many to execute."""

import functools
import hashlib
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import distributions
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from sphinx.util.display import status_iterator


def setup(app):
    app.connect("config-inited", _configure)
    app.connect("env-get-outdated", _outdated)
    app.connect("env-before-read-docs", _execute)


def _configure(app, config):
    os.environ["TQDM_DISABLE"] = "1"  # a page shows what a cell says, not how long it took to say it
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # a kernel for each core: threads of their own would wait for each other
    # The execution cache knows a notebook by its own code alone; what the code imports decides its outputs too.
    caches = Path(app.outdir).parent / ".executed"
    config.nb_execution_cache_path = str(caches / _fingerprint())
    for stale in caches.glob("*"):
        if stale.name != _fingerprint():
            shutil.rmtree(stale)


@functools.cache
def _fingerprint(package=Path(__file__).parent.parent):
    """Changes with any file of this package and with any installed version."""
    seen = hashlib.sha256(repr(sorted((d.metadata["Name"], d.version) for d in distributions())).encode())
    for path in sorted(package.rglob("*.*")):
        if path.suffix in {".py", ".js", ".css", ".html"}:
            seen.update(path.read_bytes())
    return seen.hexdigest()[:16]


def _outdated(app, env, added, changed, removed):
    """Every page is read again when the package has changed."""
    before, env.mlpbook_fingerprint = getattr(env, "mlpbook_fingerprint", None), _fingerprint()
    return [] if before == _fingerprint() else sorted(env.found_docs)


def _execute(app, env, docnames):
    """Executes what the cache does not hold, a notebook per core: myst-nb, which then finds all there, takes them singly,
    and where a kernel sends one print in two pieces it would put a blank line between them.

    A notebook that fails is left to myst-nb, which executes it again and reports where and why.
    """
    if app.config.nb_execution_mode != "cache":
        return
    cache, waiting = get_cache(app.config.nb_execution_cache_path), []
    for path in (Path(env.doc2path(name)) for name in docnames):
        if path.suffix == ".ipynb":
            notebook = nbformat.read(path, as_version=4)
            try:
                cache.match_cache_notebook(notebook)
            except KeyError:
                waiting.append((path, notebook))
    if not waiting:
        return
    execute = functools.partial(
        single_nb_execution, timeout=app.config.nb_execution_timeout, allow_errors=False, coalesce_streams=True)
    with ThreadPoolExecutor(max(2, os.cpu_count() or 1)) as pool:  # a thread waits for a kernel, a process of its own
        done = pool.map(lambda item: (*item, execute(item[1], str(item[0].parent))), waiting)
        for path, notebook, result in status_iterator(
                done, "executing notebooks... ", length=len(waiting), stringify_func=lambda item: item[0].stem):
            if result.err is None:
                bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": result.time})
                cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
