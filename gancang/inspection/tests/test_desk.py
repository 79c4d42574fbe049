"""The auditor goes from a total to its proof, draws a sample, and says what is wrong."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, connection, transaction

from gancang.audit.actions import seal
from gancang.audit.models import Head, Seal
from gancang.inspection.models import SampleLine
from gancang.inspection.seals import read_copies
from gancang.inspection.tasks import seal_chains
from gancang.ledger.models import Transfer
from gancang.overview.verify import verify
from gancang.regions.queries import today_in
from gancang.values import Refused, in_words
from tests.cast import client_of, delivered

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cast import Cast


@pytest.mark.django_db
def test_three_clicks_lead_from_a_total_to_its_proof(cast: Cast) -> None:
    order = delivered(cast)
    paid = Transfer.objects.filter(about=order.code, kind="settle").order_by("-amount_rp")[0]
    auditor = client_of(cast.auditor)
    desk = auditor.get("/inspection/").content.decode()
    amount = in_words(paid.amount_rp)
    to_lines = next(
        url.replace("&amp;", "&")
        for url, words in re.findall(r'<a href="(/inspection/lines[^"]+)"><strong>([^<]+)<', desk)
        if words == amount
    )
    lines = auditor.get(to_lines).content.decode()
    to_proof = re.findall(r'<a href="([^"]+#proof)">', lines)[0]
    story = auditor.get(to_proof).content.decode()
    assert 'id="proof"' in story
    assert order.code in story


@pytest.mark.django_db
def test_a_period_that_ends_before_it_begins_is_told_beside_its_field(cast: Cast) -> None:
    desk = client_of(cast.auditor).get("/inspection/?first=2026-02-01&last=2026-01-01")
    assert desk.status_code == 400
    assert "field-error" in desk.content.decode()


@pytest.mark.django_db
def test_a_sample_is_drawn_judged_and_says_what_is_wrong_of_all(cast: Cast) -> None:
    delivered(cast)
    lines = Transfer.objects.filter(kind="settle")
    auditor = client_of(cast.auditor)
    today = today_in(cast.region, datetime.now(UTC))
    asked = {"first": today.replace(month=1, day=1), "last": today, "size": 10}
    assert client_of(cast.treasurer).post("/inspection/draw", asked).status_code == 403
    page = auditor.post("/inspection/draw", asked, follow=True)
    drawn = list(SampleLine.objects.order_by("pk"))
    assert {line.transfer_id for line in drawn} == {line.pk for line in lines}
    assert "95" not in page.content.decode(), "no opinion before all is judged"
    first, *others = drawn
    url = f"/inspection/samples/lines/{first.pk}"
    much = first.transfer.amount_rp + 1
    refused = auditor.post(url, {"found": "wrong", "wrong_rp": much, "note": "jarak keliru"})
    assert refused.status_code == 400
    assert in_words(first.transfer.amount_rp) in refused.content.decode()
    assert "jarak keliru" in refused.content.decode(), "what was typed stays"
    assert auditor.post(url, {"found": "wrong", "wrong_rp": 1_000}).status_code == 400, "no word"
    auditor.post(url, {"found": "wrong", "wrong_rp": "1.000", "note": "jarak keliru"})
    for line in others:
        auditor.post(f"/inspection/samples/lines/{line.pk}", {"found": "right"})
    said = auditor.get(f"/inspection/samples/{first.sample_id}").content.decode()
    assert in_words(1_000) in said
    assert "95" in said


@pytest.mark.django_db
def test_where_nothing_became_owed_nothing_is_drawn(cast: Cast) -> None:
    asked = {"first": "2020-01-01", "last": "2020-01-31", "size": 10}
    answer = client_of(cast.auditor).post("/inspection/draw", asked)
    assert answer.status_code == 400
    assert not SampleLine.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_kept_a_seal_finds_out_that_yesterday_was_rewritten(cast: Cast, tmp_path: Path) -> None:
    assert seal_chains(0) == seal_chains(0) >= 1, "twice is once"
    yesterday = today_in(cast.region, datetime.now(UTC)) - timedelta(days=1)
    assert Seal.objects.get(region_code=cast.region.code).day == yesterday
    public = client_of(cast.rider)
    public.logout()
    page = public.get(f"/inspection/seals/{cast.region.slug}").content.decode()
    assert Seal.objects.get().hash in page
    kept = tmp_path / "segel.csv"
    kept.write_bytes(public.get(f"/inspection/seals/{cast.region.slug}.csv").content)
    copies = read_copies(kept)
    assert verify([cast.region], copies=copies).problems == []
    with pytest.raises(DatabaseError), transaction.atomic():
        Seal.objects.update(number=1)
    # Somebody who may do anything rewrites the past so that the chain adds up again.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in ("audit_link", "audit_event", "audit_seal", "audit_head"):
            cursor.execute(f"DELETE FROM {table} WHERE region_code = %s", [cast.region.code])
    client_of(cast.clerk).post("/masuk")
    assert any("chain" in p for p in verify([cast.region], copies=copies).problems)


@pytest.mark.django_db
def test_a_region_in_which_nothing_happened_has_no_seal() -> None:
    Head.objects.filter(region_code="00.00").delete()
    assert seal("00.00", day=date(2026, 1, 1), now=datetime.now(UTC)) is None


@pytest.mark.parametrize("line", ["", "2026-11-30,12", "2026-11-30,x,ab", "besok,1," + "a" * 64])
def test_a_file_that_holds_no_seal_is_told_by_its_line(tmp_path: Path, line: str) -> None:
    file = tmp_path / "segel.csv"
    file.write_text(f"day,events,hash\n{line}\n", "utf-8")
    with pytest.raises(Refused, match="is no seal"):
        read_copies(file)
