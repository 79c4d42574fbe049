"""What a region's sellers cook, and by which rule they stand in order, as tables of menus.toml."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gancang.regions.pack_values import Key, day, text, texts, whole

if TYPE_CHECKING:
    from gancang.regions.pack_files import Files

ORDER = {
    "from": Key(day, "first day on which these weights hold"),
    "fits": Key(whole(0, 1000), "points for all that was typed in one dish; half for several"),
    "is_open": Key(whole(0, 1000), "points for being open"),
    "near": Key(whole(0, 1000), "points next door; none from 10 km on"),
    "is_new": Key(whole(0, 1000), "points for newcomers"),
    "is_small": Key(whole(0, 1000), "points for small sellers"),
    "draw": Key(whole(1, 1000), "points of the daily draw, at most"),
    "new_days": Key(whole(1, 365), "days for which somebody is new"),
    "small_dishes": Key(whole(1, 100), "dishes up to which a seller is small"),
    "rule": Key(text(200), "what sets it, or who decided; the public page names it"),
}
DISH = {
    "sellers": Key(texts, "codes of the kitchens and shops that begin with it, until they change"),
    "section": Key(text(60), "heading of the menu", needed=False),
    "name": Key(text(80), "name of the dish"),
    "description": Key(text(300), "what is in it", needed=False),
    "price_rp": Key(whole(1, 10**8), "price in whole rupiah"),
    "source": Key(text(200), "where the dish and its price come from"),
}


def menus_told(files: Files) -> dict[str, Any]:
    """What a pack tells of menus as one value; empty lists where it tells nothing."""
    order = [{**row.values, "from": row.values["from"].isoformat()} for row in files["order"]]
    return {"order": order, "dishes": [row.values for row in files["dish"]]}
