"""Reading the classes of medicine of a region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.formulary import rules
from gancang.formulary.models import MedicineClass

if TYPE_CHECKING:
    from datetime import date

    from gancang.regions.models import Region


def classes_in_force(region: Region, *, on: date) -> list[rules.MedicineClass]:
    """The classes that hold in a region on a day, in the pack's order. One query."""
    rows = MedicineClass.objects.filter(region=region, from_date__lte=on).order_by("pk")
    return rules.in_force([_as_rule(row) for row in rows], on)


def words_of_medicines(region: Region) -> frozenset[str]:
    """The words by which medicines are known here. One query.

    Those of urgent classes are left out: "segera" is a word of every day.
    """
    rows = MedicineClass.objects.filter(region=region, urgent=False)
    return frozenset(word for names in rows.values_list("names", flat=True) for word in names)


def desk_rules(region: Region) -> rules.DeskRules:
    """How the pharmacy's desk works in a region; a pack loaded before it said so has defaults."""
    told = region.config.get("desk", {})
    return rules.DeskRules(**{name: told[name] for name in told if name != "source"})


def _as_rule(row: MedicineClass) -> rules.MedicineClass:
    return rules.MedicineClass(
        code=row.code,
        title=row.title,
        from_date=row.from_date,
        until_date=row.until_date,
        travels=row.travels,
        urgent=row.urgent,
        cold_minutes=row.cold_minutes,
        training_class=row.training_class,
        names=tuple(row.names),
        except_names=tuple(row.except_names),
        rule=row.rule,
    )
