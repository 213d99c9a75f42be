"""The book's side of the widgets and figures: a Sphinx extension. Nothing it adds to a page comes from elsewhere."""

from .assets import setup

__all__ = ["setup"]
