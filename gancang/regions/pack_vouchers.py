"""Keys of a programme of vouchers: what each holder has in a cycle, where, until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.regions.pack_values import Key, one_of, text, texts, whole, yes_or_no

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gancang.regions.pack_files import Row

    Fault = tuple[Row, str, str, str]  # where, what, what would be right, at which key

VOUCHER = {
    "cycle": Key(one_of("month", "quarter", "year"), "how often a new balance is given"),
    "amount_rp": Key(
        whole(1, 10**8),
        "balance of a cycle in rupiah; left out: it is counted, by count, unit and unit_rp",
        needed=False,
    ),
    "count": Key(whole(1, 1000), "balance of a cycle in pieces", needed=False),
    "unit": Key(text(30), "what a piece is called, e.g. porsi", needed=False),
    "unit_rp": Key(whole(1, 10**6), "what a shop gets for a piece", needed=False),
    "valid_days": Key(
        whole(1, 366),
        "days from the first of the cycle in which it is taken; left out: until the cycle ends",
        needed=False,
    ),
    "at": Key(texts, "codes of the shops and kitchens that take it; left out: any", needed=False),
    "carries": Key(
        yes_or_no,
        "true: what is left is added to the next cycle of the same year; left out: it lapses",
        needed=False,
    ),
    "born_from": Key(
        whole(0, 10**8),
        "from this much at once on, the holder's date of birth is asked for too, in rupiah or "
        "pieces; 0: always; left out: never",
        needed=False,
    ),
}
COUNTED = ("count", "unit", "unit_rp")


def check_vouchers(row: Row, kinds: Mapping[str, str]) -> Iterator[Fault]:
    """All that is wrong with the vouchers of a programme; `kinds`: organisations by code."""
    rows, values = row.values["voucher"], row.values
    if not rows:
        return
    lacks = (
        (len(rows) > 1, "a second [[voucher]]", "one programme, one balance"),
        (values["meal"], "both meals and vouchers", "make two programmes of it"),
        (values["kind"] != "deliver", "vouchers are of kind deliver", 'kind = "deliver"'),
        (not values.get("enrols"), "a voucher without enrolment", "add enrols = true"),
        (not values["funder"], "nobody pays what is redeemed", "add a [[funder]]"),
    )
    yield from ((row, what, instead, "kind") for is_so, what, instead in lacks if is_so)
    for told in rows:
        yield from _balance(told)
        for code in told.values.get("at", ()):
            if kinds.get(code) not in {"shop", "kitchen"}:
                yield told, f"{code} is no shop and no kitchen", "see organisations.csv", "at"


def _balance(told: Row) -> Iterator[Fault]:
    if told.values.get("carries") and "valid_days" in told.values:
        yield told, "it carries over and yet lapses by itself", "keep one of the two", "valid_days"
    here = [key for key in COUNTED if key in told.values]
    if "amount_rp" in told.values and here:
        yield (told, "a balance both in rupiah and in pieces", "keep one of the two", here[0])
    if "amount_rp" not in told.values and len(here) < len(COUNTED):
        what = "neither amount_rp nor all of count, unit and unit_rp"
        yield (told, what, "say what a holder has in a cycle", "cycle")
