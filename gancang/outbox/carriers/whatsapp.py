"""WhatsApp Business, in the shape of Meta's Cloud API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gancang.outbox.carriers.gateway import NotSent, Parcel, Taken, ask

NAME = "WhatsApp"


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatsApp:
    """Our number there, how we are known, what one message costs.

    Whoever did not write to us within a day is reached by an approved template only; its first
    variable is the whole text. Without a template plain texts are sent.
    """

    url: str
    number_id: str
    token: str
    template: str
    language: str
    message_rp: int

    def take(self, parcel: Parcel) -> Taken:
        """Send one message. Raises NotSent, Unreachable."""
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": parcel.key}
        body = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": parcel.address.removeprefix("+"),
            "biz_opaque_callback_data": parcel.key,
            **self._content(parcel.text),
        }
        found = ask(NAME, f"{self.url}/{self.number_id}/messages", headers=headers, body=body)
        messages = found.get("messages")
        first = messages[0] if isinstance(messages, list) and messages else None
        number = first.get("id") if isinstance(first, dict) else None
        if not isinstance(number, str) or not number:
            raise NotSent(f"{NAME}: an answer without the message's number")
        return Taken(number=number[:120], cost_rp=self.message_rp)

    def _content(self, text: str) -> dict[str, Any]:
        if not self.template:
            return {"type": "text", "text": {"preview_url": False, "body": text}}
        # A template's variable takes no line breaks.
        told = {"type": "text", "text": " ".join(text.split())}
        components = [{"type": "body", "parameters": [told]}]
        language = {"code": self.language}
        named = {"name": self.template, "language": language, "components": components}
        return {"type": "template", "template": named}
