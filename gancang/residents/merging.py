"""Two entries of one person made one by somebody who knows, and undone where that was wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr

from gancang.addresses.written import is_same_address
from gancang.residents.actions import note, tell_letters
from gancang.residents.models import Fact, Merge, Phone, Pin, Representative, Resident
from gancang.residents.places import GRADES
from gancang.residents.rules import Why
from gancang.values import Refused

if TYPE_CHECKING:
    from gancang.regions.models import Region
    from gancang.residents.registry import Deed

TAKEN_OVER = ("nik", "family_card", "birth_date", "sex")
TABLES: dict[str, Any] = {"phones": Phone, "represented": Representative, "pins": Pin}


@transaction.atomic
def merge(region: Region, kept_number: int, gone_number: int, deed: Deed) -> Merge:
    """Make two entries one. Orders stay where they are and are read through the kept entry."""
    kept, gone = _both(region, kept_number, gone_number)
    if why := _why_not(kept, gone):
        raise Refused(why)
    moved: dict[str, Any] = {
        "phones": _move_phones(kept, gone),
        "represented": _move(Representative.objects.filter(resident=gone), kept),
        "pins": _move_pins(kept, gone),
        "followers": list(gone.merged.values_list("pk", flat=True)),
        **_move_facts(kept, gone),
    }
    moved["made"] = _keep_first_phone(kept, gone, deed)
    moved["died"] = _share_death(kept, gone)
    moved["took"] = _take_over(kept, gone)
    Resident.objects.filter(pk__in=moved["followers"]).update(merged_into=kept)
    row = Merge.objects.create(
        kept=kept, gone=gone, reason=deed.reason, moved=moved, by=deed.by, at=deed.now
    )
    tell_letters(kept, now=deed.now)
    facts: dict[str, object] = {"gone": f"resident:{gone.pk}", "reason": deed.reason}
    note(kept, "resident.merged", facts, deed.by, deed.now)
    return row


def _both(region: Region, kept: int, gone: int) -> tuple[Resident, Resident]:
    """Both entries, locked in one order for all, so that no two merges wait for each other."""
    rows = Resident.objects.filter(region=region, pk__in=[kept, gone]).order_by("pk")
    found = {row.pk: row for row in rows.select_related("region").select_for_update(of=("self",))}
    if kept == gone:
        raise Refused(Why.SAME_ENTRY)
    if len(found) < 2:
        raise Refused(Why.ALREADY_MERGED)
    return found[kept], found[gone]


def _why_not(kept: Resident, gone: Resident) -> Why | None:
    if kept.merged_into_id or gone.merged_into_id:
        return Why.ALREADY_MERGED
    return Why.TWO_NIKS if kept.nik and gone.nik else None


def _share_death(kept: Resident, gone: Resident) -> bool:
    """Whoever is dead under one entry is so under both; whether the one that stays learns it."""
    if kept.deceased_on or not gone.deceased_on:
        return False
    kept.deceased_on, kept.deceased_source = gone.deceased_on, gone.deceased_source
    return True


def _move(rows: Any, kept: Resident) -> list[int]:
    numbers = list(rows.values_list("pk", flat=True))
    rows.model.objects.filter(pk__in=numbers).update(resident=kept)
    return numbers


def _move_phones(kept: Resident, gone: Resident) -> list[int]:
    known = {kept.phone, *(phone.number for phone in kept.phones.all())}
    fresh = [phone.pk for phone in gone.phones.all() if phone.number not in known]
    return _move(Phone.objects.filter(pk__in=fresh), kept)


def _keep_first_phone(kept: Resident, gone: Resident, deed: Deed) -> list[int]:
    known = {kept.phone, *(phone.number for phone in kept.phones.all())}
    if not gone.phone or gone.phone in known:
        return []
    told = {"number": gone.phone, "whose": gone.phone_whose, "added_at": deed.now}
    return [Phone.objects.create(resident=kept, **told).pk]


def _move_pins(kept: Resident, gone: Resident) -> list[int]:
    same_house = kept.village_id == gone.village_id and is_same_address(kept.address, gone.address)
    if not same_house:
        return []
    known = set(kept.pins.values_list("how", "about"))
    fresh = [
        pin.pk for pin in gone.pins.all() if not pin.about or (pin.how, pin.about) not in known
    ]
    return _move(Pin.objects.filter(pk__in=fresh), kept)


def _move_facts(kept: Resident, gone: Resident) -> dict[str, list[int]]:
    """Of two facts of one name the newer counts; the older goes the other way."""
    here = {fact.name: fact for fact in kept.facts.all()}
    better = [f for f in gone.facts.all() if f.name not in here or f.as_of > here[f.name].as_of]
    older = [here[fact.name].pk for fact in better if fact.name in here]
    _swap_facts([fact.pk for fact in better], kept, older, gone)
    return {"facts": [fact.pk for fact in better], "facts_back": older}


def _swap_facts(to_one: list[int], one: Resident, to_other: list[int], other: Resident) -> None:
    # A name of its own for a moment: nobody may have two facts of one name.
    Fact.objects.filter(pk__in=to_other).update(name=Concat(Value("~"), "name"))
    Fact.objects.filter(pk__in=to_one).update(resident=one)
    Fact.objects.filter(pk__in=to_other).update(resident=other, name=Substr("name", 2))


def _take_over(kept: Resident, gone: Resident) -> list[str]:
    """What the kept entry lacks; a NIK must leave the one entry before it enters the other."""
    taken = [name for name in TAKEN_OVER if getattr(gone, name) and not getattr(kept, name)]
    for name in taken:
        setattr(kept, name, getattr(gone, name))
    order = list(GRADES)
    same_house = kept.village_id == gone.village_id and is_same_address(kept.address, gone.address)
    if same_house and order.index(gone.pin_grade) > order.index(kept.pin_grade):
        kept.lat, kept.lon, kept.pin_grade = gone.lat, gone.lon, gone.pin_grade
        taken.append("pin")
    if "nik" in taken:
        gone.nik = ""
    gone.merged_into = kept
    gone.version += 1
    kept.version += 1
    gone.save()
    kept.save()
    return taken


@transaction.atomic
def undo(region: Region, kept_number: int, merge_number: int, deed: Deed) -> Merge | None:
    """They were two people: what was moved goes back. Undone twice, it changes nothing: None."""
    found = Merge.objects.filter(pk=merge_number, kept=kept_number, undone_at=None)
    row = found.select_for_update().first()
    if row is None:
        return None
    kept, gone = _both(region, row.kept_id, row.gone_id)
    moved = row.moved
    for name, model in TABLES.items():
        model.objects.filter(pk__in=moved[name], resident=kept).update(resident=gone)
    _swap_facts(moved["facts"], gone, moved["facts_back"], kept)
    Phone.objects.filter(pk__in=moved["made"], resident=kept).delete()
    Resident.objects.filter(pk__in=moved["followers"]).update(merged_into=gone)
    if moved.get("died"):
        _give_death_back(kept, gone)
    _give_back(kept, gone, moved["took"])
    for each in (kept, gone):
        tell_letters(each, now=deed.now)
    row.undone_by, row.undone_at = deed.by, deed.now
    row.save(update_fields=["undone_by", "undone_at"])
    facts: dict[str, object] = {"gone": f"resident:{gone.pk}"}
    note(kept, "resident.merge_undone", facts, deed.by, deed.now)
    return row


def _give_death_back(kept: Resident, gone: Resident) -> None:
    if kept.deceased_on:
        kept.deceased_on = kept.deceased_source = ""
    else:  # taken back meanwhile: it was an error of the other entry
        gone.deceased_on = gone.deceased_source = ""


def _give_back(kept: Resident, gone: Resident, taken: list[str]) -> None:
    if "nik" in taken:
        gone.nik, kept.nik = kept.nik, ""
    for name in set(taken) & {"family_card", "birth_date", "sex"}:
        # Corrected since, it is the kept person's own.
        if getattr(kept, name) == getattr(gone, name):
            setattr(kept, name, "")
    if "pin" in taken and (kept.lat, kept.lon) == (gone.lat, gone.lon):
        kept.lat = kept.lon = None
        kept.pin_grade = "village"
    gone.merged_into = None
    gone.version += 1
    kept.version += 1
    kept.save()  # the NIK leaves here before it enters there
    gone.save()
