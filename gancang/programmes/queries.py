"""Finding the programme version that decides a case."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, OuterRef, When
from django.db.models.functions import JSONObject

from gancang.programmes import funding
from gancang.programmes.models import Halt, Programme
from gancang.programmes.rules import (
    HOLD_DAYS,
    RETRY_AFTER_H,
    RETURN_WITHIN_H,
    Clause,
    Known,
    Pause,
    Terms,
    Why,
)
from gancang.regions.queries import fact_kinds
from gancang.values import Money, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gancang.regions.models import Region
    from gancang.residents.actions import KnownFact


def get_programme(region: Region, code: str) -> Programme:
    """The newest version of a programme. Refused if the region has none of that code."""
    rows = Programme.objects.filter(region=region, code=code).order_by("-version")
    found = rows.first()
    if found is None:
        raise Refused(Why.NO_PROGRAMME, programme=code)
    return found


def list_programmes(region: Region, *, on: date | None = None) -> list[Programme]:
    """The newest version of each programme of a region; on a day, of those that have begun.

    One query; each comes with the times at which it takes no new cases.
    """
    halts = Halt.objects.filter(region=OuterRef("region"), code=OuterRef("code"))
    told = halts.values(told=JSONObject(since="since", until="until", reason="reason"))
    rows = Programme.objects.filter(region=region).annotate(halted=ArraySubquery(told))
    if on is None:
        return list(rows.order_by("code", "-version").distinct("code"))
    begun = Case(When(terms__active_from__lte=on.isoformat(), then=1), default=0)
    rows = rows.annotate(begun=begun).order_by("code", "-begun", "-version")
    return list(rows.distinct("code"))


def _pauses_of(programme: Programme) -> tuple[Pause, ...]:
    told = getattr(programme, "halted", ())
    return tuple(
        Pause(
            date.fromisoformat(each["since"]),
            date.fromisoformat(each["until"]) if each["until"] else None,
            each["reason"],
        )
        for each in told
    )


OF_A_CASE = (
    "item",
    "may_be_left",
    "unit_price_rp",
    "once",
    "counts_people",
    "verify_first",
    "report_days",
    "callback_hours",
    "callback_tries",
)


def terms_of(programme: Programme) -> Terms:
    """A programme's data as its rules read it."""
    raw = programme.terms
    return Terms(
        code=programme.code,
        name=programme.name,
        item_class=raw["item_class"],
        active_from=date.fromisoformat(raw["active_from"]),
        until=date.fromisoformat(raw["until"]) if raw["until"] else None,
        agreements=funding.agreements_of(raw),
        clauses=tuple(Clause(**clause) for clause in raw["clauses"]),
        facts_max_age_days=raw["facts_max_age_days"],
        origins=tuple(raw["origins"]),
        carriers=tuple(raw["carriers"]),
        training_class=raw["training_class"],
        funders=funding.payers_of(raw),
        patient_pays=Money(raw["patient_pays_rp"]),
        tariff=raw["tariff"],
        promise_min=raw["promise_min"],
        offer_s=raw["offer_s"],
        attempts_max=raw["attempts_max"],
        priority=raw.get("priority", 1),
        on_board_min_max=raw.get("on_board_min_max"),
        policy=raw.get("policy", ""),
        retry_after_h=tuple(raw.get("retry_after_h", RETRY_AFTER_H)),
        calls_through_operator=raw.get("calls_through_operator", False),
        hold_days=raw.get("hold_days", HOLD_DAYS),
        return_within_h=raw.get("return_within_h", RETURN_WITHIN_H),
        kind=raw.get("kind", "deliver"),
        rank=raw.get("rank", 1),
        patient_pays_percent=raw.get("patient_pays_percent", 0),
        pauses=_pauses_of(programme),
        proof=tuple(raw.get("proof", ())),
        amounts=tuple((when, Money(rupiah)) for when, rupiah in raw.get("amounts", ())),
        **{name: raw[name] for name in OF_A_CASE if name in raw},
    )


def known_by_rules(region: Region, facts: Mapping[str, KnownFact]) -> dict[str, Known]:
    """What is known of a person as rules read it, each fact with the age that the region allows."""
    kinds = fact_kinds(region)
    return {
        name: Known(
            fact.value,
            fact.as_of,
            fact.source,
            kinds[name].max_age_days if name in kinds else None,
            derived=name in kinds and kinds[name].derived,
        )
        for name, fact in facts.items()
    }
