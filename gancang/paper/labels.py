"""The label on a bag: whose, where to, which of how many. Never what is in it.

There is no field for a medicine, a diagnosis or a NIK, and none for the date of birth: the rider
asks for it at the door.
"""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from gancang.paper.qr import svg_of
from gancang.paper.typesetting import pdf_of

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS = 32  # of a roll 58 mm wide, in the printer's own font
ESC, GS = b"\x1b", b"\x1d"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What stands on one bag. `words` are the fixed words in the language of the house."""

    order: str
    bag_code: str
    name: str
    second: str  # a second identifier: the prescription's number
    place: str
    bag: int
    bags: int
    pharmacy: str
    phone: str
    cold: str = ""  # "Keep cold, at most 60 minutes", or nothing
    attention: str = ""
    not_for_rider: str = ""  # "Questions: ring the pharmacy"


def as_pdf(labels: Sequence[Label]) -> bytes:
    """A page of 100 by 60 mm a label."""
    told = [{**asdict(label), "qr": svg_of(label.bag_code)} for label in labels]
    return pdf_of("label", {"labels": told})


def as_escpos(labels: Sequence[Label]) -> bytes:
    """The same for a thermal printer that speaks ESC/POS, 58 mm or wider, cut after each label.

    Source of the commands: Epson, ESC/POS Command Reference (ESC @, ESC a, ESC !, GS ( k, GS V).
    """
    return b"".join(_escpos(label) for label in labels)


def _escpos(label: Label) -> bytes:
    lines = [
        ESC + b"@" + ESC + b"a\x01",
        _big(label.order),
        _line(f"{label.bag}/{label.bags}  {label.bag_code}"),
        _qr(label.bag_code),
        ESC + b"a\x00",
        _big(label.name),
        _line(label.second),
        _line(label.place),
    ]
    lines += [_inverse(mark) for mark in (label.cold, label.attention) if mark]
    lines += [_line(f"{label.pharmacy}  {label.phone}"), _line(label.not_for_rider)]
    return b"".join(lines) + b"\n\n" + GS + b"V\x42\x00"


def _printable(text: str) -> bytes:
    # The printer's first code page has no accents, and a control sign would be a command.
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore")
    return bytes(sign for sign in plain if 32 <= sign < 127)


def _line(text: str) -> bytes:
    plain, lines = _printable(text), []
    while len(plain) > COLUMNS:
        cut = plain.rfind(b" ", 0, COLUMNS + 1)
        cut = cut if cut > 0 else COLUMNS
        lines.append(plain[:cut])
        plain = plain[cut:].lstrip()
    return b"\n".join([*lines, plain]) + b"\n" if plain or lines else b""


def _big(text: str) -> bytes:
    return ESC + b"!\x18" + _line(text) + ESC + b"!\x00"


def _inverse(text: str) -> bytes:
    return GS + b"B\x01" + _line(f" {text} ") + GS + b"B\x00"


def _qr(text: str) -> bytes:
    data = _printable(text)
    size = len(data) + 3
    return (
        GS + b"(k\x04\x00\x31\x41\x32\x00"  # model 2
        + GS + b"(k\x03\x00\x31\x43\x06"  # six dots a module
        + GS + b"(k\x03\x00\x31\x45\x31"  # error correction M
        + GS + b"(k" + bytes((size % 256, size // 256)) + b"\x31\x50\x30" + data
        + GS + b"(k\x03\x00\x31\x51\x30\n"
    )  # fmt: skip
