"""The offline edition: one zip, unpacked into a folder with an awkward name, opened from disk.

Its pages are the site's, file by file: three of them stand for all, with quizzes, with every explorable, with animations.
"""

import hashlib
import runpy
import zipfile
import zlib

import pytest
from checks import wake
from shared import ROOT

offline = runpy.run_path(str(ROOT / "tools" / "offline.py"))


@pytest.fixture(scope="module")
def packed(site, tmp_path_factory):
    target = tmp_path_factory.mktemp("offline") / "mlpbook-offline.zip"
    offline["pack"](site, target)
    return target


@pytest.fixture(scope="module")
def unpacked(packed, tmp_path_factory):
    folder = tmp_path_factory.mktemp("disk") / "Bücher für später, 100 % (Ω)"
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder)
    return folder / offline["INSIDE"]


def test_the_checksum_is_that_of_the_zip_and_the_zip_is_reproducible(packed, site, tmp_path):
    digest, name = packed.with_name(packed.name + ".sha256").read_text().split()
    assert (digest, name) == (hashlib.sha256(packed.read_bytes()).hexdigest(), packed.name)
    again = tmp_path / packed.name
    offline["pack"](site, again)
    assert again.read_bytes() == packed.read_bytes()


def test_its_index_leads_into_the_book(unpacked, open_page):
    page = open_page((unpacked / "index.html").as_uri())
    page.wait_for_url("**/intro.html*")
    assert page.locator("h1").first.inner_text()
    links = page.eval_on_selector_all("nav.bd-links a.internal", "all => all.map((a) => a.href)")
    assert len(links) >= 10 and all(link.startswith("file:") for link in links)


def test_every_file_of_the_site_is_there_as_it_was(packed, site):
    with zipfile.ZipFile(packed) as archive:
        found = {entry.filename.removeprefix(offline["INSIDE"] + "/"): entry.CRC for entry in archive.infolist()}
    assert found == {path.relative_to(site).as_posix(): zlib.crc32(path.read_bytes()) for path in site.rglob("*")
                     if path.is_file() and path.name not in offline["LEFT_OUT"]}


@pytest.mark.parametrize("name", ["book/intro.html", "book/lab.html", "book/training-animations.html"])
def test_every_explorable_is_alive_there(name, unpacked, open_page):
    page = open_page((unpacked / name).as_uri())
    states = wake(page)
    assert states and all(state == "ready" for _, state in states)
    page.wait_for_function("document.documentElement.dataset.mlpbook === 'ready'")
    assert page.locator("mjx-container").count() or not page.locator(".math").count()


def test_search_works_from_disk(unpacked, open_page):
    page = open_page((unpacked / "search.html").as_uri() + "?q=sigmoid")
    page.wait_for_selector("#search-results li a")


def test_without_a_site_it_says_what_to_do(tmp_path):
    with pytest.raises(SystemExit, match="make book"):
        offline["pack"](tmp_path, tmp_path / "x.zip")
