"""Papers of shops: shown, compared, warned of before they end; and help until they are there."""

from __future__ import annotations

import base64
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from gancang.regions.queries import today_in
from gancang.shops.joining import note
from gancang.shops.letters import tell
from gancang.shops.models import AssistanceStep, Shop, ShopPaper
from gancang.shops.paper_rules import EXPIRED, NEVER, SOON, Kind, Typed, judge, kinds_of
from gancang.shops.queries import standings_of, with_parts
from gancang.shops.rules import Manner, State, Why
from gancang.values import Refused
from gancang.web.photos import as_jpeg

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gancang.accounts.models import User
    from gancang.regions.models import Region

PHOTO_SIDE_MAX = 1600  # a paper has to be read
NOTHING_NEW = "Pesanan baru belum bisa masuk sampai yang baru diperlihatkan."
ONLY_WARNED = "Segera tunjukkan yang baru."


def get_kind(shop: Shop, code: str, *, on: date) -> Kind:
    """A paper that is asked of this shop. Refused if none is called so."""
    kinds = kinds_of(shop.region.config, shop.kind, on=on)
    found = next((kind for kind in kinds if kind.code == code), None)
    if found is None:
        raise Refused(Why.UNKNOWN_PAPER)
    return found


def clean(photo: bytes) -> str:
    """A photo as it is kept: small, without what the camera wrote in it; base64, to be sealed."""
    return base64.b64encode(as_jpeg(photo, side=PHOTO_SIDE_MAX)).decode() if photo else ""


@transaction.atomic
def show(shop: Shop, kind: Kind, typed: Typed, *, by: User, seen: bool, now: datetime) -> ShopPaper:
    """A paper as somebody typed it; `seen` where an officer has the original in the hand."""
    kept = judge(kind, typed, today=today_in(shop.region, now))
    last = ShopPaper.objects.filter(shop=shop, kind=kind.code).order_by("-pk").first()
    if (
        last
        and (last.number, last.expires_on) == (kept.number, kept.expires_on)
        and not typed.photo
    ):
        raise Refused(Why.PAPER_KNOWN)
    paper = ShopPaper.objects.create(
        shop=shop,
        kind=kind.code,
        number=kept.number,
        issued_on=kept.issued_on,
        expires_on=kept.expires_on,
        photo=clean(typed.photo),
        told_at=now,
        told_by=by.username,
        seen_by=by if seen else None,
        seen_at=now if seen else None,
    )
    ends = kept.expires_on.isoformat() if kept.expires_on else None
    note(shop, "shop.paper_shown", by=by.username, now=now, paper=kind.code, until=ends, seen=seen)
    return paper


@transaction.atomic
def compare(paper: ShopPaper, *, by: User, now: datetime) -> None:
    """An officer compared what was shown with its original or its register."""
    unseen = ShopPaper.objects.filter(pk=paper.pk, seen_at=None)
    if not unseen.update(seen_by=by, seen_at=now):
        raise Refused(Why.SEEN_ALREADY)
    note(paper.shop, "shop.paper_compared", by=by.username, now=now, paper=paper.kind)


@transaction.atomic
def assist(
    shop: Shop, helper: str, until: date, steps: Sequence[str], *, by: User, now: datetime
) -> None:
    """Somebody helps until a day, step by step; meanwhile the shop may sell where rules say so."""
    today, most = today_in(shop.region, now), Manner.of(shop.region.config).plan_days
    if until < today:
        raise Refused(Why.PLAN_BACKWARDS)
    if (until - today).days > most:
        raise Refused(Why.PLAN_TOO_LONG, days=most)
    Shop.objects.filter(pk=shop.pk).update(assisted_by=helper, assisted_until=until)
    shop.assisted_by, shop.assisted_until = helper, until
    AssistanceStep.objects.filter(shop=shop, done_on=None).delete()
    # The steps share the days that there are.
    AssistanceStep.objects.bulk_create(
        AssistanceStep(
            shop=shop,
            what=what,
            due_on=today + timedelta(days=(until - today).days * number // len(steps)),
        )
        for number, what in enumerate(steps, 1)
    )
    note(shop, "shop.assisted", by=by.username, now=now, until=until.isoformat(), steps=len(steps))


@transaction.atomic
def do_step(shop: Shop, number: int, *, by: User, now: datetime) -> None:
    """A step of the plan is done. A second time changes nothing."""
    waiting = AssistanceStep.objects.filter(shop=shop, pk=number, done_on=None)
    if waiting.update(done_on=today_in(shop.region, now)):
        note(shop, "shop.step_done", by=by.username, now=now)


def warn(region: Region, *, now: datetime) -> int:
    """Tell owners once of each paper that ends soon, and once of each that has ended.

    Returns how many papers that concerns, also those that were told of before.
    """
    on = today_in(region, now)
    limit = on + timedelta(days=Manner.of(region.config).warn_days)
    near = ShopPaper.objects.filter(expires_on__lte=limit).values("shop")
    rows = with_parts(Shop.objects.filter(region=region, state=State.APPROVED, pk__in=near))
    return sum(_warn(shop, on=on, now=now) for shop in rows)


@transaction.atomic
def _warn(shop: Shop, *, on: date, now: datetime) -> int:
    found = [each for each in standings_of(shop, on=on) if each.state in {SOON, EXPIRED}]
    for each in found:
        what = "ending" if each.state == SOON else "ended"
        day = f"{each.expires_on:%d-%m-%Y}"
        then = ONLY_WARNED if each.kind.bars == NEVER else NOTHING_NEW
        key = f"{each.kind.code}:{each.expires_on}"
        tell(shop, what, now=now, key=key, paper=each.kind.title, day=day, then=then)
    return len(found)
