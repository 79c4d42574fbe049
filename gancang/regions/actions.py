"""Taking a pack's places, organisations, holidays and tariffs in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from gancang.audit.actions import record
from gancang.regions.models import District, Holiday, Organisation, Region, Tariff, Village
from gancang.regions.pack_tariffs import FURTHER
from gancang.regions.rules import Why
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from django.db.models import Model

    from gancang.regions.fitted import Fit
    from gancang.regions.pack import Pack
    from gancang.regions.pack_files import Row


KEPT = "no longer in the pack; kept"


@transaction.atomic
def load(pack: Pack, *, by: str, now: datetime, beside: Collection[str] = frozenset()) -> list[str]:
    """Load or update a region from its pack; what changed, a line each.

    A second load changes nothing. Rows that are gone from the pack are kept, since orders may
    point at them, and are named; not the organisations `beside` it, which no pack ever named.
    Refused if another region has its short name.
    """
    told = pack.region
    region, said = _region(pack)
    districts = {
        row.values["code"]: {
            "name": row.values["name"],
            "population": _whole(row, "population"),
            "population_note": row.values.get("population_note", ""),
        }
        for row in pack.districts
    }
    said += _sync(District, region, "district", districts)
    by_code = {row.code: row for row in District.objects.filter(region=region)}
    said += _sync(Village, region, "village", dict(_villages(pack.villages, by_code)))
    villages = {row.code: row for row in Village.objects.filter(region=region)}
    organisations = dict(_organisations(pack, villages))
    said += _sync(Organisation, region, "organisation", organisations, beside=beside)
    said += _sync(Holiday, region, "holiday", dict(_holidays(pack)), key="on")
    said += _tariffs(region, pack.tariffs)
    changes = sum(not line.endswith(KEPT) for line in said)
    if changes:
        facts: dict[str, object] = {"changes": changes}
        record("region.loaded", told.code, region=told.code, by=by, now=now, facts=facts)
    return said


def _region(pack: Pack) -> tuple[Region, list[str]]:
    told = pack.region
    values = {
        "slug": told.slug,
        "name": told.name,
        "province": told.province,
        "timezone": told.timezone,
        "languages": list(told.languages),
        "phone": told.phone,
        "config": told.config,
    }
    other = Region.objects.filter(slug=told.slug).exclude(code=told.code).first()
    if other is not None:
        raise Refused(Why.SLUG_TAKEN, slug=told.slug, code=other.code)
    # Locked, so that a second load at the same time waits and then finds nothing to do.
    locked = Region.objects.select_for_update()
    region, made = locked.get_or_create(code=told.code, defaults=values)
    if made:
        return region, [f"region {told.code}: new"]
    return region, [f"region {told.code}: changed"] if _update(region, values) else []


def _update(row: Model, values: Mapping[str, Any]) -> bool:
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return bool(changed)


def _sync(
    model: type[Any],
    region: Region,
    noun: str,
    told: Mapping[Any, Mapping[str, Any]],
    *,
    key: str = "code",
    beside: Collection[str] = frozenset(),
) -> list[str]:
    """Bring one kind of row to what the pack says. One query to look, one to add."""
    known = {getattr(row, key): row for row in model.objects.filter(region=region)}
    fresh = [name for name in told if name not in known]
    model.objects.bulk_create(model(region=region, **{key: name}, **told[name]) for name in fresh)
    changed = [name for name in told if name in known and _update(known[name], told[name])]
    gone = [name for name in known if name not in told and name not in beside]
    return [
        *(f"{noun} {name}: new" for name in fresh),
        *(f"{noun} {name}: changed" for name in changed),
        *(f"{noun} {name}: {KEPT}" for name in gone),
    ]


def _whole(row: Row, column: str) -> int | None:
    return int(row.values[column]) if column in row.values else None


def _villages(
    rows: Iterable[Row], districts: Mapping[str, District]
) -> Iterable[tuple[str, dict[str, Any]]]:
    for row in rows:
        values = row.values
        yield (
            values["code"],
            {
                "district": districts[values["code"].rpartition(".")[0]],
                "name": values["name"],
                "kind": values["kind"],
                "postcode": values.get("postcode", ""),
                "lat": float(values["lat"]),
                "lon": float(values["lon"]),
                "population": _whole(row, "population"),
                "population_is_estimate": values["population_is_estimate"] == "yes",
            },
        )


def _organisations(
    pack: Pack, villages: Mapping[str, Village]
) -> Iterable[tuple[str, dict[str, Any]]]:
    for row in pack.organisations:
        values = row.values
        yield (
            values["code"],
            {
                "kind": values["kind"],
                "name": values["name"],
                "address": values.get("address", ""),
                "village": villages[values["village"]],
                "lat": float(values["lat"]),
                "lon": float(values["lon"]),
                "precision": values["precision"],
                "accuracy_m": _whole(row, "accuracy_m"),
                "phone": values.get("phone", ""),
                "source": values["source"],
            },
        )


def _holidays(pack: Pack) -> Iterable[tuple[Any, dict[str, Any]]]:
    for row in pack.holidays:
        day = datetime.fromisoformat(row.values["on"]).date()
        yield day, {"name": row.values["name"], "source": row.values["source"]}


def _tariffs(region: Region, rows: Sequence[Row]) -> list[str]:
    said = []
    for row in rows:
        values = row.values
        told = {
            "until_date": values.get("until"),
            "base_rp": values["base_rp"],
            "included_m": values["included_m"],
            "per_km_rp": values["per_km_rp"],
            "ceiling_rp": values.get("ceiling_rp"),
            "decree": values["decree"],
            "source": values["source"],
            "further": {key: values[key] for key in FURTHER if key in values},
        }
        tariff, made = Tariff.objects.get_or_create(
            region=region, code=values["code"], from_date=values["from"], defaults=told
        )
        if made or _update(tariff, told):
            said.append(
                f"tariff {values['code']} from {values['from']}: {'new' if made else 'changed'}"
            )
    told_days = {(row.values["code"], row.values["from"]) for row in rows}
    known = Tariff.objects.filter(region=region).order_by("code", "from_date")
    gone = [row for row in known if (row.code, row.from_date) not in told_days]
    return [*said, *(f"tariff {row.code} from {row.from_date}: {KEPT}" for row in gone)]


@transaction.atomic
def keep_fit(region: Region, fit: Fit, *, by: str, now: datetime) -> None:
    """From now on rides take as long as finished trips showed, where no road is known."""
    told = fit.told()
    Region.objects.filter(pk=region.pk).update(fitted=told)
    region.fitted = told
    facts = {key: told[key] for key in ("trips", "half", "most", "speed_kmh", "start_s")}
    record("estimate.fitted", region.code, region=region.code, by=by, now=now, facts=facts)
