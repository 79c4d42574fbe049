"""Keys of a programme that tell how people come into it: papers, capacity, waiting list, appeal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.regions.pack_values import Key, one_of, texts, whole, yes_or_no

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from gancang.regions.pack_files import Row

ENROLLING = {
    "enrols": Key(
        yes_or_no,
        "true: people apply once and are enrolled; left out: each case is decided by itself",
        needed=False,
    ),
    "documents": Key(
        texts, "papers that an application must show, in words; left out: none", needed=False
    ),
    "complete_within_days": Key(
        whole(1, 365),
        "days in which what an application lacks is brought; left out: 14",
        needed=False,
    ),
    "verify": Key(
        yes_or_no, "true: somebody looks in the field before anybody is enrolled", needed=False
    ),
    "capacity": Key(
        whole(1, 10**7), "how many it serves at most; the others wait; left out: all", needed=False
    ),
    "waiting_order": Key(
        texts,
        'published order of the waiting list: facts, "-" for the highest first, then who applied '
        "first; left out: who applied first",
        needed=False,
    ),
    "appeal_days": Key(
        whole(1, 365), "days in which a refusal may be appealed; left out: 30", needed=False
    ),
    "freeze_day": Key(
        whole(1, 28),
        "the list is frozen on this day of each month: who is enrolled after it is served from the "
        "cycle after the next first of a month on; left out: at once",
        needed=False,
    ),
    "not_with": Key(
        texts, "programmes and true-or-false facts that are not had beside it", needed=False
    ),
    "per": Key(
        one_of("family", "person"), "not_with: of whom; left out: of the family card", needed=False
    ),
}


def check_enrolling(
    row: Row, *, facts: Mapping[str, object], programmes: Collection[str]
) -> Iterator[tuple[str, str, str]]:
    """What is wrong: what, what would be right, at which key."""
    values = row.values
    for name in values.get("waiting_order", ()):
        if name.removeprefix("-") not in facts:
            yield f"nobody tells the fact {name}", "name facts of facts.toml", "waiting_order"
    for name in values.get("not_with", ()):
        if name not in facts and name not in programmes:
            yield f"{name} is neither a programme nor a fact", "see facts.toml", "not_with"
    for key in set(ENROLLING) & set(values) - {"enrols"}:
        if not values.get("enrols"):
            yield f"{key} of a programme that enrols nobody", "add enrols = true", key
    if "per" in values and "not_with" not in values:
        yield "per without not_with", "leave it out", "per"
