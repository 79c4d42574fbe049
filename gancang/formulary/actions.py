"""Taking a pack's classes of medicine in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from gancang.audit.actions import record
from gancang.formulary.models import MedicineClass
from gancang.regions.actions import KEPT

if TYPE_CHECKING:
    from datetime import datetime

    from gancang.regions.models import Region
    from gancang.regions.pack import Pack
    from gancang.regions.pack_files import Row


@transaction.atomic
def load(pack: Pack, *, region: Region, by: str, now: datetime) -> list[str]:
    """Take the classes in; say what changed, a line each. A second load changes nothing."""
    rows = MedicineClass.objects.filter(region=region)
    known = {(row.code, row.from_date): row for row in rows}
    said = []
    for told in pack.medicine_classes:
        code, day = told.values["code"], told.values["from"]
        row = known.pop((code, day), None)
        values = _values(told)
        if row is None:
            MedicineClass.objects.create(region=region, code=code, from_date=day, **values)
            said.append(f"medicine class {code} from {day}: new")
        elif changed := [name for name, value in values.items() if getattr(row, name) != value]:
            MedicineClass.objects.filter(pk=row.pk).update(**values)
            said.append(f"medicine class {code} from {day}: changed ({', '.join(changed)})")
    if said:
        facts: dict[str, object] = {"changes": said}
        record("formulary.loaded", region.code, region=region.code, by=by, now=now, facts=facts)
    return [*said, *(f"medicine class {code} from {day}: {KEPT}" for code, day in known)]


def _values(told: Row) -> dict[str, Any]:
    values = told.values
    return {
        "title": values["title"],
        "until_date": values.get("until"),
        "travels": values["travels"],
        "urgent": values.get("urgent", False),
        "cold_minutes": values.get("cold_minutes"),
        "training_class": values.get("training_class", ""),
        "names": values["names"],
        "except_names": values.get("except_names", []),
        "rule": values["rule"],
        "source": values["source"],
    }
