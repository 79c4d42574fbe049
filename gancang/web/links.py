"""Links that open one thing without a log-in: what it is, signed for one use."""

from django.conf import settings
from django.urls import reverse
from itsdangerous import BadSignature, URLSafeSerializer


def link_to(page: str, token: str) -> str:
    """The full address that a letter carries."""
    return settings.PUBLIC_URL + reverse(page, args=[token])


def sign(told: str, *, use: str) -> str:
    """A token that tells this and that nobody else can make. Another use's token is none of it."""
    token: str = _signer(use).dumps(told)
    return token


def find_signed(token: str, *, use: str) -> str | None:
    """What a token that we made for this use tells, or None."""
    try:
        told = _signer(use).loads(token)
    except BadSignature:
        return None
    return told if isinstance(told, str) else None


def _signer(use: str) -> URLSafeSerializer:
    return URLSafeSerializer(settings.SECRET_KEY, salt=use)
