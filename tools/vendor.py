"""Fetch the pinned front-end files again: file, licence and version, from their npm packages.

Needs npm. Run it after changing a version below; the files it writes are committed.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent / "gancang/web/static/vendor"
SOURCE_MAP = re.compile(rb"\n?//# sourceMappingURL=\S+\s*$")
# package, version, SHA-512 of the package in hex, files to keep
PINS = [
    (
        "htmx.org",
        "2.0.11",
        "4e1c7f5ada5e390a92aea042c3f0357301891a0e14ad56b7fac5b41a6accde9e"
        "202603bcf5e707e2ab5b9f2cc30d616f053aa39c83028042d336deb7e9db5a98",
        {"package/dist/htmx.min.js": "htmx.min.js", "package/LICENSE": "LICENSE"},
    ),
    (
        "maplibre-gl",
        "5.24.0",
        "00bc85c60b5de51fbae54a99ffefa53aac16702d12361a3d736edf612c8b986e"
        "c07e702e976a38e85d396832463db154e7bc28b3d760708c921ecd177ba89adc",
        {
            "package/dist/maplibre-gl-csp.js": "maplibre-gl-csp.js",
            "package/dist/maplibre-gl-csp-worker.js": "maplibre-gl-csp-worker.js",
            "package/dist/maplibre-gl.css": "maplibre-gl.css",
            "package/dist/LICENSE.txt": "LICENSE",
        },
    ),
    (
        "pmtiles",
        "4.5.0",
        "081783e12a1496e173886772ffc93b14e8d0c50cb8f3a9fef76f56fed5a8a616"
        "aebcc202a64676eaf1815a10edffa6f515941635a7f88c5753ff9faad168a2e7",
        {"package/dist/pmtiles.js": "pmtiles.js", "package/package.json": "package.json"},
    ),
    (
        "leaflet",
        "1.9.4",
        "9f14b5ca7cc93a63a51e9fa22f71725aa2bcf46b4d2fc53caef94c3ac41d4d3b"
        "2cc59c025e1f0dd8d07718340e2fe611dd79d6c99031c108b15116fe140ef83c",
        {
            "package/dist/leaflet.js": "leaflet.js",
            "package/dist/leaflet.css": "leaflet.css",
            **{
                f"package/dist/images/{name}.png": f"images/{name}.png"
                for name in ("layers", "layers-2x", "marker-icon")
            },
            "package/LICENSE": "LICENSE",
        },
    ),
    (
        "protomaps-leaflet",
        "5.1.0",
        "374618d466f0e6767d9fc5543afc072a6ff0df38534ee69911e31997c7681de9"
        "9e338ba318fa76a2d23ab784a0aabcfc88ce2cbf1daba46d50d7bac790e59268",
        {"package/dist/protomaps-leaflet.js": "protomaps-leaflet.js", "package/LICENSE": "LICENSE"},
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
                (target / kept).parent.mkdir(exist_ok=True)
                # Maps for a debugger would have to be served as well.
                (target / kept).write_bytes(SOURCE_MAP.sub(b"", member.read()))
    (target / "VERSION").write_text(f"{package} {version}\n", encoding="utf-8")


if __name__ == "__main__":
    for pin in PINS:
        fetch(*pin)
