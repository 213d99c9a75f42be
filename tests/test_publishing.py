"""What publishes the book: the workflow calls what there is, may do no more than it must, and a fork needs no edit."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from shared import ROOT, require

WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/book.yml").read_text(encoding="utf-8"))
JOBS = WORKFLOW["jobs"]
STEPS = [step for job in JOBS.values() for step in job["steps"]]
COMMANDS = "\n".join([*(step["run"] for step in STEPS if "run" in step), (ROOT / ".ci/run").read_text(encoding="utf-8")])


def test_every_target_that_is_made_exists():
    made = set(re.findall(r"[\w-]+", " ".join(re.findall(r"^\s*make((?: +[\w-]+)+)", COMMANDS, re.MULTILINE)))) - {"--keep-going"}
    assert {"book", "test", "notebooks", "offline", "pdf", "links", "test-colab", "test-oldest", "test-newest"} <= made
    listed = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert made <= set(listed)


def test_every_program_of_ours_that_is_called_can_be_run():
    called = re.findall(r"^\s*(?:HOME=/root )?(\.ci/\S+|tools/\S+)", COMMANDS, re.MULTILINE)
    assert ".ci/run" in called
    assert all(os.access(ROOT / path, os.X_OK) for path in called)


def test_what_is_published_is_what_the_targets_write():
    copied = re.search(r"cp (.*) _build/html$", COMMANDS, re.MULTILINE)[1].split()
    written = "".join(path.read_text(encoding="utf-8") for path in [ROOT / "Makefile", *(ROOT / "tools").glob("*.py")])
    assert len(copied) == 3
    for path in copied:
        assert path.removeprefix("_build/").removesuffix(".sha256") in written


def test_actions_are_githubs_own_at_a_version():
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert len(used) >= 4
    assert [name for name in used if not re.fullmatch(r"actions/[\w-]+@v\d+", name)] == []


def test_nobody_may_do_more_than_they_must():
    assert WORKFLOW["permissions"] == {}
    assert {name: job["permissions"] for name, job in JOBS.items()} == {
        "book": {"contents": "read"}, "publish": {"contents": "write", "pages": "write"}, "weekly": {"contents": "read"}}
    assert "secrets." not in (ROOT / ".github/workflows/book.yml").read_text(encoding="utf-8")
    assert not any("uses" in step and "checkout" in step["uses"] for step in JOBS["publish"]["steps"])  # it runs none of our code


def test_only_what_passed_is_published_and_only_from_the_main_branch():
    publish = JOBS["publish"]
    assert publish["needs"] == "book"
    assert "github.event_name != 'pull_request'" in publish["if"] and "github.event.repository.default_branch" in publish["if"]
    assert WORKFLOW[True]["push"] == {"branches-ignore": ["gh-pages"]}  # YAML reads "on" as true
    runs = [step.get("run", "") for step in JOBS["book"]["steps"]]
    assert runs.index("HOME=/root .ci/run") < next(i for i, run in enumerate(runs) if "make " in run)


def test_no_name_of_an_owner_is_in_it():
    text = (ROOT / ".github/workflows/book.yml").read_text(encoding="utf-8")
    assert not re.search(r"github\.com", text)
    assert re.findall(r"@\}/([^\s\"]+)", text) == ["$GITHUB_REPOSITORY.git"]


@pytest.mark.parametrize("step", [step["run"] for step in STEPS if "run" in step], ids=[step["name"] for step in STEPS if "run" in step])
def test_each_script_parses(step):
    subprocess.run(["bash", "-n"], input=step.replace("${{", "$(").replace("}}", ")"), text=True, check=True)


def test_the_branch_holds_the_site_and_nothing_of_the_last_one(tmp_path):
    """The workflow's own script, twice, with a folder in GitHub's place."""
    script = next(step["run"] for step in JOBS["publish"]["steps"] if step.get("working-directory") == "site")
    server = tmp_path / "server.git"
    environment = os.environ | {
        "GITHUB_SERVER_URL": "https://git.example", "GITHUB_REPOSITORY": "ada/lovelace", "GITHUB_SHA": "0" * 40, "GH_TOKEN": "t",
        "HOME": str(tmp_path), "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"url.{server.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://x-access-token:t@git.example/ada/lovelace.git"}
    subprocess.run([require(shutil.which("git"), "no git on the PATH"), "init", "--quiet", "--bare", server], check=True)
    for names in ({"index.html", ".nojekyll", "_static/old.js"}, {"index.html", ".nojekyll", "notebooks/neuron.ipynb"}):
        site = tmp_path / f"site of {len(list(tmp_path.iterdir()))}"
        for name in names:
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            (site / name).write_text(name)
        subprocess.run(["bash", "-e", "-c", script], cwd=site, env=environment, check=True)
        held = subprocess.run(["git", "ls-tree", "-r", "--name-only", "gh-pages"], cwd=server, capture_output=True, text=True, check=True)
        assert set(held.stdout.split()) == names
    count = subprocess.run(["git", "rev-list", "--count", "gh-pages"], cwd=server, capture_output=True, text=True, check=True)
    assert count.stdout == "1\n"


# --- Binder

def test_binder_installs_the_pins_of_the_book():
    lines = (ROOT / "binder/requirements.txt").read_text(encoding="utf-8").splitlines()
    asked = [line for line in lines if line and not line.startswith("#")]
    assert asked == ["-r ../requirements.txt"]
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    version = re.search(r"Python (3\.\d+)", pins)[1]
    assert (ROOT / "binder/runtime.txt").read_text(encoding="utf-8").strip() == f"python-{version}"
    assert {"jupyterlab", "ipywidgets", "anywidget", "torch"} <= set(re.findall(r"^([\w-]+)==", pins, re.MULTILINE))


def test_binder_begins_at_the_introduction_in_a_lab_as_ours(tmp_path):
    script = ROOT / "binder/postBuild"
    assert os.access(script, os.X_OK)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").symlink_to("/bin/true")
    subprocess.run([script], cwd=ROOT, check=True, env={"HOME": str(tmp_path), "PATH": f"{tmp_path}/bin:/usr/bin:/bin"})
    settings = yaml.safe_load((tmp_path / ".jupyter/jupyter_server_config.json").read_text(encoding="utf-8"))
    page = settings["ServerApp"]["default_url"].removeprefix("/lab/tree/")
    assert (ROOT / page).is_file()
    for path in filter(Path.is_file, (ROOT / "tools/lab").rglob("*")):
        assert (tmp_path / ".jupyter" / path.relative_to(ROOT / "tools/lab")).read_bytes() == path.read_bytes()
