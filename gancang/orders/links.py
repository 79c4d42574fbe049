"""The patient's link: opens one order without a log-in, and tells nothing by itself."""

from django.conf import settings
from django.urls import reverse
from itsdangerous import BadSignature, URLSafeSerializer

_SALT = "orders.track"


def track_url(code: str) -> str:
    """The full address that a letter carries."""
    return settings.PUBLIC_URL + reverse("track", args=[track_token(code)])


def track_token(code: str) -> str:
    """The order's code, signed."""
    token: str = _signer().dumps(code)
    return token


def find_code(token: str) -> str | None:
    """The order's code of a link that we made, or None."""
    try:
        code = _signer().loads(token)
    except BadSignature:
        return None
    return code if isinstance(code, str) else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings.SECRET_KEY, salt=_SALT)
