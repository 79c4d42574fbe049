"""The applicant's link: opens one decision without a log-in, to appeal against it."""

from gancang.web.links import find_signed, link_to, sign

_USE = "enrolment.appeal"


def appeal_url(code: str) -> str:
    """The full address that a letter carries."""
    return link_to("appeal", appeal_token(code))


def appeal_token(code: str) -> str:
    """The application's code, signed."""
    return sign(code, use=_USE)


def find_code(token: str) -> str | None:
    """The application's code of a link that we made, or None."""
    return find_signed(token, use=_USE)
