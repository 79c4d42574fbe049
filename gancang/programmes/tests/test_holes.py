"""A programme with a hole is refused, with all holes at once, each with its key."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gancang.programmes.clauses import Why as Rule
from gancang.programmes.clauses import faults_in
from gancang.programmes.falling import ring_in
from gancang.programmes.hole_reasons import Why
from gancang.programmes.holes import OF_RIDERS, Hole, Surroundings, holes
from gancang.programmes.key_words import TABLES
from gancang.programmes.standing import Span
from gancang.regions.facts import kinds_of

ON = date(2026, 11, 30)
YEAR = Span(date(2026, 1, 1), date(2027, 12, 31))
HAS = Surroundings(
    organisations={"rsud": "hospital", "ojek": "fleet", "warung": "kitchen"},
    funds=frozenset({"apbd", "csr", "poor"}),
    tariffs={"motor": [YEAR], "old": [Span(date(2025, 1, 1), date(2025, 12, 31))]},
    policies=frozenset({"even"}),
    facts=kinds_of(()),
    budgets=frozenset({("apbd", "rantang", 2026), ("csr", "rantang", 2026)}),
    areas=frozenset({"35.10.01"}),
    newest={"rantang": 1, "b": 1, "c": 1, "d": 1},
)
TOLD: dict[str, Any] = {
    "code": "rantang",
    "version": 2,
    "name": "Rantang Kasih",
    "description": "Makan dua kali sehari.",
    "kind": "deliver",
    "item_class": "meal",
    "active_from": "2026-12-01",
    "facts_max_age_days": 90,
    "from_organisations": ["warung"],
    "carriers": ["ojek"],
    "training_class": "meal",
    "tariff": "motor",
    "promise_minutes": 60,
    "offer_seconds": 60,
    "attempts_max": 2,
    "agreement": [
        {
            "code": "MoU 1",
            "parties": ["a", "b"],
            "from": "2026-01-01",
            "until": "2027-01-01",
            "document": "arsip",
        }
    ],
    "clause": [
        {"code": "poor", "when": "person.desil == 1", "sentence_id": "x", "sentence_en": "x"}
    ],
    "funder": [{"fund": "apbd", "percent": 60}, {"fund": "csr", "percent": 40}],
    **({"proof": ["code"]} if "proof" in TABLES[""] else {}),
}


def found(**changed: Any) -> dict[Why, Hole]:
    """The holes of the sound programme with something changed; None takes a key away."""
    told = {key: value for key, value in {**TOLD, **changed}.items() if value is not None}
    return {hole.why: hole for hole in holes(told, HAS, on=ON)}


def funders(*rows: tuple[str, int]) -> list[dict[str, Any]]:
    """Funds with their percent."""
    return [{"fund": fund, "percent": percent} for fund, percent in rows]


def test_a_sound_programme_has_no_hole() -> None:
    assert found() == {}


MEAL = {"code": "pagi", "title": "Pagi", "opens": "07:00", "closes": "09:00"}
SHARE = {"number": "served_share", "target": 90}
CLAUSE, DEAL = TOLD["clause"][0], TOLD["agreement"][0]
TABLE: list[tuple[dict[str, Any], Why, str]] = [
    ({"name": None}, Why.MISSING, "name"),
    ({"attempts_max": 99}, Why.WRONG, "attempts_max"),
    ({"attempts_max": None}, Why.MISSING, "attempts_max"),
    ({"clause": None}, Why.NO_CLAUSE, "clause"),
    ({"clause": [{**CLAUSE, "when": "person.desill == 1"}]}, Why.BAD_RULE, "when"),
    ({"clause": [CLAUSE, CLAUSE]}, Why.ROW_TWICE, "code"),
    ({"funder": None}, Why.NOBODY_PAYS, "funder"),
    ({"funder": funders(("apbd", 60))}, Why.SHARES, "percent"),
    ({"funder": funders(("baznas", 100))}, Why.UNKNOWN_FUND, "fund"),
    ({"funder": funders(("poor", 100))}, Why.NO_BUDGET, "fund"),
    ({"patient_pays_rp": 500, "patient_pays_percent": 5}, Why.PAYS_TWICE, "patient_pays_percent"),
    ({"tariff": None}, Why.NO_TARIFF, "tariff"),
    ({"tariff": "taxi"}, Why.UNKNOWN_TARIFF, "tariff"),
    ({"tariff": "old"}, Why.TARIFF_NOT_IN_FORCE, "tariff"),
    ({"agreement": None}, Why.NO_AGREEMENT, "agreement"),
    ({"agreement": [{**DEAL, "until": "2026-11-30"}]}, Why.AGREEMENT_ENDED, "until"),
    ({"until": "2026-11-01"}, Why.NEVER_OPENS, "until"),
    ({"item_class": "medicine", "may_be_left": True}, Why.MEDICINE_LEFT, "may_be_left"),
    ({"from_organisations": ["rs-lain"]}, Why.UNKNOWN_ORIGIN, "from_organisations"),
    ({"carriers": ["rsud"]}, Why.UNKNOWN_CARRIER, "carriers"),
    ({"policy": "odd"}, Why.UNKNOWN_POLICY, "policy"),
    ({"fallback": [{"carrier": "ojek", "then": "ojek", "after_minutes": 5}]}, Why.CIRCULAR, "then"),
    (
        {"fallback": [{"carrier": "ojek", "then": "pos", "after_minutes": 5}]},
        Why.UNKNOWN_FALLBACK,
        "then",
    ),
    ({"version": 1}, Why.VERSION_TAKEN, "code"),
    ({"agreement": [{**DEAL, "areas": ["99.01.01"]}]}, Why.UNKNOWN_AREA, "areas"),
    ({"funder": [{"fund": "apbd", "agreement": "MoU 9"}]}, Why.UNKNOWN_AGREEMENT, "agreement"),
    (
        {"funder": [{"fund": "apbd", "area_ceilings": [{"area": "x", "month_rp": 1}]}]},
        Why.UNKNOWN_AREA,
        "area_ceilings",
    ),
    (
        {"voucher": [{"cycle": "month", "amount_rp": 1, "at": ["kios-lain"]}]},
        Why.UNKNOWN_STALL,
        "at",
    ),
    ({"proof": ["bank"]}, Why.PROVES_NOTHING, "proof"),
    ({"meal": [MEAL], "proof": ["witness"]}, Why.PROVES_NOTHING, "proof"),
    ({"proof": ["callback", "code"]}, Why.CALLBACK_ALONE, "proof"),
    ({"proof": ["witness"], "callback_tries": 2}, Why.NOBODY_RINGS, "callback_tries"),
    (
        {"kind": "ride", "proof": ["callback", "trip"], "counts_people": True},
        Why.NOBODY_TO_RING,
        "proof",
    ),
    ({"capacity": 9}, Why.NOBODY_ENROLS, "capacity"),
    ({"enrols": True, "counts_people": True}, Why.NOBODY_NAMED, "enrols"),
    ({"enrols": True, "waiting_order": ["-purse"]}, Why.UNKNOWN_FACT, "waiting_order"),
    ({"enrols": True, "not_with": ["elsewhere"]}, Why.UNKNOWN_AID, "not_with"),
    ({"if_stall_fails": "none"}, Why.NO_STALLS, "if_stall_fails"),
    ({"meal": [MEAL], "if_stall_fails": "turn"}, Why.NO_TURN, "if_stall_fails"),
    ({"success": [{"number": "waiting_days", "target": 9}]}, Why.NOTHING_TO_COUNT, "number"),
    ({"success": [{"number": "served_share", "target": 101}]}, Why.WRONG, "target"),
    ({"success": [{"number": "glory", "target": 1}]}, Why.WRONG, "number"),
    ({"success": [SHARE, SHARE]}, Why.ROW_TWICE, "number"),
]


@pytest.mark.parametrize(("changed", "why", "key"), TABLE, ids=lambda told: str(told)[:40])
def test_each_hole_is_told_with_its_key(changed: dict[str, Any], why: Why, key: str) -> None:
    assert found(**changed)[why].key == key


@pytest.mark.skipif("proof" not in TABLES[""], reason="packs know no levels of proof yet")
def test_a_meal_without_proof_is_a_hole_and_medicine_has_its_own_rule() -> None:
    assert found(proof=None)[Why.NO_PROOF].key == "proof"
    assert Why.NO_PROOF not in found(proof=None, item_class="medicine")


def test_meals_by_a_calendar_need_no_rider_and_no_tariff_but_somebody_who_pays() -> None:
    no_rider = dict.fromkeys((*OF_RIDERS, "tariff"))
    meals = {**no_rider, "meal": [MEAL], "meal_rp": 12_000, "carriers": [], "proof": ["tick"]}
    assert found(**meals) == {}
    assert Why.NOBODY_PAYS in found(**meals, funder=None)


def test_districts_of_the_region_itself_are_no_hole() -> None:
    assert found(agreement=[{**DEAL, "areas": ["35.10.01"]}]) == {}


def test_an_empty_page_tells_all_holes_at_once() -> None:
    told = {hole.key for hole in holes({"version": 1}, HAS, on=ON)}
    assert {"name", "code", "kind", "clause", "agreement", "active_from"} <= told


def test_a_ring_is_found_wherever_it_begins_and_a_chain_is_none() -> None:
    def rows(*pairs: str) -> list[dict[str, object]]:
        return [{"carrier": two[0], "then": two[1], "after_minutes": 5} for two in pairs]

    assert ring_in(rows("ab", "bc", "cd")) == []
    assert set(ring_in(rows("ab", "bc", "cb"))) == {"b", "c"}


RULES = [
    ("person.desil >= 1 && person.desil <= 4", None),
    ("true", None),
    ("person.pbi_active", None),
    ("has(person.desil) && !person.local_list", None),
    ("person.desil in [1, 2, 3]", None),
    ("person.age / 2 > 30", None),
    ("person.village.startsWith('35')", None),
    ("person.desill == 1", Rule.UNKNOWN_FACT),
    ("person.x9 == 1", Rule.NO_FACT),
    ("person.desil == 'satu'", Rule.TYPES),
    ("person.pbi_active > false", Rule.TYPES),
    ("person.desil && true", Rule.TYPES),
    ("person.desil in ['a']", Rule.TYPES),
    ("person.desil + 1", Rule.NO_ANSWER),
    ("person.age / 0 == 1", Rule.BY_NOUGHT),
    ("person.age % person.desil == 0", Rule.BY_NOUGHT),
    ("[1, 2].all(x, x > person.desil)", Rule.BEYOND),
    ("person", Rule.BEYOND),
    ("person.village.matches('.*')", Rule.NO_FUNCTION),
    ("person.desil ==", Rule.UNREADABLE),
    ("open('/etc/passwd') == ''", Rule.UNREADABLE),
    ("true || " * 100 + "true", Rule.TOO_LARGE),
    ("(" * 200 + "true" + ")" * 200, Rule.UNREADABLE),
    (" && ".join(["true"] * 62), Rule.TOO_LARGE),
]


@pytest.mark.parametrize(("rule", "why"), RULES, ids=lambda told: str(told)[:40])
def test_what_is_wrong_with_a_rule_is_named(rule: str, why: Rule | None) -> None:
    assert [fault.why for fault in faults_in(rule, HAS.facts)] == ([why] if why else [])


def test_the_nearest_fact_is_named_and_every_fault_at_once() -> None:
    found = faults_in("person.pbi_activ == true && person.age / 0 == 1", HAS.facts)
    assert {fault.why for fault in found} == {Rule.UNKNOWN_FACT, Rule.BY_NOUGHT}
    assert found[0].facts["near"] == "pbi_active"


MEAL = {"code": "pagi", "title": "Pagi", "opens": "07:30", "closes": "10:00"}


def test_meals_by_a_calendar_need_their_price_and_no_tariff() -> None:
    riders = dict.fromkeys(("tariff", "promise_minutes", "offer_seconds", "attempts_max"))
    riders["proof"] = ["card", "tick"]
    assert found(meal=[MEAL], meal_rp=12_000, training_class=None, **riders) == {}
    assert found(meal=[MEAL], **riders)[Why.MISSING].key == "meal_rp"


def test_a_meal_stands_once_and_ends_after_it_begins() -> None:
    twice = found(meal=[MEAL, MEAL], meal_rp=1)[Why.ROW_TWICE]
    assert (twice.table, twice.place) == ("meal", 1)
    backwards = {**MEAL, "closes": "07:00"}
    assert found(meal=[backwards], meal_rp=1)[Why.MEAL_BACKWARDS].table == "meal"
