"""The notebooks offered for download: nothing of MyST left, and the numbers of the pages they belong to."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted(path.stem for path in (ROOT / "book").glob("*.ipynb") if path.stem != "status")
LEFT = re.compile(r":::|\{[\w:-]+\}`|^\([\w-]+\)=|\$\$\s*\([a-z]+-", re.MULTILINE)


@pytest.fixture(params=CHAPTERS)
def chapter(site, request):
    page = (site / "book" / f"{request.param}.html").read_text(encoding="utf-8")
    return json.loads((site / "notebooks" / f"{request.param}.ipynb").read_text(encoding="utf-8")), page


def texts(notebook):
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"]


def test_no_directive_or_role_is_left(chapter):
    for text in texts(chapter[0]):
        assert not LEFT.search(re.sub(r"```.*?```|`[^`\n]+`", "", text, flags=re.DOTALL)), text


def test_it_begins_with_the_installation_and_a_way_back(chapter):
    first, banner = chapter[0]["cells"][:2]
    assert first["cell_type"] == "code" and "%pip install" in "".join(first["source"])
    assert "its page" in "".join(banner["source"])


class Words(HTMLParser):
    def __init__(self):
        super().__init__()
        self.words = []

    def handle_data(self, data):
        self.words.append(data)


def test_the_numbers_are_those_of_the_page(chapter):
    notebook, page = chapter
    reader = Words()
    reader.feed(page)
    said = " ".join(" ".join(reader.words).split())
    text = "\n".join(texts(notebook))
    named = re.findall(r'^(?:> )?<a id="[\w-]+"></a>\*\*((?:Theorem|Definition|Exercise|Figure) \d+\.\d+)\*\*', text, re.MULTILINE)
    assert named or "intro" in text or "chapter" in text.lower()
    for name in named:
        assert name.replace("Figure", "Fig.") in said, name
    equations = re.findall(r"\\tag\{(\d+\.\d+)\}", text)
    assert len(set(equations)) == len(equations)
    assert all(f"({number})" in said for number in equations)


def test_links_within_a_notebook_lead_somewhere(chapter):
    text = "\n".join(texts(chapter[0]))
    anchors = set(re.findall(r'<a id="([\w-]+)"></a>', text))
    assert set(re.findall(r"\]\(#([\w-]+)\)", text)) <= anchors


def test_an_explorable_is_told_in_words(chapter):
    outputs = [output for cell in chapter[0]["cells"] for output in cell.get("outputs", [])]
    assert not any("application/vnd.jupyter.widget-view+json" in output.get("data", {}) for output in outputs)
    source = "\n".join("".join(cell["source"]) for cell in chapter[0]["cells"])
    told = "\n".join("".join(output.get("data", {}).get("text/plain", "")) for output in outputs)
    for name in set(re.findall(r"mb\.widgets\.(\w+Explorer)\(", source)):
        assert f"{name} (alive on the page “" in told or f"{name} (alive at http" in told
