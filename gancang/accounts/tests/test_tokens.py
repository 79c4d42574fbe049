"""Machines have tokens, which are shown once and can be revoked at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.accounts.models import ApiToken
from gancang.accounts.queries import find_token
from gancang.audit.models import Event
from tests.cast import client_of

if TYPE_CHECKING:
    from tests.cast import Cast


def made(cast: Cast) -> str:
    """The text of a new token, as the page shows it."""
    form = {"name": "SIMRS", "organisation": cast.hospital.pk}
    page = client_of(cast.admin).post("/accounts/tokens", form)
    text: str = page.context["text"]
    assert text in page.content.decode()
    return text


def test_a_token_is_shown_once_and_kept_nowhere(cast: Cast) -> None:
    text = made(cast)
    assert text not in client_of(cast.admin).get("/accounts/tokens").content.decode()
    token = find_token(text)
    assert token is not None
    assert token.organisation == cast.hospital
    kept = [str(value) for value in ApiToken.objects.values().get(pk=token.pk).values()]
    assert all(text not in value for value in kept)
    assert not Event.objects.filter(payload__contains=text).exists()


def test_a_revoked_token_opens_nothing(cast: Cast) -> None:
    text = made(cast)
    number = ApiToken.objects.get().pk
    admin = client_of(cast.admin)
    assert admin.post(f"/accounts/tokens/{number}/revoke").status_code == 302
    assert find_token(text) is None
    assert admin.post(f"/accounts/tokens/{number}/revoke").status_code == 409


def test_a_guessed_token_opens_nothing(cast: Cast) -> None:
    made(cast)
    for guess in ("", "gancang_", "\0", "x" * 10_000):
        assert find_token(guess) is None
