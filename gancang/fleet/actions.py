"""Riders join, are trained, begin and end their shifts, and are seen somewhere."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.db.models import OuterRef, Subquery

from gancang.audit.actions import record
from gancang.fleet.models import Paper, Rider, Shift, Training
from gancang.fleet.queries import work_of_many
from gancang.fleet.rostering import take_over
from gancang.fleet.rules import Why, why_not_seen
from gancang.fleet.seeing import kept_since, may_be_taken
from gancang.orders.actions import tell_board
from gancang.regions.queries import today_in
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from gancang.accounts.models import User
    from gancang.fleet.rules import Kind
    from gancang.regions.models import Organisation, Region

FORGET_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Position:
    """Where a rider was, and when, by his device."""

    rider_user_id: int
    lat: float
    lon: float
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """What a rider carries bags in, and when somebody last looked at it."""

    has_opaque_bag: bool
    has_cold_bag: bool
    equipment_checked_on: date | None


@transaction.atomic
def enlist(  # noqa: PLR0913 - a rider is all of these
    user: User,
    *,
    organisation: Organisation,
    vehicle: str,
    plate: str,
    by: str,
    now: datetime,
    phone: str | None = None,
    bags_max: int | None = None,
    equipment: Equipment | None = None,
) -> Rider:
    """Put a person on a fleet's list of riders; a second time changes what is said of him.

    A phone, number of bags or equipment that is left out stays as it was.
    """
    told: dict[str, object] = {
        "organisation": organisation,
        "region_id": organisation.region_id,
        "vehicle": vehicle,
        "plate": plate,
    }
    told |= {} if phone is None else {"phone": phone}
    told |= {} if bags_max is None else {"bags_max": bags_max}
    told |= {} if equipment is None else asdict(equipment)
    rider, _made = Rider.objects.update_or_create(user=user, defaults=told)
    facts: dict[str, object] = {"fleet": organisation.code}
    facts |= {"cold_bag": equipment.has_cold_bag} if equipment else {}
    record(
        "rider.enlisted",
        user.username,
        region=organisation.region.code,
        by=by,
        now=now,
        facts=facts,
    )
    return rider


@transaction.atomic
def train(
    rider: Rider, *, item_class: str, trained_on: date, expires_on: date, by: str, now: datetime
) -> Training:
    """Note a training. Refused if it lies ahead, is over before it began, or is known already."""
    if expires_on <= trained_on:
        raise Refused(Why.TRAINING_REVERSED)
    if trained_on > today_in(rider.region, now):
        raise Refused(Why.TRAINING_AHEAD)
    try:
        with transaction.atomic():
            training = Training.objects.create(
                rider=rider, item_class=item_class, trained_on=trained_on, expires_on=expires_on
            )
    except IntegrityError as error:
        raise Refused(Why.TRAINED_ALREADY) from error
    facts: dict[str, object] = {"class": item_class, "expires_on": expires_on.isoformat()}
    record(
        "rider.trained", rider.user.username, region=rider.region.code, by=by, now=now, facts=facts
    )
    return training


@transaction.atomic
def see_paper(  # noqa: PLR0913 - who saw what of whom, and when
    rider: Rider,
    kind: Kind,
    *,
    number: str,
    expires_on: date | None,
    seen_on: date,
    by: User,
    now: datetime,
) -> Paper:
    """Note that somebody saw the original of a rider's paper; the newest of a kind counts."""
    today = today_in(rider.region, now)
    why = why_not_seen(kind, expires_on=expires_on, seen_on=seen_on, today=today)
    if why:
        raise Refused(why, paper=kind.title)
    Rider.objects.select_for_update().get(pk=rider.pk)
    told = {"number": number, "expires_on": expires_on, "seen_on": seen_on}
    last = Paper.objects.filter(rider=rider, kind=kind.code).order_by("-pk").first()
    if last and all(getattr(last, name) == value for name, value in told.items()):
        raise Refused(Why.PAPER_KNOWN)
    paper = Paper.objects.create(rider=rider, kind=kind.code, **told, seen_by=by)
    facts: dict[str, object] = {
        "paper": kind.code,
        "expires_on": expires_on.isoformat() if expires_on else None,
        "seen_on": seen_on.isoformat(),
    }
    region, username = rider.region.code, rider.user.username
    record("rider.paper_seen", username, region=region, by=by.username, now=now, facts=facts)
    tell_board(region)
    return paper


@transaction.atomic
def start_shift(rider: Rider, *, now: datetime) -> Shift:
    """Begin to work, with the end and the break of the duty that was planned, if one was."""
    try:
        with transaction.atomic():
            # Until his phone says more, he is where his fleet is.
            shift = Shift.objects.create(
                rider=rider,
                started_at=now,
                lat=rider.organisation.lat,
                lon=rider.organisation.lon,
            )
    except IntegrityError as error:
        raise Refused(Why.ON_SHIFT_ALREADY) from error
    take_over(shift, now=now)
    _tell("shift.started", rider, now=now)
    return shift


@transaction.atomic
def end_shift(rider: Rider, *, now: datetime) -> None:
    """Go home. Whether he still holds bags, dispatch has asked before."""
    if not Shift.objects.filter(rider=rider, ended_at=None).update(ended_at=now):
        raise Refused(Why.NOT_ON_SHIFT)
    _tell("shift.ended", rider, now=now)


def _tell(kind: str, rider: Rider, *, now: datetime) -> None:
    username = rider.user.username
    record(kind, username, region=rider.region.code, by=username, now=now)
    tell_board(rider.region.code)


@transaction.atomic
def record_positions(positions: Sequence[Position], *, now: datetime) -> dict[str, list[Position]]:
    """Where riders at work are now; by region, what was new. Nobody is seen on his break.

    Older news than known is left out. Three statements, however many there are.
    """
    if not positions:
        return {}
    work = work_of_many({each.rider_user_id for each in positions})
    latest: dict[int, Position] = {}
    for each in sorted(positions, key=lambda position: position.at):
        known = work.get(each.rider_user_id)
        if known and may_be_taken(known.work, at=each.at, now=now):
            latest[known.shift] = each
    moved = _write_places(latest)
    found: dict[str, list[Position]] = {}
    for known in work.values():
        if known.shift in moved:
            found.setdefault(known.region, []).append(latest[known.shift])
    return found


def _write_places(latest: Mapping[int, Position]) -> set[int]:
    """By shift, in one statement; the shifts whose place was older."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE fleet_shift s SET lat = p.lat, lon = p.lon, seen_at = p.at
            FROM unnest(%s::bigint[], %s::float8[], %s::float8[], %s::timestamptz[])
                 AS p(shift_id, lat, lon, at)
            WHERE s.id = p.shift_id AND s.ended_at IS NULL
              AND (s.seen_at IS NULL OR s.seen_at < p.at)
            RETURNING s.id
            """,
            [
                list(latest),
                [p.lat for p in latest.values()],
                [p.lon for p in latest.values()],
                [p.at for p in latest.values()],
            ],
        )
        return {number for (number,) in cursor.fetchall()}


@transaction.atomic
def forget_places(region: Region, *, now: datetime) -> int:
    """Take the places from shifts that ended longer ago than the region keeps them. How many.

    Whoever forgot to end his shift stands at his fleet again. At most FORGET_AT_ONCE of each; a
    second time it goes on with the rest.
    """
    since = kept_since(region.config, now=now)
    shifts = Shift.objects.filter(rider__region=region).order_by("pk")
    over = shifts.filter(ended_at__lt=since).exclude(lat=None, lon=None)
    open_still = shifts.filter(ended_at=None, seen_at__lt=since)
    over, open_still = (
        Shift.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:FORGET_AT_ONCE]))
        for rows in (over, open_still)
    )
    fleet = Rider.objects.filter(pk=OuterRef("rider"))
    return over.update(lat=None, lon=None) + open_still.update(
        lat=Subquery(fleet.values("organisation__lat")),
        lon=Subquery(fleet.values("organisation__lon")),
        seen_at=None,
    )
