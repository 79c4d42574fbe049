"""What all gateways have in common: what they are asked, and what they may answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from gancang.outbox.carriers.gateway import NotSent, Unreachable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from gancang.qris.rules import Told
    from gancang.values import Money

__all__ = ["Back", "Call", "Forged", "Gateway", "NotSent", "Rubbish", "Unreachable", "Wanted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A code that a gateway is to make. The same bill again is the same code."""

    bill: str
    amount: Money
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """Money that a gateway is to give back. The same number again gives nothing more."""

    number: str
    bill: str
    payment: str
    amount: Money
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What came in at the gateway's door, as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes


class Forged(Exception):
    """It is not the gateway who speaks, or it spoke too long ago."""


class Rubbish(Exception):
    """The gateway spoke, and nothing of ours can be read in it."""


class Gateway(Protocol):
    """One company that takes QRIS payments. NotSent: ask again; Unreachable: it says no."""

    @property
    def name(self) -> str:
        """By which its bills and its door are known."""

    def make(self, wanted: Wanted, *, now: datetime) -> str:
        """The text of a code for a bill. Raises NotSent, Unreachable."""

    def ask(self, bill: str, *, now: datetime) -> Told | None:
        """What it knows of a bill; None where it knows nothing. Raises NotSent."""

    def give_back(self, back: Back, *, now: datetime) -> str:
        """Give a payment back; the gateway's number of it. Raises NotSent, Unreachable."""

    def read(self, call: Call, *, now: datetime) -> Told:
        """What it tells by itself. Raises Forged, Rubbish."""

    def answer(self, *, is_taken: bool) -> dict[str, str]:
        """What it wants to hear: taken for good, or not understood."""
