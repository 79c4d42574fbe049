"""Reading riders. Each question that lists them knows who asks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from gancang.accounts.models import Membership, Role, User
from gancang.fleet.hours import Rests, ends_to_choose, merged, resting_until
from gancang.fleet.models import Paper, Rest, Rider, Shift
from gancang.fleet.rules import (
    CLASSES,
    Certificate,
    Held,
    Why,
    barred_by,
    first_to_end,
    hold,
    kinds_of,
    may_carry,
    training_state,
    why_not_trained,
)
from gancang.fleet.seeing import AtWork, Seen, seen
from gancang.formulary.queries import classes_in_force
from gancang.programmes.queries import list_programmes, terms_of
from gancang.regions.models import Region
from gancang.regions.queries import today_in
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OnShift:
    """A rider at work: where he is, what he is trained for, what keeps him from new work."""

    rider: Rider
    shift: Shift
    trained: frozenset[str]
    bar: Held | None = None  # a paper of his
    rests: Rests = ()  # his breaks, of the whole shift
    resting_until: datetime | None = None  # if he rests now


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a rider stands with one class of goods: until when, and why he may not carry it."""

    item_class: str
    title: str
    expires_on: date | None
    state: str  # of `rules.training_state`, or "none"
    why_not: Why | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """One training as a rider's page shows it."""

    title: str
    trained_on: date
    expires_on: date
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A rider as the list shows him."""

    rider: Rider
    shift: Shift | None
    standings: list[Standing]
    to_mend: list[Held]  # papers that are not in order


def get_rider(user: User) -> Rider:
    """The rider that somebody is. Refused if he is on no fleet's list."""
    found = Rider.objects.filter(user=user).select_related("organisation", "region").first()
    if found is None:
        raise Refused(Why.NO_RIDER)
    found.user = user  # the one who was given, not a second copy of the row
    return found


def find_shift(rider: Rider) -> Shift | None:
    """The shift that a rider is on, or None."""
    return Shift.objects.filter(rider=rider, ended_at=None).first()


def find_shift_of(user: User) -> Shift | None:
    """The shift that somebody drives, or None; None also for who is no rider. One query."""
    return Shift.objects.filter(rider__user=user, ended_at=None).first()


def list_on_shift(region: Region, *, now: datetime) -> list[OnShift]:
    """All riders at work in a region, in a fixed order. Four queries."""
    return _at_work(Shift.objects.filter(rider__region=region), region, now=now)


def find_at_work(rider: User, *, now: datetime) -> OnShift | None:
    """The rider at work that somebody is, or None."""
    region = Region.objects.filter(rider__user=rider).first()
    if region is None:
        return None
    found = _at_work(Shift.objects.filter(rider__user=rider), region, now=now)
    return found[0] if found else None


def _at_work(shifts: QuerySet[Shift], region: Region, *, now: datetime) -> list[OnShift]:
    on = today_in(region, now)
    kinds = kinds_of(region.config, on=on)
    rows = (
        shifts.filter(ended_at=None, rider__user__is_active=True)
        .select_related("rider__user", "rider__organisation")
        .prefetch_related("rider__trainings", with_papers("rider__papers"), "rests")
        .order_by("rider_id")
    )
    return [
        OnShift(
            rider=row.rider,
            shift=row,
            trained=may_carry(_certificates(row.rider), on=on),
            bar=barred_by(kinds, ends_of(row.rider), on=on),
            rests=(rests := _rests(row.rests.all())),
            resting_until=resting_until(rests, now=now),
        )
        for row in rows
    ]


def work_of(shift: Shift) -> AtWork:
    """When the rider of a shift works. No query where its breaks were prefetched."""
    rests = _rests(shift.rests.all())
    return AtWork(started_at=shift.started_at, ended_at=shift.ended_at, rests=rests)


class OpenShift(NamedTuple):
    """An open shift: its number, the code of its region, and when its rider works."""

    shift: int
    region: str
    work: AtWork


def work_of_many(users: Collection[int]) -> dict[int, OpenShift]:
    """The open shifts of many people, by user. Two queries; rows alone, since each second asks."""
    shifts = Shift.objects.filter(rider__user__in=users, ended_at=None)
    rests: defaultdict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    told = Rest.objects.filter(shift__in=shifts).values_list("shift_id", "starts_at", "ends_at")
    for shift, starts_at, ends_at in told:
        rests[shift].append((starts_at, ends_at))
    rows = shifts.values_list("rider__user_id", "pk", "rider__region__code", "started_at")
    return {
        user: OpenShift(
            shift, region, AtWork(started_at=started_at, rests=merged(rests.get(shift, ())))
        )
        for user, shift, region, started_at in rows
    }


def seen_of(user: User, *, now: datetime) -> Seen:
    """Whether the place of a rider is seen, as he himself is told. Two queries on shift."""
    shift = find_shift_of(user)
    return seen_in(shift, rests_of(shift) if shift else (), now=now)


def seen_in(shift: Shift | None, rests: Rests, *, now: datetime) -> Seen:
    """The same where his shift and its breaks are known. No query."""
    if shift is None:
        return seen(None, last_at=None, now=now)
    work = AtWork(started_at=shift.started_at, ended_at=shift.ended_at, rests=rests)
    return seen(work, last_at=shift.seen_at, now=now)


def rests_of(shift: Shift) -> Rests:
    """The breaks of a shift in their order, the planned and the unplanned. One query."""
    return _rests(Rest.objects.filter(shift=shift))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A rider's breaks as his own page shows them."""

    rests: Rests
    resting_until: datetime | None
    ahead: Rests
    choices: list[datetime]  # until when he may choose to rest


def pause_of(shift: Shift, *, now: datetime) -> Pause:
    """Whether a rider rests, when he is to, and until when he may now. One query."""
    rests = rests_of(shift)
    return Pause(
        rests=rests,
        resting_until=resting_until(rests, now=now),
        ahead=tuple(each for each in rests if each[0] > now),
        choices=ends_to_choose(now=now),
    )


def _rests(rows: Iterable[Rest]) -> Rests:
    return merged((row.starts_at, row.ends_at) for row in rows)


def with_papers(where: str = "papers") -> Prefetch[str]:
    """What to prefetch of riders, so that their papers ask no more. Numbers stay sealed."""
    return Prefetch(where, Paper.objects.defer("number").order_by("pk"))


def ends_of(rider: Rider) -> dict[str, date | None]:
    """The last day of each paper of a rider that was seen; the newest counts."""
    rows = sorted(rider.papers.all(), key=lambda row: row.pk)
    return {row.kind: row.expires_on for row in rows}


def _certificates(rider: Rider) -> list[Certificate]:
    # Sorted here: an order_by would not use what was prefetched.
    rows = sorted(rider.trainings.all(), key=lambda row: (row.expires_on, row.pk), reverse=True)
    return [Certificate(row.item_class, row.trained_on, row.expires_on) for row in rows]


def riders_visible_to(asker: Membership, *, typed: str = "") -> QuerySet[Rider]:
    """The riders that somebody may see: of his organisation, or of the region if he has none."""
    rows = Rider.objects.filter(region=asker.region)
    if asker.role not in (Role.OPERATOR, Role.ADMIN):
        return rows.none()
    if asker.organisation_id:
        rows = rows.filter(organisation=asker.organisation_id)
    # PostgreSQL takes no NUL in a text.
    if wanted := typed.replace("\0", "").strip():
        rows = rows.filter(Q(user__full_name__icontains=wanted) | Q(plate__icontains=wanted))
    return rows.select_related("user", "organisation", "region").prefetch_related(
        "trainings",
        with_papers(),
        Prefetch("shifts", Shift.objects.filter(ended_at=None), to_attr="open_shifts"),
    )


def listed(riders: Iterable[Rider], classes: Iterable[str], *, on: date) -> list[Listed]:
    """Riders of `riders_visible_to` as the list shows them. No further query."""
    wanted = list(classes)
    return [
        Listed(
            rider=rider,
            shift=_open_shift(rider),
            standings=standings_of(rider, wanted, on=on),
            to_mend=first_to_end(papers_of(rider, on=on)),
        )
        for rider in riders
    ]


def papers_of(rider: Rider, *, on: date) -> list[Held]:
    """How a rider stands with each paper that his region asks for. No query if they are there."""
    ends = ends_of(rider)
    return [hold(kind, ends, on=on) for kind in kinds_of(rider.region.config, on=on)]


def standings_of(rider: Rider, classes: Iterable[str], *, on: date) -> list[Standing]:
    """How a rider stands on a day with each class of goods, asked for or trained."""
    certificates = _certificates(rider)
    names = dict.fromkeys([*classes, *(each.item_class for each in certificates)])
    return [_standing(certificates, name, on=on) for name in names]


def _standing(certificates: list[Certificate], item_class: str, *, on: date) -> Standing:
    last = next((each for each in certificates if each.item_class == item_class), None)
    return Standing(
        item_class=item_class,
        title=CLASSES.get(item_class, item_class),
        expires_on=last.expires_on if last else None,
        state=training_state(last.expires_on, today=on) if last else "none",
        why_not=why_not_trained(certificates, item_class=item_class, on=on),
    )


def trainings_of(rider: Rider, *, today: date) -> list[Noted]:
    """All trainings of a rider, the one that lasts longest first. No further query."""
    return [
        Noted(
            title=CLASSES.get(each.item_class, each.item_class),
            trained_on=each.trained_on,
            expires_on=each.expires_on,
            state=training_state(each.expires_on, today=today),
        )
        for each in _certificates(rider)
    ]


def _open_shift(rider: Rider) -> Shift | None:
    shifts: list[Shift] = rider.open_shifts  # type: ignore[attr-defined]  # prefetched to_attr
    return shifts[0] if shifts else None


def list_classes(region: Region) -> list[str]:
    """The classes of goods that a region's programmes want riders to be trained for."""
    # A transfer, or a visit of the house's own staff, asks for none.
    return sorted({terms_of(each).training_class for each in list_programmes(region)} - {""})


def list_further_classes(region: Region, *, on: date) -> list[str]:
    """The classes of training that some medicine wants beyond its programme's. One query."""
    return sorted({each.training_class for each in classes_in_force(region, on=on)} - {""})


def hireable_by(asker: Membership) -> Mapping[str, Membership]:
    """Who logs in as a rider and is on no list yet, by number of the membership."""
    if asker.role not in (Role.OPERATOR, Role.ADMIN):
        return {}
    rows = Membership.objects.filter(
        region=asker.region, role=Role.RIDER, user__rider=None, user__is_active=True
    ).exclude(organisation=None)
    if asker.organisation_id:
        rows = rows.filter(organisation=asker.organisation_id)
    rows = rows.select_related("user", "organisation__region").order_by("user__full_name", "id")
    return {str(row.pk): row for row in rows}


def get_visible_rider(asker: Membership, number: int) -> Rider:
    """One rider that the asker may see, or 404."""
    return get_object_or_404(riders_visible_to(asker), pk=number)
