"""Who pays for a programme, and under which agreements, as its terms keep it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from gancang.ledger.waterfall import Ceiling, Deal, Payer, Per
from gancang.programmes.rules import Agreement
from gancang.values import Money

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gancang.regions.pack import AgreementTerms, FunderTerms


def funder_terms(told: FunderTerms) -> list[object] | dict[str, object]:
    """A funder as a version keeps it; by percent alone, as versions of before did."""
    further = {
        "order": told.order if told.order != 1 else None,
        "agreement": told.agreement or None,
        "ceiling_order_rp": told.ceiling_order_rp,
        "ceiling_month_rp": told.ceiling_month_rp,
        "ceiling_year_rp": told.ceiling_year_rp,
        "area_ceilings": [dict(each) for each in told.area_ceilings] or None,
    }
    given = {name: value for name, value in further.items() if value is not None}
    if not given:
        return [told.fund, told.percent]
    return {"fund": told.fund, "percent": told.percent, **given}


def agreement_terms(told: AgreementTerms) -> dict[str, object]:
    """An agreement as a version keeps it; what the pack leaves out is left out."""
    further = {
        "parties": list(told.parties) if told.signatories else None,
        "signatories": list(told.signatories) or None,
        "version": told.version if told.version != 1 else None,
        "areas": list(told.areas) or None,
        "cap_rp": told.cap_rp,
    }
    return {
        "code": told.code,
        "from": told.from_date.isoformat(),
        "until": told.until_date.isoformat(),
        "document": told.document,
        **{name: value for name, value in further.items() if value is not None},
    }


def agreements_of(terms: Mapping[str, Any]) -> tuple[Agreement, ...]:
    """The agreements of a version; those that a funder names bind that fund alone."""
    named = {one["agreement"] for one in terms["funders"] if _names_agreement(one)}
    return tuple(
        Agreement(
            deal["code"],
            date.fromisoformat(deal["from"]),
            date.fromisoformat(deal["until"]),
            deal["document"],
            areas=tuple(deal.get("areas", ())),
            cap=Money(deal["cap_rp"]) if "cap_rp" in deal else None,
            of_a_fund=deal["code"] in named,
        )
        for deal in terms["agreements"]
    )


def _names_agreement(told: list[object] | dict[str, object]) -> bool:
    return isinstance(told, dict) and "agreement" in told


def payers_of(terms: Mapping[str, Any]) -> tuple[Payer, ...]:
    """The funds that pay for a version, each with its turn, share, ceilings and agreement."""
    deals = agreements_of(terms)
    return tuple(_payer(told, deals) for told in terms["funders"])


def _payer(told: list[Any] | dict[str, Any], deals: tuple[Agreement, ...]) -> Payer:
    if isinstance(told, list):
        fund, percent = told
        return Payer(fund, percent)
    mine = None
    if code := told.get("agreement"):
        mine = tuple(
            Deal(starts=deal.starts, ends=deal.ends, areas=deal.areas, cap=deal.cap)
            for deal in deals
            if deal.code == code
        )
    return Payer(told["fund"], told["percent"], told.get("order", 1), _ceilings(told), mine)


def _ceilings(told: Mapping[str, Any]) -> tuple[Ceiling, ...]:
    pers = (Per.ORDER, Per.MONTH, Per.YEAR)
    everywhere = [
        Ceiling(per, Money(told[f"ceiling_{per}_rp"]))
        for per in pers
        if f"ceiling_{per}_rp" in told
    ]
    in_areas = [
        Ceiling(per, Money(each[f"{per}_rp"]), each["area"])
        for each in told.get("area_ceilings", ())
        for per in (Per.MONTH, Per.YEAR)
        if f"{per}_rp" in each
    ]
    return (*everywhere, *in_areas)
