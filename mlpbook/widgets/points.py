"""Points of two classes to draw in an explorable: what may be given, checked once for all that show some."""

import numpy as np
import traitlets

from .. import validate


class LabelledPoints(traitlets.HasTraits):
    """For an explorable with the traits `points` (n, 2) and `labels` (n,) of 0 and 1, shown up to `extent`."""

    extent = 4.0

    def set_data(self, points, labels):
        """New data at once: points (n, 2) inside the picture, labels (n,) of 0 and 1. On a TraitError the old stay."""
        with self.hold_trait_notifications():
            self.points, self.labels = points, labels

    # Each of the two is checked against the other, so both are checked after either is set (set_data sets both).
    @traitlets.validate("points")
    def _check_points(self, proposal):
        points = numbers("points", proposal["value"], ndim=2, columns=2)
        if points and np.abs(points).max() > self.extent:
            raise traitlets.TraitError(f"points must lie within {self.extent:g} of 0 in both inputs, the part of the plane "
                                       f"that is shown; got {np.abs(points).max():g}. Standardise them first")
        self._check_lengths(len(points), len(self.labels))
        return points

    @traitlets.validate("labels")
    def _check_labels(self, proposal):
        labels = numbers("labels", proposal["value"], ndim=1)
        if not set(labels) <= {0, 1}:
            raise traitlets.TraitError(f"labels must be 0 or 1, got {sorted(set(labels))}")
        self._check_lengths(len(self.points), len(labels))
        return [int(label) for label in labels]

    def _check_lengths(self, points, labels):
        if points != labels:
            raise traitlets.TraitError(f"every point needs a label: got {points} points and {labels} labels. "
                                       "To change both, use set_data(points, labels)")


def numbers(name, value, **shape):
    """`value` as nested lists; [] stays. TraitError as `validate.array`'s ValueError."""
    if hasattr(value, "__len__") and len(value) == 0:
        return []
    try:
        return validate.array(name, value, **shape).tolist()
    except ValueError as error:
        raise traitlets.TraitError(str(error)) from None
