"""Packs the built site into one zip that is read from disk, with its checksum beside it:  python tools/offline.py

Unpack it anywhere and open index.html: no server and no network. The same site gives the same bytes.
"""

import hashlib
import sys
import zipfile
from pathlib import Path

BUILD = Path(__file__).parent.parent / "_build"
INSIDE = "multilayer-perceptrons"
LEFT_OUT = {".buildinfo", "objects.inv"}  # for builds, not for readers
ALWAYS = (2026, 1, 1, 0, 0, 0)  # a zip wants a date; the site's own would make every zip another


def pack(site, target):
    """Writes `target` and `target`.sha256 -> the number of files."""
    if not (site / "index.html").is_file():
        raise SystemExit(f"no built book at {site}: run make book")
    files = sorted(path for path in site.rglob("*") if path.is_file() and path.name not in LEFT_OUT)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            entry = zipfile.ZipInfo(f"{INSIDE}/{path.relative_to(site).as_posix()}", ALWAYS)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, path.read_bytes())
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    target.with_name(target.name + ".sha256").write_text(f"{digest}  {target.name}\n", encoding="utf-8")
    return len(files)


if __name__ == "__main__":
    to = Path(sys.argv[1]) if len(sys.argv) > 1 else BUILD / "mlpbook-offline.zip"
    count = pack(BUILD / "html", to)
    print(f"{to}: {count} files, {to.stat().st_size / 1e6:.1f} MB; checksum in {to.name}.sha256")
