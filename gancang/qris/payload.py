"""The text inside a QRIS code: read, checked, and given an amount. Pure.

EMVCo merchant-presented mode: two digits of tag, two of length, the value; tag 63 at the end is a
CRC-16/CCITT-FALSE over everything before its four signs. Tag 01 says 11 for a code on a wall, where
the payer types the amount, and 12 for a code with the amount in tag 54.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass

from gancang.qris.rules import Why
from gancang.values import Refused

LONGEST = 512  # what a code that a telephone reads from a wall holds
_NATIONAL = "ID.CO.QRIS.WWW"
_RUPIAH = "360"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A QRIS code that was checked: who is paid, where, and how much if it says so."""

    fields: tuple[tuple[str, str], ...]
    merchant: str
    city: str
    nmid: str  # national merchant ID, "" where the code names none
    amount_rp: int | None

    def told(self, tag: str) -> str:
        """The value of a tag, or ""."""
        return dict(self.fields).get(tag, "")


def read_code(text: str) -> Code:
    """The code that a text holds. Refused if it is damaged, or not a QRIS code in rupiah."""
    found = "".join(text.split("\n")).strip()
    fields = _fields(found)
    if fields is None or len(found) > LONGEST or fields[0] != ("00", "01"):
        raise Refused(Why.NO_CODE)
    if fields[-1][0] != "63" or fields[-1][1].upper() != checksum(found[:-4]):
        raise Refused(Why.DAMAGED_CODE)
    told = dict(fields)
    if len(told) != len(fields):  # the same tag twice: which one a bank believes is not known
        raise Refused(Why.DAMAGED_CODE)
    if told.get("53") != _RUPIAH or told.get("58") != "ID" or not told.get("59", "").strip():
        raise Refused(Why.NO_QRIS)
    if not any(26 <= int(tag) <= 51 for tag in told):
        raise Refused(Why.NO_QRIS)
    return Code(
        fields=fields,
        merchant=told["59"].strip(),
        city=told.get("60", "").strip(),
        nmid=_nmid_in(told),
        amount_rp=_rupiah_in(told.get("54", "")),
    )


def with_amount(code: Code, rupiah: int) -> str:
    """The same merchant's code for one amount: tag 01 says 12, tag 54 holds it, the CRC is new."""
    assert 0 < rupiah < 10**13, rupiah
    told = {tag: value for tag, value in code.fields if tag not in {"01", "54", "63"}}
    # A tip that the payer is asked for would make another amount of it than the bill's.
    told = {tag: value for tag, value in told.items() if tag not in {"55", "56", "57"}}
    told |= {"01": "12", "54": str(rupiah)}
    return written(told)


def written(told: dict[str, str]) -> str:
    """The text of a code with these tags, in their order, and its CRC."""
    body = "".join(f"{tag}{len(told[tag]):02d}{told[tag]}" for tag in sorted(told)) + "6304"
    return body + checksum(body)


def checksum(text: str) -> str:
    """CRC-16/CCITT-FALSE of a text, four signs."""
    return f"{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"


def _fields(text: str) -> tuple[tuple[str, str], ...] | None:
    """Tags and values one after the other; None where the text is not made of them."""
    found, at = [], 0
    # Lengths count signs; banks write ASCII alone, and then signs are bytes.
    while text.isascii() and text.isprintable() and at < len(text):
        tag, length = text[at : at + 2], text[at + 2 : at + 4]
        end = at + 4 + (int(length) if length.isdigit() else len(text))
        if len(length) != 2 or not tag.isdigit() or end > len(text):
            return None
        found.append((tag, text[at + 4 : end]))
        at = end
    return tuple(found) or None


def _nmid_in(told: dict[str, str]) -> str:
    for tag in sorted(told):
        if 26 <= int(tag) <= 51 and (within := _fields(told[tag])):
            account = dict(within)
            if account.get("00", "").upper() == _NATIONAL:
                return account.get("02", "")[:15]
    return ""


def _rupiah_in(text: str) -> int | None:
    whole, _dot, part = text.partition(".")
    is_whole = whole.isdigit() and not part.strip("0") and len(whole) <= 13
    return int(whole) if is_whole else None
