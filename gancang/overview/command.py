"""`gancang statement` and `gancang person`: what is owed in a month, what is kept of somebody."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable


def add_command(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Teach the command line both; it lends a set-up Django and its voice."""
    owed = add("statement", _statement, "what is owed to whom in a month")
    owed.add_argument("--region", required=True, metavar="CODE")
    owed.add_argument("--month", required=True, metavar="YYYY-MM")
    party = owed.add_mutually_exclusive_group()
    party.add_argument("--fleet", metavar="X")
    party.add_argument("--funder", metavar="X")
    person = add("person", _person, "all that is kept of one person, for that person")
    person.add_argument("number", metavar="NUMBER", help="a NIK or a local id")
    person.add_argument("--region", required=True, metavar="CODE")


def _statement(arguments: argparse.Namespace) -> tuple[dict[str, object], list[str]]:
    # These need Django set up.
    from gancang.overview.statement import Wanted, statement  # noqa: PLC0415
    from gancang.regions.queries import get_region  # noqa: PLC0415
    from gancang.values import in_words  # noqa: PLC0415

    wanted = Wanted(
        region=get_region(arguments.region),
        month=arguments.month,
        fleet=arguments.fleet or "",
        funder=arguments.funder or "",
    )
    found = statement(wanted)
    lines = [
        f"{row['at'][:16]}  {row['order']}  {row['owed_to']}  {row['paid_by']}  "
        f"{in_words(row['amount_rp'])}"
        for row in found["lines"]
    ]
    return found, [*lines, f"Total {in_words(found['total_rp'])}"]


def _person(arguments: argparse.Namespace) -> tuple[dict[str, object], list[str]]:
    from django.utils import timezone  # noqa: PLC0415

    from gancang.overview.person_file import file_of  # noqa: PLC0415
    from gancang.regions.queries import get_region  # noqa: PLC0415

    told = file_of(arguments.number, region=get_region(arguments.region), now=timezone.now())
    return told, json.dumps(told, ensure_ascii=False, indent=2).splitlines()
