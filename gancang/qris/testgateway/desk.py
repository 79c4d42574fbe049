"""What the test gateway knows and does: codes, payments, and its words about them."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from gancang.qris.adapters.snap.signing import is_signed, signature, to_sign
from gancang.qris.payload import written

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

PAID, REFUNDED, EXPIRED, WAITING = "00", "04", "06", "03"


@dataclass
class Manners:
    """How it misbehaves: how long it thinks, how often it says a thing, what gets lost."""

    thinks_s: float = 0
    says: int = 1  # how often each word is sent
    loses_words: bool = False
    refuses: list[int] = field(default_factory=list)  # statuses of its next answers


@dataclass
class Known:
    """A code that it made."""

    bill: str
    amount: str
    payload: str
    status: str = WAITING
    payments: list[str] = field(default_factory=list)


@dataclass
class Desk:
    """The gateway's memory. Its words go to `notify_url`, or by `deliver` where that is set."""

    own_key: bytes
    merchant_key: bytes  # public: with it the merchant's requests are checked
    notify_url: str
    clock: Callable[[], datetime]
    path: str = "/qris/snap/notice"
    deliver: Callable[[str, dict[str, str], bytes], int] | None = None
    manners: Manners = field(default_factory=Manners)
    codes: dict[str, Known] = field(default_factory=dict)
    backs: dict[str, dict[str, Any]] = field(default_factory=dict)
    answered: dict[str, tuple[bytes, int, dict[str, Any]]] = field(default_factory=dict)
    sent: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def pay(self, bill: str, rupiah: int | None = None, *, payment: str = "") -> str:
        """A buyer pays; the gateway says so. The number of the payment."""
        known = self.codes[bill]
        number = payment or f"T{secrets.token_hex(8)}"
        known.payments.append(number)
        known.status = PAID
        amount = known.amount if rupiah is None else f"{rupiah}.00"
        self.say(bill, number, PAID, amount)
        return number

    def say(self, bill: str, payment: str, status: str, amount: str) -> int:
        """Send a word, as often as its manners are; the last answer's status."""
        told = {
            "originalReferenceNo": payment,
            "originalPartnerReferenceNo": bill,
            "latestTransactionStatus": status,
            "transactionStatusDesc": "",
            "amount": {"value": amount, "currency": "IDR"},
            "additionalInfo": {},
        }
        body = json.dumps(told, indent=1).encode()  # with blanks, as some gateways send it
        answer = 0
        for _time in range(0 if self.manners.loses_words else self.manners.says):
            answer = self.send(body)
        return answer

    def send(self, body: bytes, *, at: datetime | None = None, key: bytes = b"") -> int:
        """Sign a body and send it, at another time or with another key if asked."""
        timestamp = (at or self.clock()).isoformat(timespec="seconds")
        text = to_sign("POST", self.path, body, timestamp)
        headers = {
            "X-TIMESTAMP": timestamp,
            "X-SIGNATURE": signature(text, key or self.own_key),
            "X-PARTNER-ID": "gancang",
            "X-EXTERNAL-ID": str(secrets.randbelow(10**18)),
            "Content-Type": "application/json",
        }
        self.sent.append((headers, body))
        return self._deliver(headers, body)

    def _deliver(self, headers: dict[str, str], body: bytes) -> int:
        if self.deliver is not None:
            return self.deliver(self.path, headers, body)
        try:
            return httpx.post(
                self.notify_url + self.path, headers=headers, content=body, timeout=10
            ).status_code
        except httpx.HTTPError:
            return 0

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, Any]]:
        """What it answers to a request of the merchant; the same number again is the same."""
        text = to_sign("POST", path, body, headers.get("X-TIMESTAMP", ""))
        if not is_signed(text, headers.get("X-SIGNATURE", ""), self.merchant_key):
            return 401, {"responseCode": "4014700", "responseMessage": "Unauthorized. Signature"}
        if self.manners.refuses:
            status = self.manners.refuses.pop(0)
            return status, {"responseCode": f"{status}4700", "responseMessage": "No"}
        number, digest = headers.get("X-EXTERNAL-ID", ""), sha256(body).digest()
        if known := self.answered.get(number):
            same = known[0] == digest
            return known[1:] if same else (409, {"responseCode": "4094700"})
        status, told = self._answer(path, json.loads(body))
        if status == 200:
            self.answered[number] = (digest, status, told)
        return status, told

    def _answer(self, path: str, told: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        match path.rpartition("/")[2]:
            case "qr-mpm-generate":
                return self._make(told)
            case "qr-mpm-query":
                return self._tell(self.codes.get(told["originalPartnerReferenceNo"]))
            case "qr-mpm-refund":
                return self._give_back(told)
        return 404, {"responseCode": "4044700", "responseMessage": "Not found"}

    def _make(self, told: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        bill, amount = told["partnerReferenceNo"], told["amount"]["value"]
        known = self.codes.setdefault(bill, Known(bill, amount, _payload(bill, amount)))
        return 200, {
            "responseCode": "2004700",
            "responseMessage": "Successful",
            "partnerReferenceNo": bill,
            "qrContent": known.payload,
        }

    def _tell(self, known: Known | None) -> tuple[int, dict[str, Any]]:
        if known is None:
            return 404, {"responseCode": "4045101", "responseMessage": "Transaction Not Found"}
        return 200, {
            "responseCode": "2005100",
            "originalPartnerReferenceNo": known.bill,
            "originalReferenceNo": known.payments[0] if known.payments else "",
            "serviceCode": "47",
            "latestTransactionStatus": known.status,
            "amount": {"value": known.amount, "currency": "IDR"},
        }

    def _give_back(self, told: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        number = told["partnerRefundNo"]
        first = self.backs.setdefault(number, told)
        return 200, {
            "responseCode": "2007800",
            "refundNo": f"R-{number}",
            "refundAmount": first["refundAmount"],
        }


def _payload(bill: str, amount: str) -> str:
    account = "".join(
        f"{tag}{len(value):02d}{value}"
        for tag, value in (("00", "ID.CO.QRIS.WWW"), ("02", "ID1020000000000"), ("03", "UMI"))
    )
    return written(
        {
            "00": "01",
            "01": "12",
            "51": account,
            "52": "5812",
            "53": "360",
            "54": amount.partition(".")[0],
            "58": "ID",
            "59": "GANCANG UJI COBA",
            "60": "UJI COBA",
            "61": "00000",
            "62": f"01{len(bill):02d}{bill}",
        }
    )


def new_keys(folder: Path, name: str) -> tuple[bytes, bytes]:
    """A pair of keys as PEM, kept as two files of this name."""
    private, public = folder / f"{name}.pem", folder / f"{name}.public.pem"
    if not private.exists():
        folder.mkdir(parents=True, exist_ok=True)
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        encoding = serialization.Encoding.PEM
        plain = serialization.NoEncryption()
        pkcs8 = serialization.PrivateFormat.PKCS8
        private.touch(mode=0o600)
        private.write_bytes(key.private_bytes(encoding, pkcs8, plain))
        known = serialization.PublicFormat.SubjectPublicKeyInfo
        public.write_bytes(key.public_key().public_bytes(encoding, known))
    return private.read_bytes(), public.read_bytes()
