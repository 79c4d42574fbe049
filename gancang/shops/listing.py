"""Lists of shops for the desks, and one shop's whole story."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from gancang.audit.queries import list_story
from gancang.regions.models import Organisation
from gancang.regions.queries import list_villages, today_in
from gancang.shops import queries
from gancang.shops.joining import subject_of
from gancang.shops.models import Check, Shop, ShopPaper, Suspension
from gancang.shops.paper_rules import Standing, lacking, masked
from gancang.shops.rules import STATES, Manner, State
from gancang.values import N_
from gancang.web.files import csv_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from gancang.accounts.models import Membership
    from gancang.regions.models import District, Region, Village

APPLIED, PAPERS, CHECKS, SUSPENDED, APPEALED = (
    "applied",
    "papers",
    "checks",
    "suspended",
    "appealed",
)
VIEWS = {
    APPLIED: N_("Applications"),
    PAPERS: N_("Papers that end"),
    CHECKS: N_("Checks due"),
    SUSPENDED: N_("Suspended"),
    APPEALED: N_("Appeals"),
    "approved": N_("Approved"),
    "rejected": N_("Rejected"),
    "all": N_("All"),
}


def which_of(typed: str) -> str:
    """The list that is meant; of rubbish the applications."""
    return typed if typed in VIEWS else APPLIED


def shops_of(asker: Membership, which: str, typed: str, *, on: date) -> QuerySet[Shop]:
    """The shops of one list, found by name, village or what they sell."""
    rows = queries.visible_to(asker).filter(_chosen(asker.region, which, on=on))
    typed = typed.replace("\0", "").strip()
    if typed:
        rows = rows.filter(
            Q(name__icontains=typed) | Q(sells__icontains=typed) | Q(village__name__icontains=typed)
        )
    return queries.with_parts(rows)


def _chosen(region: Region, which: str, *, on: date) -> Q:
    if which in {State.APPLIED, State.APPROVED, State.REJECTED}:
        return Q(state=which)
    if which == PAPERS:
        limit = on + timedelta(days=Manner.of(region.config).warn_days)
        newer = ShopPaper.objects.filter(
            shop=OuterRef("shop"), kind=OuterRef("kind"), pk__gt=OuterRef("pk")
        )
        ending = ShopPaper.objects.filter(~Exists(newer), expires_on__lte=limit)
        return Q(Exists(ending.filter(shop=OuterRef("pk"))), state=State.APPROVED)
    if which == CHECKS:
        newer_check = Check.objects.filter(shop=OuterRef("shop"), pk__gt=OuterRef("pk"))
        fresh = Check.objects.filter(~Exists(newer_check), shop=OuterRef("pk"), next_on__gt=on)
        return Q(~Exists(fresh), state=State.APPROVED, kind=Organisation.Kind.KITCHEN)
    held = Suspension.objects.filter(ended_at=None, shop=OuterRef("pk"))
    if which == SUSPENDED:
        return Q(Exists(held.filter(Q(until=None) | Q(until__gte=on))))
    if which == APPEALED:
        return Q(Exists(held.filter(appealed_at__isnull=False, heard_at=None)))
    return Q()


def appeals_to_hear(asker: Membership) -> QuerySet[Suspension]:
    """The appeals about which this person may decide: not about one's own suspensions."""
    rows = Suspension.objects.filter(shop__region=asker.region_id, ended_at=None, heard_at=None)
    return rows.filter(appealed_at__isnull=False).exclude(begun_by=asker.user_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A shop as a list shows it."""

    shop: Shop
    state: str
    lacks: Sequence[Standing]
    is_suspended: bool
    is_open: bool
    is_late: bool  # what it lacks was due


def lines_of(rows: Iterable[Shop], *, now: datetime) -> list[Line]:
    """Shops that were read with their parts, as lines. No further query."""
    return [_line(shop, now=now) for shop in rows]


def _line(shop: Shop, *, now: datetime) -> Line:
    on = today_in(shop.region, now)
    lacks = lacking(queries.standings_of(shop, on=on))
    return Line(
        shop=shop,
        state=STATES[State(shop.state)],
        lacks=lacks,
        is_suspended=queries.suspended_on(shop, on=on) is not None,
        is_open=queries.why_shop_not_open(shop, now) is None,
        is_late=bool(lacks) and shop.due_on is not None and shop.due_on < on,
    )


def as_csv(rows: QuerySet[Shop], *, now: datetime) -> bytes:
    """A line a shop. No owner's name, no number: the file leaves the house."""
    heads = [
        "shop",
        "kind",
        "village",
        "district",
        "state",
        "suspended",
        "open_now",
        "lacks",
        "due",
    ]
    lines = (_line(shop, now=now) for shop in rows.order_by("-pk"))
    return csv_of(heads, (_cells(line) for line in lines))


def _cells(line: Line) -> list[object]:
    village = line.shop.village
    return [
        line.shop.name,
        line.shop.kind,
        village.name if village else "",
        village.district.name if village else "",
        _(line.state),
        line.is_suspended,
        line.is_open,
        "; ".join(each.kind.title for each in line.lacks),
        line.shop.due_on,
    ]


def without_kitchen(region: Region, *, now: datetime) -> list[tuple[District, list[Village], int]]:
    """Each district with its villages in which no kitchen is open, and how many there are."""
    kitchens = Shop.objects.filter(
        region=region, kind=Organisation.Kind.KITCHEN, state=State.APPROVED
    )
    served = {
        shop.village_id
        for shop in queries.with_parts(kitchens)
        if queries.why_shop_not_open(shop, now) is None
    }
    by_district: dict[District, list[Village]] = defaultdict(list)
    for village in list_villages(region):
        by_district[village.district].append(village)
    found = [
        (district, [each for each in villages if each.pk not in served], len(villages))
        for district, villages in by_district.items()
    ]
    return sorted(found, key=lambda each: (-len(each[1]), each[0].name))


def story_of(shop: Shop, *, now: datetime) -> dict[str, Any]:
    """All that a desk sees of a shop."""
    on = today_in(shop.region, now)
    standings = queries.standings_of(shop, on=on)
    titles = {each.kind.code: each.kind.title for each in standings}
    newest = {row.kind: row.pk for row in sorted(shop.papers.all(), key=lambda row: row.pk)}
    shown = sorted(shop.papers.all(), key=lambda row: -row.pk)
    return {
        "standings": standings,
        "papers": [
            {
                "row": row,
                "title": titles.get(row.kind, row.kind),
                "number": masked(row.number),
                "counts": newest[row.kind] == row.pk,
            }
            for row in shown
        ],
        "line": _line(shop, now=now),
        "why_not": queries.why_not_selling(shop, on=on),
        "steps": shop.assistance.order_by("due_on", "pk"),
        "checks": shop.checks.select_related("by").order_by("-pk"),
        "suspensions": shop.suspensions.select_related("begun_by", "heard_by").order_by("-pk"),
        "held": queries.suspended_on(shop, on=on),
        "events": list_story(shop.region.code, subject_of(shop)),
        "state": STATES[State(shop.state)],
    }
