"""A rider hears at the door that the patient has died: from then on nobody is written to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from gancang.outbox.actions import send_waiting
from gancang.outbox.models import Letter
from gancang.residents.queries import is_deceased
from tests.cast import failed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cast import Cast


def test_after_a_death_no_letter_leaves_not_even_one_that_waits(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    settings.LETTERS_DIR = tmp_path
    order = failed(cast, reason="deceased")
    assert is_deceased(order.resident_id)
    assert not Letter.objects.filter(subject=order.code, kind="order.failed").exists()
    waiting = set(Letter.objects.filter(subject=order.code).values_list("kind", flat=True))
    assert waiting >= {"order.placed", "order.collected"}
    assert send_waiting(now=datetime.now(UTC) + timedelta(minutes=1)) == 0
    assert not list(tmp_path.iterdir())
    states = Letter.objects.filter(subject=order.code).values_list("state", flat=True)
    assert set(states) == {"dropped"}
