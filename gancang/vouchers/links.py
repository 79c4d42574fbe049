"""The holder's link: opens one balance without a log-in, and takes nothing from it."""

from gancang.web.links import find_signed, link_to, sign

_USE = "vouchers.balance"


def balance_url(code: str) -> str:
    """The full address that a letter carries."""
    return link_to("balance", balance_token(code))


def balance_token(code: str) -> str:
    """The voucher's code, signed. The code in the book opens no balance and buys nothing."""
    return sign(code, use=_USE)


def find_code(token: str) -> str | None:
    """The voucher's code of a link that we made, or None."""
    return find_signed(token, use=_USE)
