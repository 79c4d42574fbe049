"""Every pair of colours that text is written in can be read in sunlight and at night (WCAG 2.2)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[1] / "static/web/tokens.css").read_text("utf-8")
LIGHT, _, DARK = TOKENS.partition("@media screen and (prefers-color-scheme: dark)")
# text on ground, and the least contrast: 7 where one reads, 4.5 for a glance, 3 for lines
PAIRS = [
    ("text", "ground", 7.0),
    ("text", "surface", 7.0),
    ("text-soft", "ground", 7.0),
    ("text-soft", "surface", 7.0),
    ("brand", "ground", 4.5),
    ("brand", "surface", 4.5),
    ("brand-text", "brand", 7.0),
    ("text", "brand-soft", 7.0),
    ("good", "good-soft", 4.5),
    ("warn", "warn-soft", 4.5),
    ("bad", "bad-soft", 4.5),
    ("info", "info-soft", 4.5),
    ("text", "warn-soft", 7.0),
    ("text", "bad-soft", 7.0),
    ("text", "good-soft", 7.0),
    ("text", "info-soft", 7.0),
    ("brand", "bad-soft", 4.5),
    ("brand", "warn-soft", 4.5),
    ("brand", "info-soft", 4.5),
    ("bad", "surface", 4.5),
    ("surface", "held", 4.5),
    ("line-strong", "surface", 3.0),
    ("focus", "ground", 3.0),
]


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read(theme: str, text: str, ground: str, least: float) -> None:
    found = colours(LIGHT if theme == "light" else DARK)
    assert contrast(found[text], found[ground]) >= least


def test_black_on_white_is_as_far_apart_as_it_gets() -> None:
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0


def test_the_whole_look_stays_light() -> None:
    folder = Path(__file__).parents[1] / "static/web"
    assert sum(path.stat().st_size for path in folder.glob("*.css")) < 20_000
