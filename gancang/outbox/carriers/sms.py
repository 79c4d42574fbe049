"""An SMS gateway: JSON over HTTPS, as most providers and their proxies speak it."""

from __future__ import annotations

from dataclasses import dataclass

from gancang.outbox.carriers.gateway import NotSent, Parcel, Taken, ask
from gancang.outbox.rules import sms_parts

NAME = "SMS"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsGateway:
    """Where it listens, how we are known there, what one part of a text costs."""

    url: str
    token: str
    part_rp: int

    def take(self, parcel: Parcel) -> Taken:
        """Send one text. Raises NotSent, Unreachable."""
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": parcel.key}
        body = {"to": parcel.address, "text": parcel.text, "reference": parcel.key}
        found = ask(NAME, self.url, headers=headers, body=body)
        number = found.get("id")
        if not isinstance(number, str) or not number:
            raise NotSent(f"{NAME}: an answer without the message's number")
        return Taken(number=number[:120], cost_rp=self.part_rp * sms_parts(parcel.text))
