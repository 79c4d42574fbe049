"""An officer writes a programme page by page; what was saved is never lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import tomlkit
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InternalError, ProgrammingError, transaction

from gancang.medicine.actions import PROGRAMME
from gancang.programmes.fields import field_for, value_of
from gancang.programmes.importing import read_file
from gancang.programmes.key_words import STEPS, TABLES
from gancang.programmes.models import Draft, Save
from gancang.programmes.queries import get_programme
from gancang.regions.pack_values import Key, whole
from tests.cast import PACK, client_of

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Cast


def begun(client: Client) -> Draft:
    """A draft that began on an empty page."""
    answer = client.post("/programmes/drafts/new")
    return Draft.objects.get(pk=int(re.findall(r"drafts/(\d+)/", answer["Location"])[0]))


def typed(client: Client, draft: Draft, step: str, **told: object) -> Any:
    """A page of a draft, sent as a browser sends it."""
    draft.refresh_from_db()
    url = f"/programmes/drafts/{draft.pk}/pages/{step}"
    return client.post(url, {"seen": draft.saves, **told})


def uploaded(client: Client, text: str) -> Any:
    """A file, sent as a browser sends it."""
    file = SimpleUploadedFile("program.toml", text.encode())
    return client.post("/programmes/drafts/import", {"file": file})


def test_each_page_is_saved_at_once_and_leads_to_the_next(cast: Cast) -> None:
    client = client_of(cast.officer)
    draft = begun(client)
    answer = typed(client, draft, "name", name="Rantang Kasih", code="rantang", kind="deliver")
    assert answer["Location"] == f"/programmes/drafts/{draft.pk}/pages/who"
    answer = typed(
        client,
        draft,
        "who",
        facts_max_age_days="90",
        **{
            "clause-rows": "1",
            "clause-0-code": "desil",
            "clause-0-when": "person.desil == 1",
            "clause-0-sentence_id": "desil 1",
            "clause-0-sentence_en": "desil 1",
        },
    )
    draft.refresh_from_db()
    assert draft.name == "Rantang Kasih"
    assert draft.told["clause"][0]["when"] == "person.desil == 1"
    assert draft.told["facts_max_age_days"] == 90
    shown = client.get(f"/programmes/drafts/{draft.pk}/").content.decode()
    assert "desil 1" in shown
    typed(client, draft, "who", facts_max_age_days="90", **{"clause-rows": "1"})
    draft.refresh_from_db()
    assert "clause" not in draft.told, "a row that is emptied goes"


def test_what_does_not_fit_is_told_beside_its_field_and_nothing_typed_is_lost(cast: Cast) -> None:
    client = client_of(cast.officer)
    draft = begun(client)
    answer = typed(client, draft, "proof", attempts_max="99", retry_after_hours="vier")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'value="99"' in page
    assert 'value="vier"' in page
    assert "bilangan bulat dari 0 sampai 720" in page
    draft.refresh_from_db()
    assert draft.saves == 1


def test_two_who_write_the_same_draft_do_not_overwrite_each_other(cast: Cast) -> None:
    client = client_of(cast.officer)
    draft = begun(client)
    url = f"/programmes/drafts/{draft.pk}/pages/name"
    assert client.post(url, {"seen": 1, "name": "Satu"}).status_code == 302
    second = client.post(url, {"seen": 1, "name": "Dua"})
    assert second.status_code == 409
    assert 'value="Dua"' in second.content.decode()
    draft.refresh_from_db()
    assert draft.name == "Satu"


def test_the_officer_goes_back_to_an_earlier_save_and_forward_again(cast: Cast) -> None:
    client = client_of(cast.officer)
    draft = begun(client)
    typed(client, draft, "name", name="Satu")
    typed(client, draft, "name", name="Dua")
    for to, name in ((2, "Satu"), (3, "Dua")):
        draft.refresh_from_db()
        client.post(f"/programmes/drafts/{draft.pk}/back", {"to": to, "seen": draft.saves})
        draft.refresh_from_db()
        assert draft.name == name
    assert list(Save.objects.filter(draft=draft).values_list("number", flat=True)) == [
        1,
        2,
        3,
        4,
        5,
    ]
    with pytest.raises((ProgrammingError, InternalError)), transaction.atomic():
        Save.objects.filter(draft=draft).delete()


def test_the_next_version_begins_as_the_last_one_is(cast: Cast) -> None:
    client = client_of(cast.officer)
    newest = get_programme(cast.region, PROGRAMME)
    answer = client.post(f"/programmes/{PROGRAMME}/change")
    draft = Draft.objects.get(based_on=newest)
    assert answer["Location"] == f"/programmes/drafts/{draft.pk}/"
    assert draft.told == {**newest.told, "version": newest.version + 1}
    for step in STEPS:  # whatever a page shows, sending it unchanged changes nothing
        url = f"/programmes/drafts/{draft.pk}/pages/{step.slug}"
        form = client.get(url).context["form"]
        told = {name: form[name].value() for name in form.fields}
        told = {
            name: value for name, value in told.items() if value is not None and value is not False
        }
        rows = {f"{one['table']}-rows": len(one["rows"]) for one in form.lists()}
        assert client.post(url, {**told, **rows}).status_code == 302
        draft.refresh_from_db()
        assert draft.saves == 1, (step.slug, draft.told)


def test_a_file_becomes_a_draft_and_all_its_faults_are_told_at_once(cast: Cast) -> None:
    client = client_of(cast.officer)
    text = (PACK / "programmes" / f"{PROGRAMME}.toml").read_text("utf-8")
    assert uploaded(client, text).status_code == 302
    draft = Draft.objects.latest("pk")
    told = tomlkit.parse(text).unwrap()
    assert draft.told["clause"] == told["clause"]
    assert draft.told["version"] == told["version"] + 1

    bad = text.replace("attempts_max", "attempt_max").replace("percent = 50", "percent = 500")
    page = uploaded(client, bad).content.decode()
    assert "Maksudnya attempts_max?" in page
    assert page.count("500 tidak cocok") == bad.count("percent = 500")
    assert "/pages/proof#id_attempts_max" in page

    answer = uploaded(client, "a = [")
    assert answer.status_code == 400
    assert "baris 1 tidak terbaca" in answer.content.decode()


@pytest.mark.parametrize("rubbish", ["[" * 5000, f"rank = {'9' * 5000}", "name = 1", "rank = nan"])
def test_rubbish_in_a_file_is_told_and_breaks_nothing(rubbish: str) -> None:
    told, faults = read_file(rubbish)
    assert told == {}
    assert faults


def test_a_draft_that_is_dropped_takes_nothing_more(cast: Cast) -> None:
    client = client_of(cast.officer)
    draft = begun(client)
    client.post(f"/programmes/drafts/{draft.pk}/drop")
    assert typed(client, draft, "name", name="Satu").status_code == 302
    draft.refresh_from_db()
    assert draft.name == ""
    assert f"/drafts/{draft.pk}/" not in client.get("/programmes/drafts/").content.decode()


def test_every_key_of_the_schema_has_its_page_and_a_new_one_too() -> None:
    keys = [key for step in STEPS for key in step.keys]
    tables = [table for step in STEPS for table in step.tables]
    assert sorted(keys) == sorted(TABLES[""])
    assert sorted(tables) == sorted(table for table in TABLES if table)
    field = field_for("meals_a_day", Key(whole(1, 3), "how many meals a day"))
    assert (field.label, field.help_text) == ("Meals a day", "how many meals a day")
    assert value_of(field.clean("2"), whole(1, 3)) == 2
