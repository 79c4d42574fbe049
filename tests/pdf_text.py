"""What can be read on the pages of a PDF that Typst made."""

from __future__ import annotations

import re
import zlib

PLAIN = rb"(?:\\.|[^\\()])*"
# Brackets that close again need no backslash.
STRING = re.compile(
    rb"\(%b(?:\(%b(?:\(%b\)%b)*\)%b)*\)|/(f\d+) [\d.]+ Tf|\b(ET)\b" % ((PLAIN,) * 5), re.DOTALL
)
ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(pdf: bytes) -> str:
    """Every line of text, as drawn; a picture is not read."""
    things = {
        int(number): body
        for number, body in re.findall(rb"(\d+) 0 obj\n(.*?)\nendobj", pdf, re.DOTALL)
    }
    lines: list[str] = []
    for page in re.findall(rb"/Contents (\d+) 0 R", pdf):
        lines += _lines(_stream(things[int(page)]), _fonts(things))
    return "\n".join(lines)


def _lines(drawn: bytes, fonts: dict[bytes, dict[int, str]]) -> list[str]:
    lines, line, font = [], "", {}
    for found in STRING.finditer(drawn):
        if found[1]:
            font = fonts[found[1]]
        elif found[2]:
            lines.append(line)
            line = ""
        else:
            signs = ESCAPE.sub(_unescaped, found[0][1:-1])
            pairs = zip(signs[::2], signs[1::2], strict=True)
            line += "".join(font[high * 256 + low] for high, low in pairs)
    return lines


def _fonts(things: dict[int, bytes]) -> dict[bytes, dict[int, str]]:
    """By the name that the page calls it, which sign each glyph of a font stands for."""
    fonts = {}
    for body in things.values():
        listed = re.search(rb"/Font<<(.*?)>>", body)
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", listed[1] if listed else b""):
            told = re.search(rb"/ToUnicode (\d+) 0 R", things[int(number)])
            assert told, "a font whose text cannot be copied"
            table = re.findall(rb"<(\w{4})> <(\w+)>", _stream(things[int(told[1])]))
            fonts[name] = {
                int(glyph, 16): bytes.fromhex(sign.decode()).decode("utf-16-be")
                for glyph, sign in table
                if (glyph, sign) != (b"0000", b"FFFF")
            }
    return fonts


def _stream(body: bytes) -> bytes:
    kept = body.partition(b"stream\n")[2].rpartition(b"\nendstream")[0]
    return zlib.decompress(kept) if b"/FlateDecode" in body.partition(b"stream\n")[0] else kept


def _unescaped(found: re.Match[bytes]) -> bytes:
    sign = found[1]
    return bytes([int(sign, 8)]) if sign[:1].isdigit() else NAMED.get(sign, sign)
