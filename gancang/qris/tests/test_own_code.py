"""Bu Sri's own code on the wall: entered once, paid by buyers, confirmed by her."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from gancang.ledger.sales import buyers_money
from gancang.overview.verify import verify
from gancang.qris.actions import NewBill, open_bill
from gancang.qris.asking import go_round
from gancang.qris.links import bill_token
from gancang.qris.models import Bill, Mismatch, ShopCode
from gancang.qris.payload import checksum, read_code, with_amount, written
from gancang.qris.tests.desk import HOUR, STATIC, now
from gancang.values import Money, Refused
from tests.cast import client_of

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def wall(name: str = "WARUNG SRI", nmid: str = "ID1020000000001") -> str:
    """What a reader of QR codes shows of the code on her wall."""
    known = STATIC.replace("ID1020000000001", nmid)
    body = f"{known}59{len(name):02d}{name}6005CONTO6304"
    return body + checksum(body)


def enter(cast: Cast, text: str, **typed: str) -> int:
    """Bu Sri enters a code."""
    return client_of(cast.stall).post("/qris/own-code", {"text": text, **typed}).status_code


def a_bill(cast: Cast, about: str = "F-1") -> Bill:
    """A buyer of hers chooses QRIS."""
    shop = cast.member(cast.stall).organisation
    assert shop is not None
    told = NewBill(
        opener="food", about=about, shop=shop, amount=Money(18_000), expires_at=now() + HOUR
    )
    return open_bill(told, by="food", now=now())


def seen(bill: Bill, client: Client) -> str:
    """The buyer's page."""
    return client.get(f"/q/{bill_token(bill.code)}").content.decode()


def problems(cast: Cast) -> list[str]:
    """What `gancang verify` says; the chain is only linked where a deed commits."""
    return [each for each in verify([cast.region]).problems if not each.startswith("chain")]


def test_bu_sri_enters_her_code_and_says_when_the_money_is_there(
    cast: Cast, client: Client
) -> None:
    assert enter(cast, wall(), is_sure="on") == 302
    bill = a_bill(cast)
    assert (bill.state, read_code(bill.payload).amount_rp) == ("shown", 18_000)
    assert read_code(bill.payload).merchant == "WARUNG SRI"
    page = seen(bill, client)
    assert "<svg" in page
    assert "Rp 18.000" in page
    sri = client_of(cast.stall)
    assert bill.code in sri.get("/qris/").content.decode()
    assert sri.post(f"/qris/bills/{bill.code}/confirm").status_code == 302
    bill.refresh_from_db()
    assert (bill.state, bill.confirmed_by) == ("paid", cast.stall)
    assert buyers_money(cast.region)["passed"] == Money(18_000)
    page = seen(bill, client)
    assert "<svg" not in page
    sri.post(f"/qris/bills/{bill.code}/confirm")
    assert buyers_money(cast.region)["passed"] == Money(18_000)
    assert problems(cast) == []


def test_what_is_no_code_of_hers_is_told_so_and_changes_nothing(cast: Cast) -> None:
    good = wall()
    assert enter(cast, "") == 400
    assert enter(cast, "halo") == 400
    assert enter(cast, good[:-1] + ("0" if good[-1] != "0" else "1")) == 400
    assert enter(cast, with_amount(read_code(good), 5_000), is_sure="on") == 400
    assert enter(cast, wall("TOKO LAIN JAYA")) == 400
    dollars = dict(read_code(good).fields[:-1]) | {"53": "840"}
    assert enter(cast, written(dollars), is_sure="on") == 400
    assert not ShopCode.objects.exists()
    with pytest.raises(Refused):
        a_bill(cast)


def test_a_number_that_the_bank_list_names_otherwise_is_refused(cast: Cast) -> None:
    shop = cast.member(cast.stall).organisation
    assert shop is not None
    rows = cast.region.config["money"].setdefault("bank_accounts", [])
    known = {"organisation": shop.code, "from": "2026-01-01", "qris": "ID1020000000009"}
    rows.append({**known, "bank": "x", "number": "1", "holder": "x"})
    cast.region.save()
    assert enter(cast, wall(nmid="ID1020000000008"), is_sure="on") == 400
    assert enter(cast, wall(nmid="ID1020000000009"), is_sure="on") == 302


def test_a_new_code_ends_the_one_of_before_and_the_same_is_none(cast: Cast) -> None:
    assert enter(cast, wall(), is_sure="on") == 302
    assert enter(cast, wall(), is_sure="on") == 302
    assert ShopCode.objects.count() == 1
    assert enter(cast, wall("SRI BARU"), is_sure="on") == 302
    assert ShopCode.objects.filter(ended_at=None).get().merchant == "SRI BARU"


def test_money_that_the_shop_sees_too_late_is_listed(cast: Cast, client: Client) -> None:
    enter(cast, wall(), is_sure="on")
    bill = a_bill(cast)
    go_round(now=now() + HOUR + timedelta(seconds=1))
    bill.refresh_from_db()
    assert bill.state == "expired"
    assert "<svg" not in seen(bill, client)
    sri = client_of(cast.stall)
    sri.post(f"/qris/bills/{bill.code}/confirm")
    sri.post(f"/qris/bills/{bill.code}/confirm")
    row = Mismatch.objects.get()
    assert (row.problem, row.where) == ("late", "shop")
    typed = {"text": "Pesanan masih ada"}
    client_of(cast.operator).post(f"/qris/mismatches/{row.pk}/accept", typed)
    bill.refresh_from_db()
    assert bill.state == "paid"
    assert buyers_money(cast.region)["passed"] == Money(18_000)
    assert problems(cast) == []


def test_a_link_that_we_did_not_make_opens_nothing(cast: Cast, client: Client) -> None:
    enter(cast, wall(), is_sure="on")
    token = bill_token(a_bill(cast).code)
    assert client.get(f"/q/{token}x").status_code == 404
    assert client.get("/q/Q-AAAA-AAAA").status_code == 404


def test_nobody_confirms_another_shops_bill(cast: Cast) -> None:
    enter(cast, wall(), is_sure="on")
    bill = a_bill(cast)
    assert client_of(cast.operator).post(f"/qris/bills/{bill.code}/confirm").status_code == 403
    assert client_of(cast.rider).get("/qris/").status_code == 403
