"""What a region asks of its kitchens and shops, as keys of its pack."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from gancang.regions.pack_values import (
    CLOCK,
    CODE,
    Key,
    day,
    one_of,
    some_of,
    text,
    whole,
    yes_or_no,
)

if TYPE_CHECKING:
    from gancang.regions.pack_files import Files

SHOPS = {
    "warn_days": Key(whole(1, 365), "days before a paper ends on which its owner is warned"),
    "bring_days": Key(whole(1, 365), "days in which somebody new brings what is lacking"),
    "plan_days": Key(whole(1, 730), "days for which somebody may be assisted at most"),
    "check_months": Key(whole(1, 60), "months after which hygiene is looked at again"),
    "opens": Key(CLOCK, "when a shop opens that told no hours, every day"),
    "closes": Key(CLOCK, "when it closes"),
    "busy_ends": Key(CLOCK, "when a shop's busy time ends by itself in the evening"),
    "rule": Key(text(200), "what sets it, or who decided"),
}
SHOP_PAPER = {
    "code": Key(CODE, "name of the paper; what was noted of shops points at it"),
    "title": Key(text(80), "name as owners and officers read it"),
    "kinds": Key(some_of("kitchen", "shop"), "of whom it is asked"),
    "number": Key(
        one_of("nib", "p-irt", "free", "none"),
        "`nib`: 13 digits; `p-irt`: 15 digits whose last two say the year, or 12 of the old kind; "
        "`free`: any; `none`: it has no number",
    ),
    "from": Key(day, "first day on which it is asked for"),
    "until": Key(day, "last day; left out: until further notice", needed=False),
    "expires": Key(yes_or_no, "whether it runs out; then its last day is noted with it"),
    "bars": Key(
        one_of("never", "expired", "missing"),
        "`never`: only warned of; `expired`: nothing new can be ordered where it has run out; "
        "`missing`: nor where nobody has seen it",
    ),
    "assisted": Key(
        yes_or_no,
        "who is being assisted may sell while it is missing; left out: false",
        needed=False,
    ),
    "rule": Key(text(200), "decree that asks for it; refusals and lists name it"),
}


def shops_told(files: Files) -> dict[str, Any]:
    """What a pack tells of its shops as one value; empty lists where it tells nothing."""
    return {
        "manner": files["shops"][0].values if files["shops"] else {},
        "papers": [_paper(row.values) for row in files["shop_paper"]],
    }


def _paper(values: dict[str, Any]) -> dict[str, Any]:
    # What is kept as JSON knows no dates.
    until = values.get("until", date.max)
    return {**values, "from": values["from"].isoformat(), "until": until.isoformat()}
