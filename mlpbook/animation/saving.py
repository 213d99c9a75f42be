"""An animation as a file that needs neither Jupyter nor a network: a page, a GIF, a video."""

import os
from pathlib import Path

from .. import theme, validate
from ..progress import Progress
from ..run import Run
from . import curves, film, snapshots

LINGER = 12  # how often the last frame is shown, so that one sees where it ended
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
html {{ color-scheme: light dark; }}
body {{ margin: 0; }}
main {{ max-width: 60rem; margin: 0 auto; font-family: system-ui, sans-serif; }}
h1 {{ position: absolute; opacity: 0; }}
{style}</style>
<main class="mb-plotly">
<h1>{title}</h1>
<script type="application/json">{figure}</script>
<p class="mb-fallback">It is drawn by a script, which your browser does not run.</p>
</main>
<script>{plotly}</script>
<script>
{script}</script>
"""
NO_FFMPEG = ("an .mp4 needs the program ffmpeg, which is not installed. On Debian, Ubuntu or Colab: apt install ffmpeg; on "
             "macOS: brew install ffmpeg; with conda: conda install ffmpeg. Or save a .gif or an .html instead")


def save(figure, path, progress=None):
    """Write an animation to `path`, whose end says what it becomes; -> the Path.

    .html: the figure and its controls as the book shows them, with all of plotly.js, a page that needs no network; .gif and
    .mp4: its frames drawn by Matplotlib (.mp4 by ffmpeg, where that is installed). figure: of this module, or a Run, of which
    `losses` is saved.
    progress: whether to show a bar (None: after 2 s). A file that was there is replaced once the new one is complete.
    ValueError: another ending, a place where nothing can be written, no frames, no ffmpeg; nothing is left behind then.
    """
    if isinstance(figure, Run):
        figure = curves.losses(figure)
    _check(figure)
    path = _checked_path(path)
    write = WRITERS[path.suffix.lower()]
    show = None if progress is None else validate.flag("progress", progress)
    part = path.with_name(f".{os.getpid()}-{path.name}")  # on the same disk, so that it can take the other's place at once
    try:
        part.open("xb").close()
    except OSError as error:
        raise ValueError(f"{path} cannot be written: {error.strerror}; choose another folder") from None
    try:
        write(figure, part, show)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _check(figure):
    import plotly.graph_objects as go

    if not isinstance(figure, go.Figure):
        raise ValueError("figure must be one that mb.animation made, for example mb.animation.losses(run), or a Run; "
                         f"got {validate.shown(figure)}")
    if not 0 < len(figure.frames) <= snapshots.MOST + 1:
        raise ValueError(f"figure has {len(figure.frames)} frames; an animation has 1 to {snapshots.MOST} after its start: "
                         f"mb.train(..., frames={snapshots.MOST})")


def _checked_path(path):
    if not isinstance(path, (str, os.PathLike)) or not str(path):
        raise ValueError(f'path must name a file, for example "training.gif"; got {validate.shown(path)}')
    path = Path(path)
    if path.suffix.lower() not in WRITERS:
        raise ValueError(f"path must end in {', '.join(WRITERS)}; got {str(path)!r}")
    if not path.parent.is_dir():
        raise ValueError(f"{path} cannot be written: there is no folder {path.parent}; make it, or choose another")
    if path.is_dir() or (path.exists() and not os.access(path, os.W_OK)):
        kind = "folder" if path.is_dir() else "protected file"
        raise ValueError(f"{path} cannot be written: it is a {kind}; choose another name")
    return path


def _html(figure, path, show):
    from plotly.offline import get_plotlyjs

    from ..widgets.bundle import classic, read

    path.write_text(PAGE.format(
        title=f"An animation of {len(figure.frames)} frames", style=theme.css("main") + read("film.css"),
        figure=figure.to_json().replace("<", "\\u003c"), plotly=get_plotlyjs(),
        script=classic("figures.js", "module.start(document);")), encoding="utf-8")


def _gif(figure, path, show):
    from matplotlib.animation import PillowWriter

    _draw(PillowWriter(1000 / film.MS), figure, path, show)


def _mp4(figure, path, show):
    from matplotlib.animation import FFMpegWriter

    if not FFMpegWriter.isAvailable():
        raise ValueError(NO_FFMPEG)
    _draw(FFMpegWriter(1000 / film.MS), figure, path, show)


def _draw(writer, figure, path, show):
    from .stills import DPI, Stills

    stills = Stills(figure)
    stills.turn(0)  # what cannot be drawn fails here, before the writer has begun
    last = len(figure.frames) - 1
    order = [*range(last + 1), *[last] * LINGER]
    bar = Progress(len(order), show, "drawing", "frame")
    try:
        with writer.saving(stills.figure, path, DPI):
            for k in order:
                stills.turn(k)
                writer.grab_frame()
                bar.update()
    finally:
        bar.close()


WRITERS = {".html": _html, ".gif": _gif, ".mp4": _mp4}
