"""Whether the items of a prescription may travel. Pure; the classes are the pack's, dated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang.values import N_, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date


class Why(Reason):
    """Why an item does not travel. Each sentence names the rule; none names the medicine."""

    NEVER_TRAVELS = (
        "never_travels",
        N_("Item {line} is “{title}” and never leaves the counter ({rule})."),
    )
    URGENT = (
        "urgent",
        N_(
            "Item {line} is needed at once (“{title}”, {rule}): nothing of this prescription is "
            "delivered; ask the patient to wait for it at the counter."
        ),
    )
    DOES_NOT_TRAVEL = (
        "does_not_travel",
        N_(
            "Item {line} is “{title}” and is fetched at the counter ({rule}), unless the "
            "responsible pharmacist says otherwise with a reason."
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicineClass:
    """What holds for one kind of medicine, between two days."""

    code: str
    title: str
    from_date: date
    until_date: date | None
    travels: str  # yes, no (a pharmacist may overrule it) or never
    urgent: bool
    cold_minutes: int | None
    training_class: str
    names: tuple[str, ...]
    except_names: tuple[str, ...]
    rule: str

    def holds(self, name: str) -> bool:
        """Whether a medicine of this name belongs to the class."""
        return _stands_in(self.names, name) and not _stands_in(self.except_names, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRules:
    """How the pharmacy's desk works: its standard of waiting, and who makes the final check."""

    finished_minutes: int = 30
    compounded_minutes: int = 60
    second_person: bool = False
    pause_seconds: int = 0

    def ready_minutes(self, *, compounded: bool) -> int:
        """The minutes in which a prescription is to be ready."""
        return self.compounded_minutes if compounded else self.finished_minutes


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a prescription. A class chosen by hand adds to those found by the name."""

    name: str
    quantity: str = ""
    supply_days: int | None = None
    item_class: str = ""


@dataclass(frozen=True, slots=True)
class ItemVerdict:
    """What the classes say of one item; `decided_by` is the class whose rule `why` names."""

    item: Item
    classes: tuple[MedicineClass, ...]
    why: Why | None
    decided_by: MedicineClass | None

    @property
    def may_be_overruled(self) -> bool:
        """Whether the responsible pharmacist may let it travel all the same."""
        return self.why is Why.DOES_NOT_TRAVEL


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the classes say of a whole prescription, an item each in its order."""

    verdicts: tuple[ItemVerdict, ...]

    @property
    def urgent(self) -> bool:
        """Whether an item is needed at once: then no delivery is offered at all."""
        return any(each.why is Why.URGENT for each in self.verdicts)

    @property
    def blocked(self) -> tuple[ItemVerdict, ...]:
        """The items that do not travel by themselves."""
        return tuple(each for each in self.verdicts if each.why)

    def cold_minutes(self, going: Iterable[int] | None = None) -> int | None:
        """The fewest minutes that any of the lines that go (all, where left out) may be warm."""
        told = [
            each.cold_minutes
            for verdict in self._going(going)
            for each in verdict.classes
            if each.cold_minutes
        ]
        return min(told, default=None)

    def needs(self, going: Iterable[int] | None = None) -> tuple[str, ...]:
        """The further training that a rider needs for the lines that go, sorted."""
        told = {
            each.training_class
            for verdict in self._going(going)
            for each in verdict.classes
            if each.training_class
        }
        return tuple(sorted(told))

    def _going(self, lines: Iterable[int] | None) -> list[ItemVerdict]:
        if lines is None:
            return list(self.verdicts)
        wanted = set(lines)
        return [each for line, each in enumerate(self.verdicts, 1) if line in wanted]


def in_force(classes: Iterable[MedicineClass], on: date) -> list[MedicineClass]:
    """Of each code the newest class that holds on a day; one that begins tomorrow does not."""
    newest: dict[str, MedicineClass] = {}
    for each in sorted(classes, key=lambda one: one.from_date):
        if each.from_date <= on:
            newest[each.code] = each
    return [each for each in newest.values() if each.until_date is None or on <= each.until_date]


def judge(items: Sequence[Item], classes: Sequence[MedicineClass]) -> Judgement:
    """What the classes in force say of each item. The strictest class of an item decides."""
    return Judgement(tuple(_judge_item(item, classes) for item in items))


def _judge_item(item: Item, classes: Sequence[MedicineClass]) -> ItemVerdict:
    # What the name says cannot be chosen away: a slip of the hand must not let a narcotic out.
    found = tuple(each for each in classes if each.code == item.item_class or each.holds(item.name))
    for why in (Why.NEVER_TRAVELS, Why.URGENT, Why.DOES_NOT_TRAVEL):
        for each in found:
            if _is_barred(each, why):
                return ItemVerdict(item, found, why, each)
    return ItemVerdict(item, found, None, None)


def _is_barred(found: MedicineClass, why: Why) -> bool:
    match why:
        case Why.NEVER_TRAVELS:
            return found.travels == "never"
        case Why.URGENT:
            return found.urgent
        case Why.DOES_NOT_TRAVEL:
            return found.travels == "no"


def _stands_in(names: Iterable[str], text: str) -> bool:
    """Whether one of the names is a word (or words) of the text; "inj" is none of "injury"."""
    padded = f" {_words(text)} "
    return any(f" {_words(name)} " in padded for name in names)


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))
