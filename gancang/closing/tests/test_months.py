"""A month is closed by two people, and stays shut."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, connection, transaction

from gancang.ledger.models import Account, Period, Transfer
from gancang.ledger.moving import Move, move_all
from gancang.ledger.periods import faults_of
from gancang.ledger.rules import Why
from gancang.orders.models import Proof
from gancang.overview.statement import Wanted, statement
from gancang.overview.verify import verify
from gancang.regions.queries import zone_of
from gancang.settlement.tests.months import AGO, bring, earned, month_of_past
from gancang.settlement.tests.test_corrections import ask, line_of
from gancang.values import Money, Refused
from tests.cast import client_of, delivered
from tests.test_at_once import at_once

if TYPE_CHECKING:
    from gancang.orders.models import Order
    from tests.cast import Cast


@pytest.fixture
def order(cast: Cast) -> Order:
    """An order of a month that is over."""
    return earned(cast)


def asked(cast: Cast, **typed: str) -> Period | None:
    """The treasurer stands for that month."""
    told = {"month": month_of_past(cast), **typed}
    client_of(cast.treasurer).post("/closing/", told)
    return Period.objects.filter(month=told["month"]).first()


def closed(cast: Cast) -> Period:
    """And the admin closes it."""
    period = asked(cast)
    assert period is not None
    client_of(cast.admin).post(f"/closing/months/{period.pk}/confirm")
    period.refresh_from_db()
    assert period.state == "closed"
    return period


def test_two_people_close_a_month_and_one_alone_does_not(cast: Cast, order: Order) -> None:
    period = asked(cast)
    assert period is not None
    url = f"/closing/months/{period.pk}"
    client_of(cast.treasurer).post(f"{url}/confirm")
    client_of(cast.auditor).post(f"{url}/confirm")
    period.refresh_from_db()
    assert period.state == "asked"
    client_of(cast.admin).post(f"{url}/confirm")
    period.refresh_from_db()
    assert (period.state, period.closed_by) == ("closed", cast.admin)
    owed = sum(Transfer.objects.filter(kind="settle").values_list("amount_rp", flat=True))
    assert period.totals["kinds"]["settle"][1] == owed
    assert period.totals["owed"] == {cast.fleet.code: owed}
    page = client_of(cast.auditor).get(url).content.decode()
    assert period.digest in page
    client_of(cast.treasurer).post(f"{url}/take-back")
    assert Period.objects.filter(pk=period.pk, state="closed").exists()


def test_no_movement_carries_a_date_in_a_closed_month(cast: Cast, order: Order) -> None:
    period = closed(cast)
    then = period.begins + timedelta(days=1)
    line = Transfer.objects.filter(kind="reserve")[0]
    one = Move(
        kind=Transfer.Kind.RELEASE,
        source=line.target,
        target=line.source,
        amount=Money(1),
        about="X",
        key="late",
    )
    Account.objects.filter(pk=line.target_id).update(balance_rp=5)
    with pytest.raises(Refused) as refused, transaction.atomic():
        move_all([one], region=cast.region, by="tests", now=then)
    assert refused.value.reason is Why.PERIOD_CLOSED
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_transfer (region_id, kind, source_id, target_id, amount_rp, about,"
            " key, by, at, area) SELECT region_id, kind, source_id, target_id, 1, 'x', 'by hand',"
            " 'x', %s, '' FROM ledger_transfer LIMIT 1",
            [then],
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        Period.objects.filter(pk=period.pk).update(state="asked")
    with pytest.raises(DatabaseError), transaction.atomic():
        Period.objects.filter(pk=period.pk).delete()


def test_a_proof_that_comes_late_counts_in_the_open_month_with_both_dates(
    cast: Cast, order: Order
) -> None:
    period = closed(cast)
    before = period.totals
    ask(cast, line_of(order))
    back = Transfer.objects.get(reverses__about=order.code)
    assert back.at >= period.ends, "a correction of a closed month falls into the open one"
    assert faults_of(cast.region) == []
    late = bring(cast, "R-00081")
    with connection.cursor() as cursor:  # the phone had no network on that day
        cursor.execute("SET LOCAL session_replication_role = replica")
        Proof.objects.filter(order=late).update(handed_over_at=datetime.now(UTC) - AGO)
        cursor.execute("SET LOCAL session_replication_role = origin")
    line = Transfer.objects.filter(about=late.code, kind="settle")[0]
    assert line.at >= period.ends
    period.refresh_from_db()
    assert period.totals == before
    month = line.at.astimezone(zone_of(cast.region)).strftime("%Y-%m")
    told = statement(Wanted(region=cast.region, month=month))
    shown = next(each for each in told["lines"] if each["order"] == late.code)
    assert datetime.fromisoformat(shown["proof"]["handed_over_at"]) < period.ends


def test_a_difference_is_named_with_its_reason_or_the_month_stays_open(
    cast: Cast, order: Order
) -> None:
    paid = Account.objects.get_or_create(region=cast.region, kind="paid", payee=cast.fleet)[0]
    owed = Account.objects.get(kind="payable", payee=cast.fleet)
    one = Move(
        kind=Transfer.Kind.PAY,
        source=owed,
        target=paid,
        amount=Money(1),
        about="G-tanpa-berkas",
        key="pay:hand",
    )
    move_all([one], region=cast.region, by="tests", now=datetime.now(UTC))
    assert asked(cast) is None
    page = client_of(cast.treasurer).get("/closing/").content.decode()
    names = [f"why{n}" for n in range(20) if f'name="why{n}"' in page]
    assert names
    period = asked(cast, **dict.fromkeys(names, "salah bayar, sudah dilaporkan"))
    assert period is not None
    assert {each["why"] for each in period.differences} == {"salah bayar, sudah dilaporkan"}
    client_of(cast.admin).post(f"/closing/months/{period.pk}/confirm")
    period.refresh_from_db()
    assert period.state == "closed"


def test_this_month_is_not_over_and_months_are_closed_one_after_the_other(
    cast: Cast, order: Order
) -> None:
    now = datetime.now(UTC)
    asked(cast, month=now.strftime("%Y-%m"))
    asked(cast, month="2026-13")
    asked(cast, month="kemarin")
    asked(cast, month=(now - AGO + timedelta(days=32)).strftime("%Y-%m"))
    assert not Period.objects.exists(), "the month before it holds movements and is open"
    period = asked(cast)
    assert period is not None
    asked(cast)
    assert Period.objects.count() == 1
    client_of(cast.admin).post(f"/closing/months/{period.pk}/take-back")
    assert not Period.objects.exists()


def test_the_workbook_of_a_month_holds_its_movements(cast: Cast, order: Order) -> None:
    period = closed(cast)
    data = client_of(cast.auditor).get(f"/closing/months/{period.pk}.xlsx").content
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert order.code in sheet


def test_a_closed_month_that_was_rewritten_is_found_out(cast: Cast, order: Order) -> None:
    closed(cast)
    assert faults_of(cast.region) == []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE ledger_transfer SET by = 'orang lain' WHERE kind = 'settle'")
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert any("those with which it was closed" in each for each in verify([cast.region]).problems)


@pytest.mark.django_db(transaction=True)
def test_whoever_moves_money_while_a_month_is_closed_is_in_it_or_refused(cast: Cast) -> None:
    order = delivered(cast)
    line = Transfer.objects.filter(about=order.code, kind="reserve")[0]
    now = datetime.now(UTC)
    begins = now - timedelta(days=1)
    told = {"begins": begins, "ends": now + timedelta(days=1), "month": "2026-01"}
    period = Period.objects.create(
        region=cast.region, asked_by=cast.treasurer, asked_at=now, **told
    )

    def move(number: int) -> None:
        with transaction.atomic():
            one = Move(
                kind=Transfer.Kind.RESERVE,
                source=line.source,
                target=line.target,
                amount=Money(1),
                about=f"X{number}",
                key=f"x:{number}",
                charged_on=line.charged_on,
                area=line.area,
            )
            move_all([one], region=cast.region, by="tests", now=now)

    url = f"/closing/months/{period.pk}/confirm"
    admin = client_of(cast.admin)
    answers = at_once([*(partial(move, n) for n in range(6)), partial(admin.post, url)])
    period.refresh_from_db()
    assert period.state == "closed"
    refused = [each for each in answers if isinstance(each, Refused)]
    assert {each.reason for each in refused} <= {Why.PERIOD_CLOSED}
    assert Transfer.objects.filter(key__startswith="x:").count() == 6 - len(refused)
    assert faults_of(cast.region) == []
