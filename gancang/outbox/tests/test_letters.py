"""Letters leave only with the deed that causes them, once, and are tried again in patience."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction

from gancang.outbox.actions import LEASE, Note, post, post_all, send_waiting
from gancang.outbox.models import Letter, State
from gancang.outbox.queries import count_waiting, list_letters
from gancang.outbox.rules import ATTEMPTS_MAX, wait_after

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """Where letters arrive."""
    settings.LETTERS_DIR = tmp_path / "letters"
    return tmp_path / "letters"


def note(key: str = "placed:A") -> Note:
    """What Sari is told."""
    return Note(
        key=key, kind="order.placed", subject="A", address="+6281234567890", body="Obat diantar."
    )


def arrived(folder: Path) -> list[dict[str, str]]:
    """The letters that left the house."""
    return [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]


def test_a_letter_arrives_once(folder: Path) -> None:
    post(note(), region="00.07", now=NOW)
    assert send_waiting(now=NOW) == 1
    assert send_waiting(now=NOW + timedelta(hours=1)) == 0
    [letter] = arrived(folder)
    assert (letter["to"], letter["body"]) == ("+6281234567890", "Obat diantar.")
    assert Letter.objects.get().state == State.SENT


def test_a_letter_is_read_by_nobody_else_on_the_machine(folder: Path) -> None:
    post(note(), region="00.07", now=NOW)
    send_waiting(now=NOW)
    [path] = folder.glob("*")
    assert path.stat().st_mode & 0o077 == 0


def test_a_letter_of_a_deed_that_failed_never_leaves(folder: Path) -> None:
    with transaction.atomic():
        post(note(), region="00.07", now=NOW)
        transaction.set_rollback(True)
    assert send_waiting(now=NOW) == 0
    assert not arrived(folder)


@pytest.mark.django_db(transaction=True)
def test_a_letter_waits_until_its_deed_commits(folder: Path) -> None:
    sent: list[int] = []

    def worker() -> None:
        sent.append(send_waiting(now=NOW))
        connection.close()

    def run_worker() -> None:
        thread = Thread(target=worker)
        thread.start()
        thread.join()

    with transaction.atomic():
        post(note(), region="00.07", now=NOW)
        run_worker()
    run_worker()
    assert sent == [0, 1]


def test_the_same_key_is_one_letter(folder: Path) -> None:
    post_all([note(), note()], region="00.07", now=NOW)
    post(note(), region="00.07", now=NOW)
    post(note("placed:B"), region="00.07", now=NOW)
    assert send_waiting(now=NOW) == 2


def test_a_letter_that_could_not_leave_is_tried_again_later_and_later(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    post(note(), region="00.07", now=NOW)
    now = NOW
    waits = []
    for attempt in range(1, ATTEMPTS_MAX):
        assert send_waiting(now=now) == 0
        letter = Letter.objects.get()
        assert (letter.state, letter.attempts) == (State.WAITING, attempt)
        assert letter.error.startswith("folder of letters: ")
        waits.append((letter.next_try_at - now).total_seconds())
        assert send_waiting(now=letter.next_try_at - timedelta(seconds=1)) == 0
        assert Letter.objects.get().attempts == attempt
        now = letter.next_try_at
    assert waits == [30 * 2**n for n in range(ATTEMPTS_MAX - 1)]
    folder.unlink()
    assert send_waiting(now=now) == 1
    assert len(arrived(folder)) == 1


def test_after_eight_tries_a_letter_is_given_up_and_the_others_go_on(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    post(note(), region="00.07", now=NOW)
    now = NOW
    for _ in range(ATTEMPTS_MAX):
        send_waiting(now=now)
        now += timedelta(days=1)
    assert Letter.objects.get().state == State.GIVEN_UP
    folder.unlink()
    post(note("placed:B"), region="00.07", now=now)
    assert send_waiting(now=now) == 1
    assert count_waiting() == 0
    assert wait_after(ATTEMPTS_MAX) is None


def test_a_worker_that_dies_gives_its_letters_back(folder: Path) -> None:
    post(note(), region="00.07", now=NOW)
    # As if a worker had taken it and was killed before it could tell.
    Letter.objects.update(next_try_at=NOW + LEASE)
    assert send_waiting(now=NOW + LEASE - timedelta(seconds=1)) == 0
    assert send_waiting(now=NOW + LEASE) == 1


def test_a_case_shows_that_a_letter_went_without_opening_it(
    folder: Path, django_assert_num_queries: Any
) -> None:
    post_all([note(), note("placed:B")], region="00.07", now=NOW)
    with django_assert_num_queries(1):
        letters = list_letters("00.07", "A")
        assert [letter.kind for letter in letters] == ["order.placed"] * 2
    assert all("body" in letter.get_deferred_fields() for letter in letters)


def test_a_hundred_letters_take_as_few_statements_as_one(
    folder: Path, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        post_all([note(f"k{n}") for n in range(100)], region="00.07", now=NOW)
