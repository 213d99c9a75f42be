"""Asks every outside address in the built book whether it is still there:  python tools/links.py

No test does this, since tests need no network. A DOI is looked up in doi.org's own register: many publishers send programs
away, so that a missing page and a shut door look the same. For the same reason only what is certainly gone counts as a
fault; a 403, or no answer in time, is reported as not known.
"""

import json
import socket
import sys
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from http.client import HTTPException
from pathlib import Path

SITE = Path(__file__).parent.parent / "_build" / "html"
REGISTER = "https://doi.org/api/handles/"
GONE = {404, 410}
HEADERS = {"User-Agent": "Mozilla/5.0 (compatible; mlpbook link check)", "Accept": "*/*"}


class _Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        target = dict(attributes).get("href") or ""
        if tag == "a" and target.startswith(("http://", "https://")):
            self.found.append(urllib.parse.urldefrag(target).url)


def addresses(site):
    """{outside address: the first page it stands on}."""
    found = {}
    for page in sorted(site.rglob("*.html")):
        reader = _Links()
        reader.feed(page.read_text(encoding="utf-8"))
        for address in reader.found:
            found.setdefault(address, str(page.relative_to(site)))
    return found


def ask(address, register=REGISTER, tries=3, timeout=30):
    """-> ("there", "gone" or "not known", why)."""
    where = urllib.parse.urlsplit(address)
    doi = where.path[1:] if where.netloc in {"doi.org", "dx.doi.org"} else ""
    question = register + urllib.parse.quote(urllib.parse.unquote(doi)) if doi else address
    for _ in range(tries):
        try:
            with urllib.request.urlopen(urllib.request.Request(question, headers=HEADERS), timeout=timeout) as answer:
                if doi and json.load(answer)["responseCode"] != 1:
                    return "gone", "no such DOI"
                return "there", ""
        except urllib.error.HTTPError as error:
            if error.code in GONE:
                return "gone", f"{error.code} {error.reason}"
            why = f"{error.code} {error.reason}"
        except (OSError, HTTPException, ValueError, KeyError) as error:
            cause = getattr(error, "reason", error)
            if isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_NONAME:
                return "gone", "no such host"
            why = str(cause)
    return "not known", why


def main(site=SITE, **settings):
    """Prints what is not there -> the exit status."""
    found = addresses(site)
    if not found:
        raise SystemExit(f"no outside links below {site}: run make book")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda address: ask(address, **settings), found))
    counts = {"there": 0, "gone": 0, "not known": 0}
    for (address, page), (answer, why) in zip(found.items(), answers, strict=True):
        counts[answer] += 1
        if why:
            print(f"{answer}: {address}  ({why}; on {page})")
    print(", ".join(f"{count} {answer}" for answer, count in counts.items()))
    return 1 if counts["gone"] else 0


if __name__ == "__main__":
    sys.exit(main())
