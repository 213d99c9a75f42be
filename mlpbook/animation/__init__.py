"""Training you can watch: from a Run to a plotly figure with a scrubber, and from there to a file.

    run = mb.train(mlp, data, epochs=5000, frames=50)
    mb.animation.predictions(run, data)   # make it the last line of a cell
    mb.animation.save(mb.animation.losses(run), "losses.gif")

Whatever moves is computed anew from the snapshots in the Run, so nothing has to be watched during the training. The
figures are plain plotly figures of at most 60 frames after the start.
"""

from .clouds import predictions
from .curves import fit, losses
from .panels import side_by_side
from .saving import save
from .surfaces import surface

__all__ = ["fit", "losses", "predictions", "save", "side_by_side", "surface"]
