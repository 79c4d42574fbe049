"""Fetch the pinned front-end files again: file, licence and version, from their npm packages.

Needs npm. Run it after changing a version below; the files it writes are committed.
"""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent / "gancang/web/static/vendor"
# package, version, SHA-512 of the package in hex, files to keep
PINS = [
    (
        "htmx.org",
        "2.0.11",
        "4e1c7f5ada5e390a92aea042c3f0357301891a0e14ad56b7fac5b41a6accde9e"
        "202603bcf5e707e2ab5b9f2cc30d616f053aa39c83028042d336deb7e9db5a98",
        {"package/dist/htmx.min.js": "htmx.min.js", "package/LICENSE": "LICENSE"},
    ),
]


def fetch(package: str, version: str, digest: str, files: dict[str, str]) -> None:
    """Fetch one package, check it, and write the files that we keep."""
    target = ROOT / package.removesuffix(".org")
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", f"{package}@{version}"]
        name = subprocess.run(
            command, cwd=folder, check=True, capture_output=True, text=True
        ).stdout.split()[-1]
        archive = Path(folder) / name
        found = hashlib.sha512(archive.read_bytes()).hexdigest()
        if found != digest:
            raise SystemExit(f"{package} {version} is not what was pinned: {found}")
        with tarfile.open(archive) as packed:
            for inside, kept in files.items():
                member = packed.extractfile(inside)
                assert member is not None, inside
                (target / kept).write_bytes(member.read())
    (target / "VERSION").write_text(f"{package} {version}\n", encoding="utf-8")


if __name__ == "__main__":
    for pin in PINS:
        fetch(*pin)
