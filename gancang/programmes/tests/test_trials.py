"""A draft is tried on everybody by the worker; the page tells how far it is, and of which save."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted

from gancang.audit.models import Event
from gancang.programmes import tasks, trials, trying
from gancang.programmes.models import Trial
from gancang.programmes.tests.trying import asked, changed_draft, tried, worked_off
from gancang.residents.models import Reading
from tests.cast import client_of, place

if TYPE_CHECKING:
    from tests.cast import Cast


def test_the_trial_tells_who_would_fall_out_and_names_are_read_and_logged(cast: Cast) -> None:
    place(cast)
    draft = changed_draft(cast)
    url = f"/programmes/drafts/{draft.pk}"
    page = tried(cast.officer, draft)
    assert "0 dari 1 orang" in page
    assert "Akan keluar" in page
    assert "Sari" not in page
    assert not Reading.objects.filter(purpose="programme trial").exists()
    shown = client_of(cast.officer).get(f"{url}/people/gone").content.decode()
    assert "Sari" in shown
    assert Reading.objects.filter(purpose="programme trial", by=cast.officer.username).count() == 1
    table = client_of(cast.treasurer).get(f"{url}/trial?as=csv").content.decode()
    assert table.splitlines()[1].endswith("0,0,<5")


def test_the_page_tells_how_far_it_is_with_a_script_and_without(cast: Cast) -> None:
    draft = changed_draft(cast)
    assert "Belum dicoba" in client_of(cast.officer).get(trial_of(draft)).content.decode()
    page = asked(cast.officer, draft)
    assert "Menunggu mesin kerja" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert 'hx-trigger="every 2s"' in page
    Trial.objects.update(state="runs", of=40_000, asked_people=1_500)
    page = client_of(cast.auditor).get(trial_of(draft)).content.decode()
    assert "1500 dari 40000 orang" in page
    assert "/trial/ask" not in page, "an auditor only reads"
    worked_off()
    page = client_of(cast.officer).get(trial_of(draft)).content.decode()
    assert "http-equiv" not in page
    assert "hx-trigger" not in page


def trial_of(draft: Any) -> str:
    return f"/programmes/drafts/{draft.pk}/trial"


def test_pressed_twice_it_is_one_trial_and_one_job(cast: Cast) -> None:
    draft = changed_draft(cast)
    asked(cast.officer, draft)
    asked(cast.treasurer, draft)
    assert Trial.objects.count() == 1
    assert worked_off() == 1
    before = Event.objects.filter(kind="programme.tried").count()
    worked_off()  # a job that a killed process held back is done again
    assert Event.objects.filter(kind="programme.tried").count() == before == 1


def test_approval_knows_which_save_was_tried_and_a_change_makes_it_stale(cast: Cast) -> None:
    draft = changed_draft(cast)
    tried(cast.officer, draft)
    assert draft.state == "tried"
    review = client_of(cast.treasurer).get(f"/programmes/drafts/{draft.pk}/").content.decode()
    assert f"Yang dicoba: simpanan {draft.saves}, untuk 1 kali" in review
    typed = {"seen": draft.saves, "to": draft.saves}
    client_of(cast.officer).post(f"/programmes/drafts/{draft.pk}/back", typed)
    draft.refresh_from_db()
    assert (draft.state, draft.tried) == ("draft", {})
    page = client_of(cast.officer).get(trial_of(draft)).content.decode()
    assert f"dicoba pada simpanan {draft.saves - 1}" in page


def test_changed_while_it_waits_it_is_not_tried_and_says_so(cast: Cast) -> None:
    draft = changed_draft(cast)
    asked(cast.officer, draft)
    typed = {"seen": draft.saves, "to": draft.saves}
    client_of(cast.officer).post(f"/programmes/drafts/{draft.pk}/back", typed)
    worked_off()
    draft.refresh_from_db()
    assert draft.state == "draft"
    page = client_of(cast.officer).get(trial_of(draft)).content.decode()
    assert "Rancangan berubah sebelum gilirannya" in page
    assert "0 dari 0" in tried(cast.officer, draft), "another may be asked for"


def test_a_rule_over_which_the_engine_gives_up_is_named(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(cast)
    draft = changed_draft(cast)

    def gives_up(_expression: str, _facts: object) -> bool:
        raise RuntimeError("iteration budget exceeded")

    with monkeypatch.context() as patch:
        patch.setattr(trying, "holds", gives_up)
        page = tried(cast.officer, draft)
    assert f"Aturan {draft.told['clause'][0]['code']} tidak dapat" in page
    assert draft.state == "draft"


def test_what_takes_too_long_ends_and_what_the_server_breaks_off_begins_anew(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(cast)
    draft = changed_draft(cast)
    monkeypatch.setattr(trials, "LOOK_EVERY", 1)
    monkeypatch.setattr(trials, "TELL_EVERY_S", 0)
    asked(cast.officer, draft)
    number = Trial.objects.get().pk

    def stops() -> None:
        raise JobAborted

    with pytest.raises(JobAborted):
        trials.run(number, go_on=stops, clock=timezone.now)
    assert Trial.objects.get().state == "runs"
    retried = tasks.try_draft.get_retry_exception(JobAborted(), job_of())
    assert retried is not None, "the queue has it again"
    with monkeypatch.context() as patch:
        patch.setattr(trials, "LIMIT_S", -1)
        worked_off()
    page = client_of(cast.officer).get(trial_of(draft)).content.decode()
    assert "uji coba dihentikan" in page


def job_of() -> Any:
    (job,) = app.job_manager.list_jobs(task="gancang.programmes.tasks.try_draft")
    return job


def test_a_job_that_breaks_does_not_keep_the_page_waiting(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = changed_draft(cast)
    asked(cast.officer, draft)
    monkeypatch.setattr(trials, "try_on_registry", lambda *_: 1 / 0)
    with pytest.raises(TypeError):
        tasks.try_draft.func(None, Trial.objects.get().pk)  # type: ignore[arg-type]
    page = client_of(cast.officer).get(trial_of(draft)).content.decode()
    assert "Ada yang rusak di pihak kami" in page


def test_how_often_must_be_a_number_that_can_be(cast: Cast) -> None:
    draft = changed_draft(cast)
    for typed in ("", "0", "101", "banyak"):
        assert "Dari 1 sampai 100 kali" in asked(cast.officer, draft, typed)
    assert not Trial.objects.exists()


def test_the_trial_asks_as_much_for_many_as_for_one(cast: Cast) -> None:
    draft = changed_draft(cast)
    counted, client = [], client_of(cast.officer)
    for number in range(1, 4):
        place(cast, number=f"R-{number}", nik=f"35101649035{number:05}")
        told: dict[str, Any] = {"region": cast.region, "times": 30, "on": datetime.now(UTC).date()}
        with CaptureQueriesContext(connection) as queries:
            trying.try_on_registry(draft.told, None, **told)
        tried(cast.officer, draft)
        with CaptureQueriesContext(connection) as shown:
            client.get(trial_of(draft))
        counted.append((len(queries), len(shown)))
    assert len(set(counted)) == 1
