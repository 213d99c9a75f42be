"""CONTRIBUTING.md, done to the letter in a copy of the repository: its files written, its changes made, its commands run."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from shared import ROOT

from mlpbook import __version__

BIN = Path(sys.executable).parent
FENCE = re.compile(r"^(?:`([^`\n]+)`\n\n)?(`{3,})(\w*)\n(.*?)^\2$", re.MULTILINE | re.DOTALL)
LEFT_OUT = shutil.ignore_patterns(".*", "_build", "build", "*.egg-info", "node_modules", "__pycache__")


def example(title):
    """[(path or "", language, text), ...] of the blocks below a heading."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = re.search(rf"^## {title}\n(.*?)(?=^## An? |\Z)", text, re.MULTILINE | re.DOTALL)[1]
    return [(path, language, body) for path, _, language, body in FENCE.findall(section)]


class Copy:
    """The repository in another folder, to be changed; its code comes before what is installed here."""

    def __init__(self, folder):
        self.root, self.touched = folder / "mlpbook", set()
        shutil.copytree(ROOT, self.root, ignore=LEFT_OUT)

    def follow(self, title):
        """Writes the files and makes the changes of an example; its commands, one after the other."""
        commands = []
        for path, language, body in example(title):
            self.touched |= {path} if path.endswith(".py") else set()
            if language == "sh":
                commands += body.splitlines()
            elif language == "diff":
                self._change(self.root / path, body.splitlines(keepends=True))
            else:
                assert not (self.root / path).exists(), f"{path} is there already"
                (self.root / path).write_text(body, encoding="utf-8")
        return commands

    def _change(self, path, lines):
        before, after = ("".join(line[1:] for line in lines if line[0] in kept) for kept in (" -", " +"))
        text = path.read_text(encoding="utf-8")
        assert text.count(before) == 1, f"{path.name} has this place {text.count(before)} times:\n{before}"
        path.write_text(text.replace(before, after), encoding="utf-8")

    def run(self, command, **environment):
        """Its output; fails as a reader's terminal would."""
        done = subprocess.run(command.replace(".venv/bin", str(BIN)), shell=True, cwd=self.root, capture_output=True, text=True, check=False,
                              timeout=600, env=os.environ | {"PYTHONPATH": str(self.root)} | environment)
        assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout

    def lint(self, *others):
        self.run(" ".join([".venv/bin/ruff check", *sorted(self.touched), *others]))


@pytest.fixture
def copy(tmp_path):
    return Copy(tmp_path)


def passed(output):
    return int(re.search(r"(\d+) passed", output)[1])


@pytest.mark.usefixtures("node")
def test_an_activation(copy):
    test, = copy.follow("An activation")
    assert passed(copy.run(test)) >= 12
    copy.lint()


@pytest.mark.usefixtures("node")
def test_an_explorable_and_a_chapter(copy, open_page):
    same, places = copy.follow("An explorable")
    assert passed(copy.run(same)) >= 10
    copy.run(places)
    for command in copy.follow("A chapter"):
        copy.run(command)
    copy.lint("book/one-guess.ipynb")
    page = alone(copy, GITHUB_REPOSITORY="Ada/lovelace")
    see(open_page(page.as_uri()))
    follows_its_repository(page)


def alone(copy, **environment):
    """The new chapter's page, from a build of nothing else."""
    (copy.root / "_toc.yml").write_text("{format: jb-book, root: book/one-guess}", encoding="utf-8")
    copy.run(".venv/bin/jupyter-book build . -W -n --keep-going", **environment)
    return copy.root / "_build/html/book/one-guess.html"


def see(opened):
    """The explorable is alive: a key moves the guess, and the words with it."""
    words = opened.locator(".mb-explorable .mb-readout")
    assert words.text_content() == "The guess is 7.00. The mean square of its misses is 17.00."
    opened.get_by_role("slider", name="Guess", exact=True).press("ArrowLeft")
    opened.wait_for_function("document.querySelector('.mb-explorable .mb-readout').textContent.includes('6.90')")


def follows_its_repository(page):
    """Colab is sent to the branch that the workflow fills, and its first cell to where Pages serves that branch."""
    branch = re.search(r"--initial-branch=(\S+)", (ROOT / ".github/workflows/book.yml").read_text(encoding="utf-8"))[1]
    colab = re.search(r'"https://colab\.research\.google\.com/github/([^"]+)"', page.read_text(encoding="utf-8"))[1]
    path = colab.removeprefix(f"Ada/lovelace/blob/{branch}/")
    notebook = json.loads((page.parents[1] / path).read_text(encoding="utf-8"))
    first = "".join(notebook["cells"][0]["source"])
    assert f'"https://ada.github.io/lovelace/{Path(path).parent}/mlpbook-{__version__}-py3-none-any.whl"' in first
