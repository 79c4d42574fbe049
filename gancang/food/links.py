"""The buyer's link: opens one order without an account."""

from gancang.web.links import find_signed, link_to, sign

_USE = "food.follow"


def follow_url(code: str) -> str:
    """The full address that a letter carries."""
    return link_to("food_follow", follow_token(code))


def follow_token(code: str) -> str:
    """The order's code, signed."""
    return sign(code, use=_USE)


def find_code(token: str) -> str | None:
    """The order's code of a link that we made, or None."""
    return find_signed(token, use=_USE)
