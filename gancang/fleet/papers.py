"""Reading riders' papers: how each stands, whose end soon, what was seen when and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext as _

from gancang.fleet.models import Paper, Rider, Training
from gancang.fleet.queries import papers_of, riders_visible_to
from gancang.fleet.rules import (
    CLASSES,
    PAPER_WORDS,
    WARN_DAYS,
    first_to_end,
    kinds_of,
    masked,
    training_state,
)
from gancang.web.files import csv_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gancang.accounts.models import Membership

NO_END = date(9999, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One paper as its rider's page shows it: who saw the original, and when."""

    title: str
    number: str  # its last four signs
    expires_on: date | None
    seen_on: date
    seen_by: str
    counts: bool  # the newest of its kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """One thing of a rider that ends: a paper or a training."""

    title: str
    is_training: bool
    expires_on: date | None
    state: str
    bars: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RiderEnding:
    """A rider and what of his ends soon, has ended, or was never seen."""

    rider: Rider
    endings: Sequence[Ending]


def history_of(rider: Rider, *, on: date) -> list[Seen]:
    """All papers of a rider that were seen, the newest first. One query."""
    titles = {kind.code: kind.title for kind in kinds_of(rider.region.config, on=on)}
    found, newest = [], set[str]()
    for row in Paper.objects.filter(rider=rider).select_related("seen_by").order_by("-pk"):
        found.append(
            Seen(
                title=titles.get(row.kind, row.kind),
                number=masked(row.number),
                expires_on=row.expires_on,
                seen_on=row.seen_on,
                seen_by=row.seen_by.full_name,
                counts=row.kind not in newest,
            )
        )
        newest.add(row.kind)
    return found


def list_ending(asker: Membership, *, on: date) -> QuerySet[Rider]:
    """The riders of whom something ends within 30 days, has ended, or was never seen.

    Each has `soonest`, the day of the first; page by ("soonest", "id").
    """
    kinds = kinds_of(asker.region.config, on=on)
    papers = Paper.objects.filter(rider=OuterRef("pk"), kind__in=[kind.code for kind in kinds])
    newer = Paper.objects.filter(
        rider=OuterRef("rider"), kind=OuterRef("kind"), pk__gt=OuterRef("pk")
    )
    longer = Training.objects.filter(
        Q(expires_on__gt=OuterRef("expires_on"))
        | Q(expires_on=OuterRef("expires_on"), pk__gt=OuterRef("pk")),
        rider=OuterRef("rider"),
        item_class=OuterRef("item_class"),
    )
    trainings = Training.objects.filter(~Exists(longer), rider=OuterRef("pk"))
    soonest = Least(
        _first(papers.filter(~Exists(newer), expires_on__isnull=False)), _first(trainings)
    )
    riders = riders_visible_to(asker).filter(user__is_active=True)
    riders = riders.annotate(soonest=Coalesce(soonest, Value(NO_END)))
    lacking = Q(soonest__lte=on + timedelta(days=WARN_DAYS))
    for kind in kinds:
        lacking |= Q(~Exists(Paper.objects.filter(rider=OuterRef("pk"), kind=kind.code)))
    return riders.filter(lacking)


def _first(rows: QuerySet[Paper] | QuerySet[Training]) -> Subquery:
    days = rows.order_by("expires_on").values("expires_on")[:1]
    return Subquery(days, output_field=DateField())


def endings_of(riders: Iterable[Rider], *, on: date) -> list[RiderEnding]:
    """Riders of `list_ending` with what ends. No further query."""
    return [RiderEnding(rider=rider, endings=_endings(rider, on=on)) for rider in riders]


def _endings(rider: Rider, *, on: date) -> list[Ending]:
    papers = [
        Ending(
            title=held.kind.title,
            is_training=False,
            expires_on=held.expires_on,
            state=held.state,
            bars=held.bars,
        )
        for held in first_to_end(papers_of(rider, on=on))
    ]
    last = {row.item_class: row for row in sorted(rider.trainings.all(), key=_by_end)}
    trainings = [
        Ending(
            title=CLASSES.get(row.item_class, row.item_class),
            is_training=True,
            expires_on=row.expires_on,
            state=training_state(row.expires_on, today=on),
            bars=row.expires_on < on,
        )
        for row in last.values()
    ]
    wanted = [*papers, *(each for each in trainings if each.state != "valid")]
    return sorted(wanted, key=lambda each: (each.expires_on or NO_END, each.title))


def _by_end(row: Training) -> tuple[date, int]:
    return row.expires_on, row.pk


def as_csv(riders: Iterable[Rider], *, on: date) -> bytes:
    """A line a paper or training that ends."""
    heads = ["rider", "fleet", "plate", "what", "last_day", "standing", "no_new_work"]
    found = endings_of(riders, on=on)
    return csv_of(heads, (_cells(row.rider, each) for row in found for each in row.endings))


def _cells(rider: Rider, each: Ending) -> list[object]:
    return [
        rider.user.full_name,
        rider.organisation.name,
        rider.plate,
        _(each.title) if each.is_training else each.title,
        each.expires_on,
        _(PAPER_WORDS[each.state]),
        each.bars,
    ]


def of_all(found: QuerySet[Rider]) -> QuerySet[Rider]:
    """The same riders, all of them, in the order of the list."""
    return found.order_by(F("soonest"), "pk")
