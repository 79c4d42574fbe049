"""The buyer's link: opens one bill without a log-in, and pays nothing by itself."""

from gancang.web.links import find_signed, link_to, sign

_USE = "qris.bill"


def bill_url(code: str) -> str:
    """The full address that a buyer gets."""
    return link_to("bill", bill_token(code))


def bill_token(code: str) -> str:
    """The bill's code, signed."""
    return sign(code, use=_USE)


def find_code(token: str) -> str | None:
    """The bill's code of a link that we made, or None."""
    return find_signed(token, use=_USE)
