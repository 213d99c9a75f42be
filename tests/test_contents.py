"""The introduction's plan of the book is the table of contents."""

import json
import re

import yaml
from shared import ROOT


def test_the_introduction_names_every_page_in_order():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    parts = {part["caption"]: [chapter["file"].removeprefix("book/") for chapter in part["chapters"]] for part in toc["parts"]}
    notebook = json.loads((ROOT / "book/intro.ipynb").read_text(encoding="utf-8"))
    text = "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    plan = re.search(r"^## What is in this edition\n(.*?)^## ", text, re.MULTILINE | re.DOTALL)[1]
    assert re.findall(r"\]\(([\w-]+)\)", plan) == [page for pages in parts.values() for page in pages]
    headings = re.findall(r"^(\w.*):$", plan, re.MULTILINE)
    assert headings[:-1] == [caption for caption in parts if caption != "Reference"]
