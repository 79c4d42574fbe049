"""What stories about bills have in common: an agreement with the test gateway, and its desk."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.test import Client

from gancang.overview.verify import verify
from gancang.qris.actions import NewBill, open_bill
from gancang.qris.asking import go_round
from gancang.qris.models import Bill, Mismatch
from gancang.qris.testgateway.desk import Desk, new_keys
from gancang.qris.testgateway.server import serving
from gancang.regions.models import Organisation
from gancang.values import Money

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from tests.cast import Cast

HOUR = timedelta(hours=1)
STATIC = (
    "00020101021126610014COM.GO-JEK.WWW01189360091431234567890210G1234567890303UMI"
    "51440014ID.CO.QRIS.WWW0215ID10200000000010303UMI5204581253033605802ID"
)


def now() -> datetime:
    """The moment of a story."""
    return datetime.now(UTC)


@dataclass
class Town:
    """A region with a gateway, and a shop in it."""

    cast: Cast
    desk: Desk
    shop: Organisation

    def bill(self, about: str = "F-1", rupiah: int = 25_000, *, lives: timedelta = HOUR) -> Bill:
        """A bill that the buyer sees."""
        at = now()
        told = NewBill(
            opener="food",
            about=about,
            shop=self.shop,
            amount=Money(rupiah),
            expires_at=at + lives,
        )
        found = open_bill(told, by="food", now=at)
        go_round(now=at)
        return self.again(found)

    def again(self, bill: Bill) -> Bill:
        """The bill as it stands now."""
        return Bill.objects.select_related("shop", "region").get(pk=bill.pk)

    def listed(self) -> list[str]:
        """What stands on the operators' list, open."""
        rows = Mismatch.objects.filter(ended_at=None).order_by("pk")
        return list(rows.values_list("problem", flat=True))

    def problems(self) -> list[str]:
        """What `gancang verify` finds wrong."""
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the chain is linked at commit
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        return verify([self.cast.region]).problems


def deliver(path: str, headers: dict[str, str], body: bytes) -> int:
    """A word of the gateway comes in at the door."""
    client = Client()
    sent: dict[str, Any] = {
        name: value for name, value in headers.items() if name != "Content-Type"
    }
    return client.post(path, body, content_type="application/json", headers=sent).status_code


@contextmanager
def a_gateway(cast: Cast, folder: Path, settings: Any) -> Iterator[Town]:
    """The region has an agreement with the test gateway, which listens on loopback."""
    theirs, their_public = new_keys(folder, "gateway")
    _ours, our_public = new_keys(folder, "gancang")
    assert their_public
    desk = Desk(own_key=theirs, merchant_key=our_public, notify_url="", clock=now, deliver=deliver)
    with serving(desk) as url:
        settings.QRIS_REGION = cast.region.code
        settings.QRIS_SNAP_URL = url
        settings.QRIS_SNAP_PARTNER_ID = "gancang"
        settings.QRIS_SNAP_MERCHANT_ID = "contoh"
        settings.QRIS_SNAP_PRIVATE_KEY = str(folder / "gancang.pem")
        settings.QRIS_SNAP_PUBLIC_KEY = str(folder / "gateway.public.pem")
        shop = cast.member(cast.stall).organisation
        assert shop is not None
        yield Town(cast, desk, shop)
