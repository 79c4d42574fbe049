"""What all gateways have in common: how they are asked, and what their answers mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

import httpx

# A gateway that says nothing for longer is asked again later, with the same key.
TIMEOUT = httpx.Timeout(10, connect=5)
WAIT_MAX_S = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A letter as a carrier takes it. The same key again is the same letter."""

    key: str
    address: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A carrier took the letter: under which number of its own, and for how much."""

    number: str = ""
    cost_rp: int = 0


class NotSent(Exception):
    """The carrier did not take the letter; it may later, or after `wait` where it said so."""

    def __init__(self, why: str, *, wait: timedelta | None = None) -> None:
        """Keep why, in words without anything personal."""
        super().__init__(why)
        self.wait = wait


class Unreachable(Exception):
    """This carrier will never bring this letter to this address; another one may."""


class Carrier(Protocol):
    """One way out of the house."""

    def take(self, parcel: Parcel) -> Taken:
        """Take a letter. Raises NotSent, Unreachable."""


def ask(name: str, url: str, *, headers: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    """What a gateway answers to a letter.

    Its refusals are told without its own words: they may repeat the phone number, which belongs
    in no log and on no page.
    """
    try:
        answer = httpx.post(url, headers=headers, json=body, timeout=TIMEOUT)
    except httpx.HTTPError as error:
        raise NotSent(f"{name}: {type(error).__name__}") from None
    if answer.status_code in {401, 403}:
        raise NotSent(f"{name}: {answer.status_code}, it does not know our key")
    if answer.status_code == 429 or answer.status_code >= 500:
        raise NotSent(f"{name}: {answer.status_code}", wait=_wait_told(answer))
    found = _object_in(answer)
    if answer.is_error:
        raise Unreachable(f"{name}: {answer.status_code}{_number_of(found)}")
    if found is None:
        raise NotSent(f"{name}: an answer that is no JSON")
    return found


def _wait_told(answer: httpx.Response) -> timedelta | None:
    told = answer.headers.get("Retry-After", "")
    return timedelta(seconds=min(int(told), WAIT_MAX_S)) if told.isdecimal() else None


def _object_in(answer: httpx.Response) -> dict[str, Any] | None:
    try:
        found = answer.json()
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _number_of(found: dict[str, Any] | None) -> str:
    error = (found or {}).get("error")
    code = error.get("code") if isinstance(error, dict) else None
    return f", error {code}" if isinstance(code, int) else ""
