"""What an output says where it cannot be shown: in a preview (GitHub, nbviewer, an editor), where nothing has been run.

A preview takes the richest form it can draw and else the plain text, which for a figure is a machine's name for an object.
So the text is replaced by words for the reader: what is to be seen, and where it is alive.
"""

import html
import re
import textwrap

from ..widgets.base import ALIVE
from ..widgets.experiment import KNOBS, PLOTLY, VIEW

_WIDTH = 88  # a preview does not break the lines of an output


def words(output, alt, place):
    """The words for an output, wrapped; None for one that is text as it is.

    alt: the description in the cell's metadata; place: where the page is, as in 'on the page “The neuron” of the built book'.
    ValueError: an output that nothing describes.
    """
    data = output.get("data")
    if output.output_type == "stream" or (data and set(data) == {"text/plain"}):
        return None
    if not data:
        raise ValueError("an error is no output of a chapter: catch it and print what it says")
    if KNOBS in output.metadata:
        knobs = ", ".join(f"{name} {value}" for name, value, _ in output.metadata[KNOBS])
        return _wrap(f"An experiment with knobs (to turn them, run this cell). What follows was recorded with {knobs}.")
    if VIEW in data:
        text = data.get("text/plain", "")
        if ALIVE not in text:
            raise ValueError(f"nothing says in words what this widget shows: {text[:60]}")
        return _wrap(text.replace(ALIVE, f"alive {place}; to have it here, run this cell", 1))
    if "text/markdown" in data:  # a listing
        return re.sub(r"^```\w*\n|\n?```\s*$", "", "".join(data["text/markdown"]))
    if not alt and "image/svg+xml" in data:  # a diagram knows what it shows
        own = re.search(r'<svg\b[^>]*\baria-label="([^"]+)"', "".join(data["image/svg+xml"]))
        alt = own and html.unescape(own[1])
    if not alt:
        raise ValueError('a figure without a description. Say what is to be seen in the cell\'s metadata: '
                         '{"mystnb": {"image": {"alt": "..."}}}')
    if data.get(PLOTLY, {}).get("frames"):
        return _wrap(f"An animation (it plays {place}; to play it here, run this cell). {alt}")
    return _wrap(f"A figure (drawn {place}; to draw it here, run this cell). {alt}")


def _wrap(text):
    return textwrap.fill(" ".join(text.split()), _WIDTH, break_long_words=False, break_on_hyphens=False)
