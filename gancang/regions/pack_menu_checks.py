"""What is wrong between the dishes of a pack, its sellers and its rules of order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.regions.pack_funders import bad

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gancang.regions.pack_files import Files, Problem


def check_menus(files: Files) -> Iterator[Problem]:
    """Who sells must be there, and sell a dish once."""
    kinds = {row.values["code"]: row.values["kind"] for row in files["organisations.csv"]}
    seen: set[tuple[str, str]] = set()
    for row in files["dish"]:
        for seller in row.values["sellers"]:
            if kinds.get(seller) not in {"kitchen", "shop"}:
                what = f"there is no kitchen or shop {seller}"
                yield bad(row, what, "see organisations.csv", "sellers")
            dish = (seller, row.values["name"].lower())
            if dish in seen:
                what = f"{row.values['name']} stands twice at {seller}"
                yield bad(row, what, "take one out", "name")
            seen.add(dish)
    days: set[object] = set()
    for row in files["order"]:
        if row.values["from"] in days:
            yield bad(row, f"two orders from {row.values['from']}", "take one out", "from")
        days.add(row.values["from"])
