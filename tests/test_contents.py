"""The introduction's plan of the book is the table of contents, and the page for teachers says what the chapters say."""

import contextlib
import io
import json
import re

import pytest
import yaml
from shared import ROOT

from mlpbook.widgets.playground_traits import CONTROLS

PARTS = {part["caption"]: [chapter["file"].removeprefix("book/") for chapter in part["chapters"]]
         for part in yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))["parts"]}
NUMBERED = [page for pages in list(PARTS.values())[:3] for page in pages]
TEACHING = (ROOT / "book/teaching.md").read_text(encoding="utf-8")


def text(page):
    """The words of a notebook, without its code."""
    cells = json.loads((ROOT / f"book/{page}.ipynb").read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def test_the_introduction_names_every_page_in_order():
    plan = re.search(r"^## What is in this edition\n(.*?)^## ", text("intro"), re.MULTILINE | re.DOTALL)[1]
    assert re.findall(r"\]\(([\w-]+)\)", plan) == [page for pages in PARTS.values() for page in pages]
    headings = re.findall(r"^(\w.*):$", plan, re.MULTILINE)
    assert headings[:-1] == [caption for caption in PARTS if caption != "Reference"]


def opening(page):
    """The paragraph of a chapter that says how long it takes and what it needs."""
    return re.search(r"^About .*?(?=^\s*$|^:::)", text(page), re.MULTILINE | re.DOTALL)[0]


@pytest.mark.parametrize("page", NUMBERED)
def test_the_row_of_a_chapter_is_what_the_chapter_says(page):
    row = re.search(rf"^\| \[\]\({page}\.ipynb\) \| (\d+) \| (.*?) \| ?(.*?) ?\|$", TEACHING, re.MULTILINE)
    minutes, short, needs = row.groups()
    said = opening(page)
    assert minutes == re.search(r"About (\d+) minutes", said)[1]
    assert set(re.findall(r"\]\(([\w-]+)\.ipynb\)", needs)) == set(re.findall(r"\]\(([\w-]+)\.ipynb\)", said))
    exercises = re.findall(r"\{numref\}`%s <([\w-]+)>`", short)
    assert len(exercises) == 3
    assert set(exercises) <= set(re.findall(r":::\{exercise\}.*\n:label: ([\w-]+)", text(page)))
    if "the short way" in " ".join(said.split()):
        count = re.findall(r"<(ex-[\w-]+)>", said)
        assert exercises == count


def test_the_range_of_minutes_in_the_introduction():
    minutes = [int(re.search(r"About (\d+) minutes", opening(page))[1]) for page in NUMBERED]
    assert f"A chapter takes {min(minutes)} to {max(minutes)} minutes to read" in text("intro")


def test_the_plans_name_the_chapters_in_the_order_of_the_book():
    five, ten = re.search(r"\*\*Five lessons\*\*(.*?)\*\*Ten lessons\*\*(.*?)^\(sec", TEACHING, re.MULTILINE | re.DOTALL).groups()
    for plan, lessons in ((five, 5), (ten, 10)):
        items = re.findall(r"^\d+\. \[.*?\]\(([\w-]+)\.ipynb\)", plan, re.MULTILINE)
        assert len(items) == lessons and items == sorted(items, key=NUMBERED.index)
    left_over = re.findall(r"\]\(([\w-]+)\.ipynb\)", ten)
    assert sorted(left_over) == sorted(NUMBERED)


def test_the_code_for_teachers_prints_what_stands_below_it():
    scope = {}
    blocks = re.findall(r"^```python\n(.*?)^```(?:\n\n```text\n(.*?)^```)?", TEACHING, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 3
    for code, shown in blocks:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(code, scope)
        assert printed.getvalue() == shown
    play = scope["play"]
    free = set(CONTROLS) - {*play.hidden, *play.locked}
    assert free == {"lr", "probe", "speed", "run", "step", "restart"}  # as the sentence above it says


def test_every_control_has_its_name_there():
    assert len(CONTROLS) == 19 and "nineteen controls" in TEACHING
    named = re.search(r"^The names are those of the arguments:(.*?)\n\n", TEACHING, re.MULTILINE | re.DOTALL)[1]
    assert re.findall(r"`(\w+)`", named)[:len(CONTROLS)] == list(CONTROLS)
