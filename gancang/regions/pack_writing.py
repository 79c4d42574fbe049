"""Keys of a programme that tell which letters its people get, and in which words."""

from __future__ import annotations

from dataclasses import dataclass
from string import Formatter

from gancang.regions.pack_values import Key, one_of, text, yes_or_no

GOODS, PLANNED, PAID, ENROLLED, VOUCHERS = "goods", "planned", "paid", "enrolled", "vouchers"


@dataclass(frozen=True, slots=True)
class Event:
    """What a letter is written for: by which programmes, and what it may and must name."""

    of: str
    names: tuple[str, ...]
    needed: tuple[str, ...] = ()
    may_be_off: bool = False
    by_itself: bool = True  # written even where a programme has no words of its own for it


_AT_HOME = ("rider", "link", "phone")
_ASKED = ("programme", "number", "phone")
EVENTS = {
    "confirm": Event(GOODS, ("item", "hospital", "address", "link"), ("link",)),
    "placed": Event(GOODS, ("item", "hospital", "price", "code", "link", "when"), ("code",)),
    "collected": Event(GOODS, ("item", "hospital", *_AT_HOME), may_be_off=True),
    "delivered": Event(GOODS, ("item", "hospital", "phone"), ("phone",), may_be_off=True),
    "failed": Event(GOODS, ("item", "hospital", "phone"), ("phone",)),
    "to_counter": Event(GOODS, ("item", "counter", "phone"), ("counter",)),
    "held": Event(GOODS, ("item", "counter", "until", "phone"), ("counter", "until")),
    "onward": Event(GOODS, ("item", *_AT_HOME), may_be_off=True),
    "not_fetched": Event(GOODS, ("item", "hospital", "phone"), ("phone",)),
    "posted": Event(GOODS, ("item", "fleet", "number", "promise", "phone"), ("fleet", "number")),
    "cancelled": Event(GOODS, ("item", "hospital", "phone"), ("phone",)),
    "told_late": Event(GOODS, ("item", "link", "phone")),
    "planned": Event(PLANNED, ("item", "day", "more", "performer", "phone"), ("day",)),
    "paid": Event(PAID, ("item", "amount", "phone"), ("amount",), by_itself=False),
    "lacks": Event(ENROLLED, (*_ASKED, "day"), ("day",), by_itself=False),
    "accepted": Event(ENROLLED, _ASKED, by_itself=False),
    "waiting": Event(ENROLLED, _ASKED, by_itself=False),
    # Whoever is refused must learn until when he may appeal, and where.
    "refused": Event(ENROLLED, (*_ASKED, "day", "link"), ("day", "link"), by_itself=False),
    "upheld": Event(ENROLLED, _ASKED, ("phone",), by_itself=False),
    "ended": Event(ENROLLED, _ASKED, ("phone",), by_itself=False),
    "issued": Event(VOUCHERS, ("programme", "amount", "last", "link"), ("amount", "last")),
    "lapses": Event(VOUCHERS, ("programme", "amount", "last", "link"), ("last",), by_itself=False),
}
NAMES = {
    "item": "dokumen Anda",
    "hospital": "RSUD Melati",
    "price": "Rp 12.000",
    "code": "482913",
    "link": "https://gancang.example/t/Ab12Cd34Ef56",
    "when": "",
    "address": "Jl. Melati 3, Desa Melati",
    "rider": "Slamet Riyadi",
    "phone": "(0400) 100200",
    "counter": "Puskesmas Melati",
    "until": "14-12-2026 15.00",
    "fleet": "Pos",
    "number": "P26012345678",
    "promise": "16-12-2026 12.00",
    "day": "14-12-2026",
    "more": "3",
    "performer": "Puskesmas Melati",
    "amount": "Rp 250.000",
    "programme": "Kartu Sejahtera",
    "last": "31-12-2026",
}
"""What a letter may name in braces, each with what it could be for an invented person."""

WRITING = {
    "event": Key(
        one_of(*EVENTS),
        "what the letter is written for; in braces its text may name: "
        + "; ".join(
            f"{event}: {', '.join(told.names)}"
            + (f" (must: {', '.join(told.needed)})" if told.needed else "")
            for event, told in EVENTS.items()
        ),
    ),
    "language": Key(
        text(20), "one of the region's `languages`; left out: whoever reads no other", needed=False
    ),
    "text": Key(
        text(450),
        "the words; left out only where `off`; without any row for an event its letter stays as "
        "it is, and there is none for "
        + ", ".join(event for event, told in EVENTS.items() if not told.by_itself),
        needed=False,
    ),
    "off": Key(
        yes_or_no,
        "true: this letter is not sent: "
        + ", ".join(event for event, told in EVENTS.items() if told.may_be_off),
        needed=False,
    ),
}


def names_told(words: str) -> set[str] | None:
    """What a text names in braces; None where it is no such text."""
    try:
        parts = list(Formatter().parse(words))
    except ValueError:
        return None
    # {rider!r} and {rider:>9} are for programmers.
    plain = all(not form and not conversion for _text, _name, form, conversion in parts)
    return {name for _text, name, _f, _c in parts if name is not None} if plain else None
