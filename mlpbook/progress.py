"""A progress bar for what takes long, and none for what does not."""

import os
import time
from contextvars import ContextVar

import numpy as np

BAR_AFTER = 2.0  # seconds
FOLLOW = ContextVar("follow", default=None)  # whoever sets it is called with (progress, loss) at each update, instead of a bar


class Progress:
    """`update(loss)` once an epoch. show: True, False, or None for a bar after 2 s, except under pytest or where the
    environment has TQDM_DISABLE.

    What counts something else than epochs says what it is `doing`, and in which `unit`, and has no loss.
    """

    def __init__(self, epochs, show, doing="training", unit="epoch"):
        self.epochs, self.doing, self.unit, self.done, self.bar = epochs, doing, unit, 0, None
        if show is None and ("PYTEST_VERSION" in os.environ or os.environ.get("TQDM_DISABLE")):
            show = False  # tqdm heeds TQDM_DISABLE in a terminal, but not in a notebook
        self.start, self.follow = time.perf_counter(), FOLLOW.get()
        if self.follow:
            show = False
        self.due = {True: self.start, False: float("inf"), None: self.start + BAR_AFTER}[show]

    def update(self, loss=None):
        self.done += 1
        if self.follow:
            self.follow(self, loss)
        if self.bar is None and time.perf_counter() > self.due:
            from tqdm.auto import tqdm  # drawn as a widget in a notebook, as text elsewhere

            self.bar = tqdm(total=self.epochs, initial=self.done, desc=self.doing, unit=self.unit, leave=False)
        elif self.bar is not None:
            self.bar.update()
            if loss is not None and self.done % 16 == 0:
                self.bar.set_postfix_str(f"loss {np.median(loss):.3g}", refresh=False)  # of an ensemble, the median

    def close(self):
        """-> the seconds since the start."""
        if self.bar is not None:
            self.bar.close()
        return time.perf_counter() - self.start
