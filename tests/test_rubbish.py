"""Rubbish in every form and question of every page: a clear sentence, and nothing breaks."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from benchmarks.visitors import OF_EVERY_PAGE, Form, forms_of
from tests.cast import Cast, client_of
from tests.door_table import MEMBERS
from tests.door_things import one_of_each, pick
from tests.test_every_door import addresses, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator

RUBBISH = (
    "x" * 5000,
    "a\x00b",
    "<script>alert(1)</script>'\";--{{ 7*7 }}",
    "-1",
    "9" * 400,
    "NaN",
    "1e999",
    "2026-13-45",
    "\u202e🤷",
    "",
)
FILE = b'\xff\x00;;\n"'
SENTENCES = ("field-error", "note bad")


@pytest.mark.parametrize("visitor", ["stranger", *MEMBERS])
def test_rubbish_in_any_field_of_any_page_breaks_nothing(cast: Cast, visitor: str) -> None:
    arguments, patterns = one_of_each(cast)["own"].arguments(), dict(addresses())
    client = Client() if visitor == "stranger" else client_of(getattr(cast, visitor))
    client.raise_request_exception = False
    forms, wrong = 0, []
    for (address, method), rows in read_table().items():
        opens = any(row.done == "200" and visitor in row.let_in["own"] for row in rows)
        if method != "GET" or not opens or address.startswith("api:"):
            continue
        url = reverse(address, kwargs=pick(arguments, address, patterns[address]))
        for form in forms_on(client, url):
            forms += 1
            for told in typed_into(form):
                wrong += [f"{address}: {each}" for each in sent(client, url, form, told)]
    assert forms > 3
    assert not wrong, "\n".join(wrong)


def forms_on(client: Client, url: str) -> list[Form]:
    """The forms of a page, but for those that stand on every page."""
    answer = client.get(url)
    if not answer.headers["Content-Type"].startswith("text/html"):
        return []
    found = forms_of(answer.content.decode())
    return [form for form in found if form.action not in OF_EVERY_PAGE]


def typed_into(form: Form) -> Iterator[dict[str, Any]]:
    """Each rubbish in all fields at once; then each field by itself, the others as they may be."""
    plain: dict[str, Any] = {name: each[:1] for name, each in form.choices.items()}
    plain |= {name: each if any(each) else "1" for name, each in form.values.items()}
    for rubbish in RUBBISH:
        yield dict.fromkeys(plain, rubbish)
    for name, rubbish in zip(plain, cycle(RUBBISH), strict=False):
        yield {**plain, name: rubbish}
        yield {**plain, name: SimpleUploadedFile("daftar.csv", FILE)}


def sent(client: Client, url: str, form: Form, told: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the answers. Whatever was changed is taken back."""
    asked = {name: each for name, each in told.items() if isinstance(each, str | list)}
    place = (form.action or url).partition("?")[0]
    with transaction.atomic():
        for answer in (client.post(form.action or url, told), client.get(place, asked)):
            if answer.status_code >= 500 or (answer.status_code == 400 and not tells(answer)):
                yield f"{answer.status_code} after {str(told)[:200]}"
        transaction.set_rollback(True)


def tells(answer: Any) -> bool:
    """Whether a page says what is wrong."""
    return any(each in answer.content.decode() for each in SENTENCES)
