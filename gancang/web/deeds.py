"""A deed behind a button: done and said, or refused and said why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages

from gancang.values import Refused
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest


def is_done(request: HttpRequest, deed: Callable[[], object], said: str) -> bool:
    """Do it and say so on the next page, or say there why not; whether it was done."""
    try:
        deed()
    except Refused as refusal:
        messages.error(request, sentence_of(refusal))
        return False
    messages.success(request, said)
    return True
