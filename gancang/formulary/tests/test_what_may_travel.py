"""H17: which medicine may travel is dated data of the pack; each refusal names its rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gancang import packs
from gancang.formulary.queries import classes_in_force
from gancang.formulary.rules import Item, MedicineClass, Why, in_force, judge
from gancang.regions.pack import read_pack
from gancang.values import Refused
from gancang.web.middleware import sentence_of
from tests.cast import PACK

if TYPE_CHECKING:
    from gancang.regions.models import Region

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
NEVER, NO, URGENT = Why.NEVER_TRAVELS, Why.DOES_NOT_TRAVEL, Why.URGENT
TWENTY_DRUGS = [
    ("Amlodipine 5 mg 1x1", None, None),
    ("Metformin 500 mg 2x1", None, None),
    ("Simvastatin 20 mg 0-0-1", None, None),
    ("Paracetamol 500 mg 3x1", None, None),
    ("Captopril 25 mg 2x1", None, None),
    ("Insulin glargine 100 IU/ml pen", None, 120),
    ("INSULIN aspart injeksi 10 IU", None, 120),
    ("Latanoprost tetes mata 0,005%", None, 120),
    ("Codeine 10 mg", NEVER, None),
    ("Morfin tablet 10 mg", NEVER, None),
    ("Diazepam 2 mg 1x1", NEVER, None),
    ("ALPRAZOLAM 0,5 mg", NEVER, None),
    ("Clobazam 10 mg", NEVER, None),
    ("Tramadol 50 mg", NO, None),
    ("Haloperidol 5 mg", NO, None),
    ("Pseudoefedrin 30 mg", NO, None),
    ("Sildenafil 50 mg", NO, None),
    ("Ceftriaxone 1 g vial", NO, None),
    ("Levonorgestrel implan 75 mg", NO, None),
    ("ISDN sublingual 5 mg bila nyeri", URGENT, None),
]


@pytest.mark.parametrize(("name", "why", "cold_minutes"), TWENTY_DRUGS)
def test_of_twenty_drugs_each_travels_or_says_by_which_rule_it_does_not(
    region: Region, name: str, why: Why | None, cold_minutes: int | None
) -> None:
    classes = classes_in_force(region, on=TODAY)
    judgement = judge([Item(name)], classes)
    [verdict] = judgement.verdicts
    assert verdict.why == why
    assert judgement.cold_minutes() == cold_minutes
    assert judgement.needs() == (("medicine-cold",) if cold_minutes else ())
    assert judgement.urgent == (why is URGENT)
    if why:
        assert verdict.decided_by
        facts = {"line": 1, "title": verdict.decided_by.title, "rule": verdict.decided_by.rule}
        said = sentence_of(Refused(why, **facts))
        assert verdict.decided_by.rule in said
        assert name not in said  # the sentence may be read over somebody's shoulder


def test_nobody_overrules_a_narcotic_and_the_pharmacist_may_overrule_the_rest(
    region: Region,
) -> None:
    classes = classes_in_force(region, on=TODAY)
    verdicts = judge([Item("Morfin"), Item("Tramadol"), Item("Amlodipine")], classes).verdicts
    assert [each.may_be_overruled for each in verdicts] == [False, True, False]


def test_a_class_chosen_by_hand_is_added_and_takes_none_away(region: Region) -> None:
    classes = classes_in_force(region, on=TODAY)
    items = [Item("Racikan batuk", item_class="certain"), Item("Diazepam", item_class="cold")]
    assert [each.why for each in judge(items, classes).verdicts] == [NO, NEVER]


def test_a_law_that_begins_tomorrow_binds_tomorrow(region: Region) -> None:
    pack = read_pack(PACK)
    told = next(row for row in pack.medicine_classes if row.values["code"] == "certain")
    tomorrow = TODAY + timedelta(days=1)
    stricter: dict[str, Any] = {"from": tomorrow, "travels": "never", "rule": "Peraturan 99/2026"}
    added = replace(told, values={**told.values, **stricter})
    changed = replace(pack, medicine_classes=(*pack.medicine_classes, added))
    said = packs.take_in(changed, by="tests", now=NOW)
    assert f"medicine class certain from {tomorrow}: new" in said

    def why(day: date) -> Why | None:
        return judge([Item("Tramadol")], classes_in_force(region, on=day)).verdicts[0].why

    assert (why(TODAY), why(tomorrow)) == (NO, NEVER)
    [verdict] = judge([Item("Tramadol")], classes_in_force(region, on=tomorrow)).verdicts
    assert verdict.decided_by
    assert verdict.decided_by.rule == "Peraturan 99/2026"


def test_what_the_pack_changes_of_a_class_is_said(region: Region) -> None:
    pack = read_pack(PACK)
    first, *rest = pack.medicine_classes
    names = {"names": [*first.values["names"], "obat baru"]}
    changed = replace(first, values={**first.values, **names})
    said = packs.take_in(replace(pack, medicine_classes=(changed, *rest[:-1])), by="t", now=NOW)
    assert f"medicine class narcotic from {first.values['from']}: changed (names)" in said
    gone = rest[-1].values
    assert f"medicine class {gone['code']} from {gone['from']}: no longer in the pack; kept" in said
    assert judge([Item("Obat Baru 5 mg")], classes_in_force(region, on=TODAY)).blocked


def made(code: str, **changed: Any) -> MedicineClass:
    """A class of a name, yes in everything."""
    told = {
        "code": code,
        "title": code,
        "from_date": date(2020, 1, 1),
        "until_date": None,
        "travels": "yes",
        "urgent": False,
        "cold_minutes": None,
        "training_class": "",
        "names": (code,),
        "except_names": (),
        "rule": "rule",
    }
    return MedicineClass(**{**told, **changed})


def test_a_name_is_found_as_a_word_and_never_inside_another() -> None:
    classes = [made("inj", travels="no"), made("tetes mata", cold_minutes=60)]
    items = [Item("Injury balm"), Item("Vit K inj."), Item("Xy tetes-mata 5 ml"), Item("mata")]
    verdicts = judge(items, classes).verdicts
    assert [bool(each.classes) for each in verdicts] == [False, True, True, False]


def test_only_what_goes_must_stay_cold() -> None:
    classes = [
        made("a", cold_minutes=60, training_class="cold"),
        made("b", cold_minutes=120, training_class="very-cold"),
    ]
    judgement = judge([Item("a"), Item("b"), Item("c")], classes)
    assert (judgement.cold_minutes(), judgement.needs()) == (60, ("cold", "very-cold"))
    assert (judgement.cold_minutes([2, 3]), judgement.needs([2, 3])) == (120, ("very-cold",))
    assert (judgement.cold_minutes([3]), judgement.needs([])) == (None, ())


days = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 1, 1))
dated = st.builds(
    lambda code, begin, length: made(
        code, from_date=begin, until_date=begin + timedelta(days=length) if length else None
    ),
    st.sampled_from("abc"),
    days,
    st.integers(0, 900),
)


@given(st.lists(dated, max_size=8, unique_by=lambda one: (one.code, one.from_date)), days)
def test_law_of_each_code_the_newest_that_has_begun_decides(
    classes: list[MedicineClass], day: date
) -> None:
    found = {each.code: each for each in in_force(classes, day)}
    for code in "abc":
        begun = [each for each in classes if each.code == code and each.from_date <= day]
        newest = max(begun, key=lambda one: one.from_date, default=None)
        ended = newest is not None and newest.until_date is not None and newest.until_date < day
        assert found.get(code) == (None if ended else newest)


@given(st.permutations([made("x", travels="never"), made("x1", travels="no"), made("x2")]))
def test_law_the_strictest_class_decides_in_any_order(classes: list[MedicineClass]) -> None:
    [verdict] = judge([Item("x x1 x2")], classes).verdicts
    assert verdict.why is NEVER
