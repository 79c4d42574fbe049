"""What happened is chained when its deed commits, and whoever changes it is found out."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, connection, transaction

from gancang.audit.actions import Happening, record, record_all
from gancang.audit.models import Event, Head, Link
from gancang.audit.queries import list_story, verify
from gancang.audit.rules import hash_of

NOW = datetime(2026, 11, 24, 2, 0, 0, 123456, tzinfo=UTC)
HERE = "00.07"
pytestmark = pytest.mark.django_db(transaction=True)


def tell(kind: str, *, region: str = HERE, facts: dict[str, object] | None = None) -> None:
    """Something happens to order A."""
    record(kind, "A", region=region, by="tests", now=NOW, facts=facts)


@pytest.fixture
def three() -> list[Event]:
    """Three things that happened, and something elsewhere."""
    for kind in ("placed", "released"):
        tell(kind)
    tell("elsewhere", region="00.08")
    tell("delivered", facts={"note": "Osing: pèsên \\ “kutip” \n baris"})
    return list(Event.objects.filter(region_code=HERE).order_by("pk"))


def by_force(statement: str, *values: str | int) -> None:
    """What somebody who may do anything in the database can do."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values or None)


def problems() -> list[str]:
    """What verify finds here."""
    return verify(HERE)[1]


def test_events_are_linked_in_their_order_each_to_the_one_before(three: list[Event]) -> None:
    links = list(Link.objects.filter(region_code=HERE).order_by("number"))
    assert [link.event_id for link in links] == [event.pk for event in three]
    assert [link.number for link in links] == [1, 2, 3]
    assert [link.previous for link in links] == ["", links[0].hash, links[1].hash]
    for link, event in zip(links, three, strict=True):
        assert link.hash == hash_of(link.previous, event.payload)
    head = Head.objects.get(region_code=HERE)
    assert (head.number, head.hash) == (3, links[2].hash)
    assert verify(HERE) == (3, [])


def test_each_region_has_its_own_chain(three: list[Event]) -> None:
    assert Link.objects.get(region_code="00.08").number == 1
    assert verify("00.08") == (1, [])
    assert verify("00.09") == (0, [])


def test_nothing_is_linked_before_the_deed_commits_or_if_it_does_not() -> None:
    with transaction.atomic():
        tell("placed")
        assert not Link.objects.exists()
        transaction.set_rollback(True)
    assert not Event.objects.exists()
    with transaction.atomic():
        tell("placed")
        assert not Link.objects.exists()
    assert Link.objects.count() == 1


def test_many_events_of_one_deed_are_told_in_the_order_in_which_they_were_said() -> None:
    record_all(
        Happening(region=HERE, kind=f"step.{n}", subject="A", by="tests", now=NOW) for n in range(5)
    )
    assert [told.kind for told in list_story(HERE, "A")] == [f"step.{n}" for n in range(5)]
    assert verify(HERE) == (5, [])


def test_a_story_gives_back_what_was_told(three: list[Event]) -> None:
    last = list_story(HERE, "A")[-1]
    assert (last.kind, last.by, last.at) == ("delivered", "tests", NOW)
    assert last.facts == {"note": "Osing: pèsên \\ “kutip” \n baris"}


@pytest.mark.parametrize("table", ["audit_event", "audit_link"])
@pytest.mark.parametrize("change", ["UPDATE {} SET region_code = 'x'", "DELETE FROM {}"])
def test_nobody_changes_or_removes_what_happened(
    three: list[Event], table: str, change: str
) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change.format(table))


def test_an_altered_payload_is_found(three: list[Event]) -> None:
    by_force(
        "UPDATE audit_event SET payload = replace(payload, 'released', 'refused') WHERE id = %s",
        three[1].pk,
    )
    assert problems() == [f"event {three[1].pk}: was altered after it was written"]


@pytest.mark.parametrize(
    "change",
    ["actor = 'somebody'", "kind = 'refused'", "subject = 'B'", "at = at + interval '1 minute'"],
)
def test_an_altered_column_is_found_although_the_payload_is_whole(
    three: list[Event], change: str
) -> None:
    by_force(f"UPDATE audit_event SET {change} WHERE id = %s", three[0].pk)
    assert problems() == [f"event {three[0].pk}: its columns do not say what its payload says"]


def test_an_altered_event_with_a_new_hash_of_its_own_is_found_by_the_next(
    three: list[Event],
) -> None:
    forged = three[0].payload.replace("placed", "faked")
    by_force(
        "UPDATE audit_event SET payload = %s, kind = 'faked' WHERE id = %s", forged, three[0].pk
    )
    by_force(
        "UPDATE audit_link SET hash = %s WHERE event_id = %s", hash_of("", forged), three[0].pk
    )
    assert problems() == [f"event {three[1].pk}: does not follow the event before it"]


def test_a_removed_event_is_found_in_the_middle_and_at_the_end(three: list[Event]) -> None:
    for event in (three[2], three[1]):
        by_force("DELETE FROM audit_link WHERE event_id = %s", event.pk)
        by_force("DELETE FROM audit_event WHERE id = %s", event.pk)
        assert problems() == [
            f"chain of {HERE}: ends at {2 if event == three[2] else 1}, but 3 events were linked"
        ]


def test_a_link_removed_from_the_middle_is_found(three: list[Event]) -> None:
    by_force("DELETE FROM audit_link WHERE event_id = %s", three[1].pk)
    assert problems() == [f"event {three[2].pk}: number 3 where 2 should stand"]


def test_an_event_that_was_slipped_in_is_found(three: list[Event]) -> None:
    by_force(
        "INSERT INTO audit_event (region_code, at, actor, kind, subject, payload) "
        "SELECT region_code, at, actor, kind, subject, payload FROM audit_event WHERE id = %s",
        three[0].pk,
    )
    assert problems() == [f"chain of {HERE}: 1 events stand outside it"]


def test_a_thrown_away_chain_is_found(three: list[Event]) -> None:
    by_force("DELETE FROM audit_link WHERE region_code = %s", HERE)
    assert problems()
    by_force("DELETE FROM audit_head WHERE region_code = %s", HERE)
    assert problems() == [f"chain of {HERE}: 3 events stand outside it"]


def test_two_whose_deeds_end_at_once_are_both_in_the_chain() -> None:
    start = Barrier(4)

    def deeds() -> None:
        start.wait()
        for _ in range(10):
            with transaction.atomic():
                tell("busy")
                tell("busy", region="00.08")
        connection.close()

    threads = [Thread(target=deeds) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verify(HERE) == (40, [])
    assert verify("00.08") == (40, [])
