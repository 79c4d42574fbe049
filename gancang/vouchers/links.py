"""The holder's link: opens one balance without a log-in, and takes nothing from it."""

from django.conf import settings
from django.urls import reverse
from itsdangerous import BadSignature, URLSafeSerializer

_SALT = "vouchers.balance"


def balance_url(code: str) -> str:
    """The full address that a letter carries."""
    return settings.PUBLIC_URL + reverse("balance", args=[balance_token(code)])


def balance_token(code: str) -> str:
    """The voucher's code, signed. The code in the book opens no balance and buys nothing."""
    token: str = _signer().dumps(code)
    return token


def find_code(token: str) -> str | None:
    """The voucher's code of a link that we made, or None."""
    try:
        code = _signer().loads(token)
    except BadSignature:
        return None
    return code if isinstance(code, str) else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings.SECRET_KEY, salt=_SALT)
