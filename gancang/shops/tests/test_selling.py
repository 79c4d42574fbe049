"""Who may sell: approved, not suspended, with papers that hold (H43)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from gancang import packs
from gancang.regions.pack import read_pack
from gancang.shops.models import Shop, Suspension
from gancang.shops.queries import selling, standings_of, why_not_selling
from gancang.shops.rules import Why
from gancang.shops.tests.fixtures import days, kitchen, shown, today
from tests.cast import PACK

if TYPE_CHECKING:
    from typing import Any

    from tests.cast import Cast


def sells(cast: Cast) -> bool:
    """By the list and by the shop itself; both have to say the same."""
    shop = kitchen(cast)
    listed = shop.organisation in selling(cast.region, on=today(cast))
    assert listed == (why_not_selling(shop, on=today(cast)) is None)
    return listed


def ask_for(cast: Cast, **changed: Any) -> None:
    """The region asks for its first paper of kitchens otherwise."""
    papers = cast.region.config["shops"]["papers"]
    papers[0] |= changed
    cast.region.save()


def test_every_kitchen_and_shop_of_the_pack_is_approved_once(cast: Cast) -> None:
    count = Shop.objects.count()
    assert count == cast.region.organisation_set.filter(kind__in=["kitchen", "shop"]).count() > 0
    said = packs.take_in(read_pack(PACK), by="tests", now=timezone.now())
    assert [line for line in said if line.startswith("shop ")] == []
    assert Shop.objects.count() == count
    assert sells(cast)


def test_h43_an_expired_p_irt_leaves_the_list_of_approved_kitchens_and_is_warned_of_60_days_before(
    cast: Cast,
) -> None:
    def state(left: int) -> tuple[str, bool]:
        kitchen(cast).papers.all().delete()
        shown(kitchen(cast), "p-irt", today(cast) + days(left))
        standings = standings_of(kitchen(cast), on=today(cast))
        return next(each.state for each in standings if each.kind.code == "p-irt"), sells(cast)

    assert state(61) == ("valid", True)
    assert state(60) == ("soon", True)
    assert state(0) == ("soon", True)
    assert state(-1) == ("expired", False)
    refusal = why_not_selling(kitchen(cast), on=today(cast))
    assert refusal is not None
    assert refusal.reason == Why.BARRED
    assert "P-IRT" in str(refusal)


def test_only_the_newest_paper_counts(cast: Cast) -> None:
    shown(kitchen(cast), "p-irt", today(cast) - days(3))
    assert not sells(cast)
    shown(kitchen(cast), "p-irt", today(cast) + days(900))
    assert sells(cast)


def test_a_paper_that_must_be_there_keeps_out_who_never_showed_it_unless_somebody_assists(
    cast: Cast,
) -> None:
    ask_for(cast, bars="missing", assisted=True)
    assert not sells(cast)
    Shop.objects.filter(pk=kitchen(cast).pk).update(assisted_until=today(cast))
    assert sells(cast)
    ask_for(cast, assisted=False)
    assert not sells(cast)
    shown(kitchen(cast), "nib", None)
    assert sells(cast)


@pytest.mark.parametrize(("until", "expected"), [(None, False), (0, False), (-1, True)])
def test_a_suspended_kitchen_does_not_sell_until_the_suspension_ends(
    cast: Cast, until: int | None, expected: bool
) -> None:
    Suspension.objects.create(
        shop=kitchen(cast),
        why="tikus di dapur",
        begun_at=timezone.now(),
        begun_by=cast.officer,
        until=None if until is None else today(cast) + days(until),
    )
    assert sells(cast) == expected


def test_who_may_sell_is_asked_in_one_question(cast: Cast, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        list(selling(cast.region, on=today(cast)))
