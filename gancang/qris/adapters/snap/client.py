"""A gateway that speaks SNAP: codes made, asked about, given back; its own word read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from gancang.outbox.carriers.gateway import Unreachable, ask
from gancang.qris.adapters.gateway import Back, Call, Forged, Rubbish, Wanted
from gancang.qris.adapters.snap.signing import is_fresh, is_signed, signature, to_sign
from gancang.qris.rules import Status, Told
from gancang.values import Money

if TYPE_CHECKING:
    from datetime import datetime

BODY_MAX = 64 * 1024
REFERENCE_MAX = 64
STATUSES = {
    "00": Status.PAID,
    "01": Status.PENDING,
    "02": Status.PENDING,
    "03": Status.PENDING,
    "04": Status.REFUNDED,
    "05": Status.FAILED,
    "06": Status.FAILED,
    "07": Status.PENDING,  # not found: nobody has paid yet
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Snap:
    """One agreement with one gateway. Keys are PEM."""

    name: ClassVar[str] = "snap"
    url: str
    partner_id: str
    merchant_id: str
    own_key: bytes
    their_key: bytes

    def make(self, wanted: Wanted, *, now: datetime) -> str:
        """The text of a code for a bill; the same bill again is the same code."""
        body = {
            "partnerReferenceNo": wanted.bill,
            "amount": _amount(wanted.amount),
            "merchantId": self.merchant_id,
            "validityPeriod": wanted.expires_at.isoformat(timespec="seconds"),
            "additionalInfo": {"isStatic": False},
        }
        told = self._send("/v1.0/qr/qr-mpm-generate", body, key=wanted.bill, now=now)
        text = told.get("qrContent")
        if not isinstance(text, str) or not text:
            raise Unreachable("snap: no code in the answer")
        return text

    def ask(self, bill: str, *, now: datetime) -> Told | None:
        """What the gateway knows of a bill; None where it knows nothing."""
        body = {"originalPartnerReferenceNo": bill, "serviceCode": "47"}
        key = f"{bill} {now.isoformat()}"  # each question is one of its own
        try:
            return _told(self._send("/v1.0/qr/qr-mpm-query", body, key=key, now=now))
        except (Unreachable, Rubbish):
            return None

    def give_back(self, back: Back, *, now: datetime) -> str:
        """Give a payment back; the same number again gives nothing more."""
        body = {
            "originalPartnerReferenceNo": back.bill,
            "originalReferenceNo": back.payment,
            "partnerRefundNo": back.number,
            "merchantId": self.merchant_id,
            "refundAmount": _amount(back.amount),
            "reason": back.why[:100],
        }
        told = self._send("/v1.0/qr/qr-mpm-refund", body, key=back.number, now=now)
        return str(told.get("refundNo", back.number))[:REFERENCE_MAX]

    def read(self, call: Call, *, now: datetime) -> Told:
        """What the gateway tells by itself: signed by it, and now."""
        timestamp = call.headers.get("X-TIMESTAMP", "")
        given = call.headers.get("X-SIGNATURE", "")
        if len(call.body) > BODY_MAX:
            raise Rubbish("too long")
        text = to_sign("POST", call.path, call.body, timestamp)
        if not is_fresh(timestamp, now=now) or not is_signed(text, given, self.their_key):
            raise Forged
        try:
            told = json.loads(call.body)
        except (ValueError, RecursionError):
            raise Rubbish("no JSON") from None
        if not isinstance(told, dict):
            raise Rubbish("no JSON object")
        return _told(told)

    def answer(self, *, is_taken: bool) -> dict[str, str]:
        """What a gateway that speaks SNAP wants to hear (service 52)."""
        if is_taken:
            return {"responseCode": "2005200", "responseMessage": "Successful"}
        return {"responseCode": "4005201", "responseMessage": "Invalid Field Format"}

    def _send(self, path: str, body: dict[str, Any], *, key: str, now: datetime) -> dict[str, Any]:
        where = self.url.rstrip("/") + path
        # `ask` writes JSON as small as this; the gateway takes blanks out anyway.
        raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        timestamp = now.isoformat(timespec="seconds")
        text = to_sign("POST", urlsplit(where).path, raw, timestamp)
        headers = {
            "X-TIMESTAMP": timestamp,
            "X-SIGNATURE": signature(text, self.own_key),
            "X-PARTNER-ID": self.partner_id,
            # A number, once a day; the same request again carries the same.
            "X-EXTERNAL-ID": str(int(sha256(f"{path} {key}".encode()).hexdigest(), 16))[:32],
            "CHANNEL-ID": "95221",
        }
        return ask(self.name, where, headers=headers, body=body)


def _amount(amount: Money) -> dict[str, str]:
    return {"value": f"{amount.rupiah}.00", "currency": "IDR"}


def _told(told: dict[str, Any]) -> Told:
    """One payment as SNAP tells it. Raises Rubbish where it names none."""
    bill = told.get("originalPartnerReferenceNo")
    payment = told.get("originalReferenceNo", "")
    status = STATUSES.get(str(told.get("latestTransactionStatus")))
    if not isinstance(bill, str) or not isinstance(payment, str) or status is None:
        raise Rubbish("neither bill nor status")
    bill, payment = bill.replace("\0", ""), payment.replace("\0", "")
    if not bill or (status == Status.PAID and not payment):
        raise Rubbish("a payment without a number")
    if max(len(bill), len(payment)) > REFERENCE_MAX:
        raise Rubbish("a number too long")
    return Told(bill=bill, payment=payment, status=status, amount=_money_in(told.get("amount")))


def _money_in(told: object) -> Money | None:
    """Whole rupiah, as SNAP writes them ("50000.00"); None for anything else."""
    if not isinstance(told, dict) or told.get("currency") != "IDR":
        return None
    value = told.get("value")
    whole, _dot, part = value.partition(".") if isinstance(value, str) else ("", "", "x")
    is_whole = whole.isascii() and whole.isdigit() and len(whole) <= 13 and not part.strip("0")
    return Money(int(whole)) if is_whole else None
