"""Whether somebody is served is decided before anything moves, and every no has one reason."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.utils.html import escape

from gancang import packs
from gancang.ledger.waterfall import Payer
from gancang.medicine.actions import PROGRAMME
from gancang.orders.models import Order
from gancang.programmes.actions import Case, Claim, decide_all
from gancang.programmes.queries import get_programme, terms_of
from gancang.programmes.rules import Agreement, Clause, Known, Terms, Why, judge
from gancang.regions.queries import today_in
from gancang.values import Money, Refused
from gancang.values.conditions import holds, why_not_condition
from tests.cast import PACK, client_of, place, typed_prescription

if TYPE_CHECKING:
    from gancang.regions.models import Region
    from tests.cast import Cast

ON = date(2026, 11, 24)
CARD = Clause("pbi-active", "person.pbi_active == true", "pemegang kartu PBI", "holds a PBI card")
OLD = Clause("old", "person.age >= 60 && person.alone == true", "lansia sendirian", "old and alone")
TERMS = Terms(
    code="jamu",
    name="Jamu",
    item_class="medicine",
    active_from=date(2026, 1, 1),
    until=date(2026, 12, 31),
    agreements=(Agreement("MoU", date(2026, 1, 1), date(2026, 12, 31), "arsip"),),
    clauses=(CARD, OLD),
    facts_max_age_days=90,
    origins=("rsud",),
    carriers=(),
    training_class="medicine",
    funders=(Payer("a", 60), Payer("b", 40)),
    patient_pays=Money(0),
    tariff="t",
    promise_min=240,
    offer_s=90,
    attempts_max=3,
)
HOLDER = {"pbi_active": Known(value=True, as_of=ON)}


def why(
    terms: Terms = TERMS, *, known: dict[str, Known] | None = None, on: date = ON
) -> Why | None:
    """The reason for a patient of the hospital, by default one with a card."""
    return judge(terms, HOLDER if known is None else known, origin="rsud", on=on).why


def test_whoever_fulfils_a_rule_is_let_in_by_its_name() -> None:
    assert judge(TERMS, HOLDER, origin="rsud", on=ON).clause is CARD
    alone = {"age": Known(71, ON), "alone": Known(value=True, as_of=ON)}
    assert judge(TERMS, alone, origin="rsud", on=ON).clause is OLD


@pytest.mark.parametrize("on", [date(2025, 12, 31), date(2027, 1, 1)])
def test_a_programme_runs_from_its_first_day_to_its_last(on: date) -> None:
    assert why(on=on) is Why.NOT_ACTIVE


def test_an_agreement_holds_on_its_last_day_and_not_on_the_day_after() -> None:
    short = replace(TERMS, agreements=(Agreement("MoU", date(2026, 1, 1), ON, "arsip"),))
    assert why(short) is None
    assert why(short, on=ON + timedelta(days=1)) is Why.NO_AGREEMENT


def test_a_renewed_agreement_goes_on_where_the_old_one_ended() -> None:
    renewed = replace(
        TERMS,
        agreements=(
            Agreement("MoU 1", date(2026, 1, 1), ON, "arsip"),
            Agreement("MoU 2", ON + timedelta(days=1), date(2026, 12, 31), "arsip"),
        ),
    )
    assert why(renewed, on=ON + timedelta(days=1)) is None


def test_a_programme_starts_from_the_places_that_it_names() -> None:
    assert judge(TERMS, HOLDER, origin="puskesmas", on=ON).why is Why.NOT_FROM_HERE
    everywhere = replace(TERMS, origins=())
    assert judge(everywhere, HOLDER, origin="puskesmas", on=ON).why is None


def test_a_proof_is_good_for_ninety_days_and_too_old_at_ninety_one() -> None:
    def card(days: int) -> dict[str, Known]:
        return {"pbi_active": Known(value=True, as_of=ON - timedelta(days=days))}

    assert why(known=card(90)) is None
    assert why(known=card(91)) is Why.FACTS_TOO_OLD
    verdict = judge(TERMS, card(91), origin="rsud", on=ON)
    assert verdict.facts == {"fact": "pbi_active", "as_of": "2026-08-25"}


def test_an_old_proof_of_something_else_does_not_matter() -> None:
    known = HOLDER | {"pbi": Known(value=True, as_of=date(2020, 1, 1))}
    assert why(known=known) is None


def test_an_old_card_does_not_shut_out_whom_another_rule_lets_in() -> None:
    known = {
        "pbi_active": Known(value=True, as_of=date(2020, 1, 1)),
        "age": Known(71, ON),
        "alone": Known(value=True, as_of=ON),
    }
    assert judge(TERMS, known, origin="rsud", on=ON).clause is OLD


def test_whoever_fulfils_no_rule_is_told_all_of_them() -> None:
    verdict = judge(TERMS, {"pbi_active": Known(value=False, as_of=ON)}, origin="rsud", on=ON)
    assert verdict.why is Why.NOT_ELIGIBLE
    assert verdict.facts is not None
    assert verdict.facts["rules"] == "pemegang kartu PBI; lansia sendirian"


def test_what_nobody_told_lets_nobody_in() -> None:
    assert why(known={}) is Why.NOT_ELIGIBLE
    assert why(known={"age": Known(71, ON)}) is Why.NOT_ELIGIBLE


def test_of_many_reasons_the_first_in_the_list_is_told() -> None:
    nothing: dict[str, Known] = {}
    long_ago = date(2025, 1, 1)
    assert judge(TERMS, nothing, origin="nowhere", on=long_ago).why is Why.NOT_ACTIVE
    unsigned = replace(TERMS, agreements=())
    assert judge(unsigned, nothing, origin="nowhere", on=ON).why is Why.NO_AGREEMENT
    assert judge(TERMS, nothing, origin="nowhere", on=ON).why is Why.NOT_FROM_HERE


@pytest.mark.parametrize(
    "rubbish", ["", "person.", "person.age >", "1 + 1", "import os", "nobody.age > 3", "'yes'"]
)
def test_rubbish_is_no_condition(rubbish: str) -> None:
    assert why_not_condition(rubbish) is not None


def test_a_condition_asks_for_yes_and_nothing_like_it() -> None:
    assert why_not_condition("person.pbi_active") is None
    assert holds("person.pbi_active", {"pbi_active": True})
    assert not holds("person.pbi_active", {"pbi_active": "yes"})
    assert not holds("person.age > 3", {"age": "many"})


def decided(cast: Cast, known: dict[str, Known], *, days: int = 0) -> Claim | Refused:
    """What the region's own programme says to a patient of the hospital."""
    on = today_in(cast.region, datetime.now(UTC)) + timedelta(days=days)
    case = Case(known, cast.hospital.code, 5_000)
    return decide_all([case], goods="medicine", region=cast.region, on=on)[0]


def test_the_price_is_known_before_anything_moves_and_its_shares_add_up(cast: Cast) -> None:
    today = today_in(cast.region, datetime.now(UTC))
    claim = decided(cast, {"pbi_active": Known(value=True, as_of=today)})
    assert isinstance(claim, Claim)
    assert claim.public == claim.price - claim.patient_pays > Money(0)
    assert claim.payers
    assert claim.clause == terms_of(get_programme(cast.region, PROGRAMME)).clauses[0].code


def test_the_order_keeps_the_rule_by_which_it_was_let_in(cast: Cast) -> None:
    clauses = terms_of(get_programme(cast.region, PROGRAMME)).clauses
    assert place(cast).eligibility_clause in {clause.code for clause in clauses}


def test_the_counter_reads_which_proofs_would_have_made_it_free(cast: Cast) -> None:
    typed = typed_prescription(cast, pbi="tidak")
    page = client_of(cast.clerk).post("/medicine/new", typed).content.decode()
    for clause in terms_of(get_programme(cast.region, PROGRAMME)).clauses:
        assert escape(clause.sentence_id) in page
    assert not Order.objects.exists()


def test_a_region_without_the_programme_says_so(cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        get_programme(cast.region, "jamu")
    assert refusal.value.reason is Why.NO_PROGRAMME


def test_what_a_pack_says_of_planning_is_kept_and_what_it_leaves_out_changes_no_old_version(
    region: Region, tmp_path: Path
) -> None:
    before = get_programme(region, PROGRAMME)
    assert not {"priority", "on_board_min_max", "policy"} & set(before.terms)
    assert (terms_of(before).priority, terms_of(before).on_board_min_max) == (1, None)
    folder = Path(shutil.copytree(PACK, tmp_path / PACK.name))
    path = next(folder.glob("programmes/gancang-aron-1.toml"))
    text = path.read_text("utf-8").replace("version = 3", "version = 4", 1)
    more = 'priority = 3\non_board_minutes_max = 90\npolicy = "bagi-rata"\n'
    path.write_text(text.replace("attempts_max = 3\n", f"attempts_max = 3\n{more}", 1), "utf-8")
    packs.load(folder, by="tests", now=datetime.now(UTC))
    terms = terms_of(get_programme(region, PROGRAMME))
    assert (terms.priority, terms.on_board_min_max, terms.policy) == (3, 90, "bagi-rata")
