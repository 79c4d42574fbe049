"""People of a simulated day, as browsers without script: they fill in forms and send them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from threading import Event

AGAIN_MAX = 120  # a second apart: a busy machine starts a server in less
OF_EVERY_PAGE = ("/language", "/keluar")


@dataclass(slots=True)
class Form:
    """A form as a page shows it: where it goes, and what stands in it."""

    action: str
    values: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)  # of select, radio, checkbox

    def filled(self, told: Mapping[str, object]) -> dict[str, Any]:
        """What a browser would send after `told` was typed over what stood there."""
        return {**self.values, **told}


class _Forms(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._open: Form | None = None
        self._select = ""
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name, value = told.get("name") or "", told.get("value") or ""
        if tag == "form":
            self._open = Form(told.get("action") or "")
            self.found.append(self._open)
        if self._open is None:
            return
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self._offer(self._select, value, chosen="selected" in told)
        elif tag == "textarea":
            self._text = name
            self._open.values[name] = [""]
        elif tag == "input" and name:
            self._input(told.get("type") or "text", name, value, chosen="checked" in told)

    def _input(self, kind: str, name: str, value: str, *, chosen: bool) -> None:
        assert self._open is not None
        if kind in ("radio", "checkbox"):
            self._offer(name, value or "on", chosen=chosen)
        elif kind not in ("submit", "button", "file"):
            self._open.values[name] = [value]

    def _offer(self, name: str, value: str, *, chosen: bool) -> None:
        assert self._open is not None
        self._open.choices.setdefault(name, []).append(value)
        if chosen:
            self._open.values.setdefault(name, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._text = ""

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._text:
            self._open.values[self._text][0] += data


class PressesAgain(httpx.HTTPTransport):
    """Somebody whose page does not come, because the server is gone, and who tries once more."""

    def __init__(self, ended: Event) -> None:
        super().__init__(retries=3)
        self.ended = ended

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        for tried in range(AGAIN_MAX):
            try:
                answer = super().handle_request(request)
                answer.read()
            except httpx.TransportError:
                if self.ended.wait(1) or tried + 1 == AGAIN_MAX:
                    raise
            else:
                answer.extensions["pressed_again"] = tried > 0
                return answer
        raise AssertionError("unreachable")


def is_pressed_again(answer: httpx.Response) -> bool:
    """Whether the answer to an earlier try was lost."""
    return bool(answer.extensions.get("pressed_again"))


class Visitor:
    """Somebody who is logged in and works through pages."""

    def __init__(
        self, url: str, username: str, password: str, way: httpx.BaseTransport | None = None
    ) -> None:
        # Over this many tries a busy server is no excuse any more.
        way = way or httpx.HTTPTransport(retries=3)
        self.http = httpx.Client(base_url=url, timeout=60, transport=way)
        answer = self.send("/masuk", {"username": username, "password": password})
        assert answer.status_code == 302, (username, answer.status_code)

    def page(self, path: str) -> str:
        """A page that must be there."""
        answer = self.http.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def form(self, path: str, fits: Callable[[Form], bool] = lambda form: True) -> Form:
        """The first form of a page that fits; its action is never empty."""
        for form in forms_of(self.page(path)):
            if not form.action.endswith(OF_EVERY_PAGE) and fits(form):
                form.action = form.action or path
                return form
        raise AssertionError(f"{path} has no such form")

    def send(self, path: str, told: Mapping[str, object], part: str = "") -> httpx.Response:
        """Fill in the form of a page (the one whose action has `part`) and send it."""
        form = self.form(path, lambda form: part in form.action and bool(form.values))
        return self.http.post(form.action, data=form.filled(told))


def forms_of(text: str) -> list[Form]:
    """The forms of a page, in order."""
    reader = _Forms()
    reader.feed(text)
    return reader.found
