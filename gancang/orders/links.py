"""The patient's link: opens one order without a log-in, and tells nothing by itself."""

from gancang.web.links import find_signed, link_to, sign

_USE = "orders.track"


def track_url(code: str) -> str:
    """The full address that a letter carries."""
    return link_to("track", track_token(code))


def track_token(code: str) -> str:
    """The order's code, signed."""
    return sign(code, use=_USE)


def find_code(token: str) -> str | None:
    """The order's code of a link that we made, or None."""
    return find_signed(token, use=_USE)
