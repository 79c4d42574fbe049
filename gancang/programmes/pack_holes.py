"""The holes of a pack's programmes, before the pack is loaded anywhere. No database."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from gancang.programmes.holes import Surroundings, holes
from gancang.programmes.standing import Span
from gancang.regions.facts import kinds_of
from gancang.regions.pack_files import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gancang.programmes.holes import Hole
    from gancang.regions.pack import Pack


def problems_in(pack: Pack) -> Iterator[Problem]:
    """The same as `gancang check-region` tells what is wrong."""
    for code, hole in holes_in(pack):
        at = f"[[{hole.table}]] {hole.place + 1}, {hole.key}" if hole.table else hole.key
        said = hole.why.sentence.format_map(hole.facts)
        yield Problem(f"programmes/{code}.toml", 1, at, said)


def holes_in(pack: Pack) -> Iterator[tuple[str, Hole]]:
    """Each hole of each programme, on its own first day, with the programme's code."""
    has = _surroundings(pack)
    for programme in pack.programmes:
        for hole in holes(programme.told, has, on=programme.active_from):
            yield programme.code, hole


def _surroundings(pack: Pack) -> Surroundings:
    tariffs: defaultdict[str, list[Span]] = defaultdict(list)
    for row in pack.tariffs:
        told = row.values
        tariffs[told["code"]].append(Span(told["from"], told.get("until")))
    config = pack.region.config
    codes = {programme.code for programme in pack.programmes}
    return Surroundings(
        organisations={row.values["code"]: row.values["kind"] for row in pack.organisations},
        funds=frozenset(fund.code for fund in pack.funds),
        tariffs=tariffs,
        policies=frozenset(each["name"] for each in config["dispatch"]["policies"]),
        facts=kinds_of(config["facts"]),
        budgets=frozenset((row.fund, row.programme, row.year) for row in pack.budgets),
        areas=frozenset(row.values["code"] for row in (*pack.districts, *pack.villages)),
        languages=pack.region.languages,
        medicines=frozenset(
            word
            for row in pack.medicine_classes
            if not row.values.get("urgent")
            for word in row.values["names"]
        ),
        newest=dict.fromkeys(codes, 0),
    )
