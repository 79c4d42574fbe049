"""Riders' papers: seen by a person, told before they end, and no new work once they have ended."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.utils import timezone

from gancang.audit.models import Event
from gancang.fleet.actions import see_paper, train
from gancang.fleet.models import Paper
from gancang.fleet.rules import kinds_of
from gancang.regions.queries import today_in
from tests.cast import client_of

if TYPE_CHECKING:
    from gancang.fleet.models import Rider
    from gancang.fleet.rules import Kind
    from tests.cast import Cast


def today(cast: Cast) -> date:
    return today_in(cast.region, timezone.now())


def licence(cast: Cast) -> Kind:
    """The first paper of the pack: it ends, and bars from then on."""
    kind = kinds_of(cast.region.config, on=today(cast))[0]
    assert (kind.expires, kind.bars) == (True, "expired")
    return kind


def seen(cast: Cast, rider: Rider, *, days: int, kind: Kind | None = None) -> Paper:
    """The operator saw a paper that ends in so many days."""
    return see_paper(
        rider,
        kind or licence(cast),
        number="9012-8834-004821",
        expires_on=today(cast) + timedelta(days=days),
        seen_on=today(cast),
        by=cast.operator,
        now=timezone.now(),
    )


def all_seen(cast: Cast, rider: Rider, *, days: int = 400) -> None:
    """The operator saw all papers that the pack asks for."""
    for kind in kinds_of(cast.region.config, on=today(cast)):
        seen(cast, rider, days=days, kind=kind)


def typed(cast: Cast, **changed: Any) -> dict[str, Any]:
    """What the operator types with the licence in his hand."""
    return {
        "kind": licence(cast).code,
        "number": "9012-8834-004821",
        "expires_on": (today(cast) + timedelta(days=700)).isoformat(),
        "seen_on": today(cast).isoformat(),
    } | changed


def test_the_operator_notes_what_he_saw_and_the_page_says_who_saw_it_when(
    cast: Cast, toni: Rider
) -> None:
    client, url = client_of(cast.operator), f"/fleet/riders/{toni.pk}/papers"
    assert client.post(url, typed(cast)).status_code == 302
    paper = Paper.objects.get()
    assert (paper.rider, paper.seen_by, paper.seen_on) == (toni, cast.operator, today(cast))
    page = client.get(url).content.decode()
    assert cast.operator.full_name in page
    assert today(cast).strftime("%d-%m-%Y") in page
    event = Event.objects.get(kind="rider.paper_seen")
    assert (event.actor, event.subject) == (cast.operator.username, cast.rider.username)


def test_a_number_is_sealed_and_pages_and_events_show_no_more_than_four_signs(
    cast: Cast, toni: Rider
) -> None:
    client, url = client_of(cast.operator), f"/fleet/riders/{toni.pk}/papers"
    client.post(url, typed(cast))
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM fleet_paper")
        assert "004821" not in cursor.fetchone()[0]
    page = client.get(url).content.decode()
    assert "…4821" in page
    assert "004821" not in page
    assert "4821" not in Event.objects.get(kind="rider.paper_seen").payload


def test_a_renewed_paper_counts_and_the_old_one_stays_in_the_history(
    cast: Cast, toni: Rider
) -> None:
    seen(cast, toni, days=-3)
    client, url = client_of(cast.operator), f"/fleet/riders/{toni.pk}/papers"
    assert "Tidak mendapat tugas baru" in client.get(url).content.decode()
    client.post(url, typed(cast))
    page = client.get(url).content.decode()
    assert "Tidak mendapat tugas baru" not in page
    assert "sudah diganti" in page
    assert Paper.objects.count() == 2


def test_noting_the_same_twice_notes_it_once(cast: Cast, toni: Rider) -> None:
    client, url = client_of(cast.operator), f"/fleet/riders/{toni.pk}/papers"
    client.post(url, typed(cast))
    answer = client.post(url, typed(cast))
    assert answer.status_code == 400
    assert "sudah dicatat dengan tanggal" in answer.content.decode()
    assert Paper.objects.count() == Event.objects.filter(kind="rider.paper_seen").count() == 1


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"expires_on": ""}, "isi tanggal terakhir"),
        ({"seen_on": "2099-01-01"}, "belum tiba"),
        ({"number": ""}, "9999"),
        ({"kind": "ijazah"}, "9012-8834-004821"),
        ({"expires_on": "31-02"}, "9012-8834-004821"),
        ({"number": "12\0"}, "9999"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_typed_is_lost(
    cast: Cast, toni: Rider, changed: dict[str, str], says: str
) -> None:
    sent = typed(cast, **{"expires_on": "9999-01-02"} | changed)
    answer = client_of(cast.operator).post(f"/fleet/riders/{toni.pk}/papers", sent)
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert not Paper.objects.exists()


def test_papers_and_trainings_that_end_within_thirty_days_stand_in_one_list(
    cast: Cast, toni: Rider, joko: Rider
) -> None:
    all_seen(cast, toni)
    all_seen(cast, joko)
    client = client_of(cast.operator)
    assert "Toni" not in client.get("/fleet/endings").content.decode()
    seen(cast, toni, days=30)
    train(
        joko,
        item_class="medicine",
        trained_on=today(cast) - timedelta(days=300),
        expires_on=today(cast) + timedelta(days=5),
        by="tests",
        now=timezone.now(),
    )
    page = client.get("/fleet/endings").content.decode()
    assert page.index("Joko") < page.index("Toni")  # what ends first comes first
    assert "Pelatihan “Obat”" in page
    assert licence(cast).title in page


def test_a_training_that_was_renewed_or_a_paper_that_ends_later_is_in_no_list(
    cast: Cast, toni: Rider
) -> None:
    all_seen(cast, toni, days=31)
    for days in (5, 300):
        train(
            toni,
            item_class="medicine",
            trained_on=today(cast) - timedelta(days=300 - days),
            expires_on=today(cast) + timedelta(days=days),
            by="tests",
            now=timezone.now(),
        )
    assert "Toni" not in client_of(cast.operator).get("/fleet/endings").content.decode()


def test_who_never_showed_a_paper_is_in_the_list_and_in_the_file(cast: Cast, toni: Rider) -> None:
    client = client_of(cast.operator)
    page = client.get("/fleet/endings").content.decode()
    assert "Toni" in page
    assert "belum dilihat" in page
    file = client.get("/fleet/endings.csv")
    assert file["Content-Type"].startswith("text/csv")
    lines = file.content.decode("utf-8-sig").splitlines()
    kinds = kinds_of(cast.region.config, on=today(cast))
    assert len(lines) == 1 + len(kinds)
    assert all("Toni" in line and toni.plate in line for line in lines[1:])


def test_a_fleets_desk_sees_and_notes_only_the_papers_of_its_own_riders(
    cast: Cast, toni: Rider, joko: Rider
) -> None:
    desk = cast.member(cast.operator)
    desk.organisation = cast.fleet
    desk.save()
    client = client_of(cast.operator)
    page = client.get("/fleet/endings").content.decode()
    assert "Toni" in page
    assert "Joko" not in page
    answer = client.post(f"/fleet/riders/{joko.pk}/papers", typed(cast))
    assert answer.status_code == 404
    assert not Paper.objects.exists()


@pytest.mark.parametrize(
    ("days", "says"), [(20, "habis dalam 20 hari"), (-1, "tidak mendapat tugas baru"), (31, "")]
)
def test_the_rider_reads_on_his_phone_that_his_licence_ends(
    cast: Cast, toni: Rider, days: int, says: str
) -> None:
    all_seen(cast, toni)
    seen(cast, toni, days=days)
    page = client_of(cast.rider).get("/dispatch/rider").content.decode()
    told = [words for words in ("habis dalam", "tidak mendapat tugas baru") if words in page]
    assert told == [
        words for words in ("habis dalam", "tidak mendapat tugas baru") if words in says
    ]
    assert says in page
    assert licence(cast).title in client_of(cast.rider).get("/fleet/mine").content.decode()
