"""Every page of every role, empty, full and with mistakes: readable, reachable, and by all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import looks, stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from tests.browser.conftest import Visit

Scenes = dict[str, "Callable[[Page], object]"]


def at(address: str) -> Callable[[Page], object]:
    """Open an address."""
    return lambda page: page.goto(address)


def sent(address: str, form: str, **typed: str) -> Callable[[Page], object]:
    """Open an address and send a form as it is, or with what is typed; it comes back."""

    def send(page: Page) -> None:
        page.goto(address)
        for name, text in typed.items():
            page.fill(f"{form} [name={name}]", text)
        # Browsers hold back what is plainly unfinished; the server must answer it well, too.
        page.eval_on_selector(form, "form => { form.noValidate = true; }")
        with page.expect_navigation():
            page.locator(f"{form} {stage.SENDS}").first.click()

    return send


def strangers() -> Scenes:
    return {
        "first page": at("/"),
        "log-in": at("/masuk"),
        "wrong password": sent("/masuk", "main form", username="wati", password="salah-sekali"),
        "no such page": at("/tidak-ada"),
        "no such link": at("/o/salah"),
        "for partners": at("/api/v1/docs"),
    }


def clerks(code: str) -> Scenes:
    return {
        "new prescription": at("/medicine/new"),
        "nobody of that name": sent("/medicine/new", "form.search", find="tidak-ada-orangnya"),
        "somebody of that name": sent("/medicine/new", "form.search", find="Sari"),
        "nothing typed": sent("/medicine/new", "main form.card"),
        "orders": at("/medicine/orders"),
        "no orders": at("/medicine/orders?q=tidak-ada"),
        "an order": at(f"/medicine/orders/{code}"),
        "call off": at(f"/dispatch/orders/{code}/cancel"),
        "call off without a word": sent(f"/dispatch/orders/{code}/cancel", "main form"),
        "the story": at(f"/overview/orders/{code}"),
        "not for her": at("/dispatch/board"),
        "somebody else's": at("/medicine/orders/XX-0000"),
        "my account": at("/accounts/password"),
        "no new password": sent("/accounts/password", "main form"),
    }


def pharmacists(code: str) -> Scenes:
    return {
        "queue": at("/medicine/queue"),
        "end of the queue": at("/medicine/queue?after=x"),
        "release": at(f"/medicine/orders/{code}"),
        "nothing ticked": sent(f"/medicine/orders/{code}", "form[action$='/review']"),
    }


def operators(code: str) -> Scenes:
    return {
        "board": at("/dispatch/board"),
        "closed roads": at("/dispatch/roads"),
        "a decree without a word": sent("/dispatch/roads", "main form.card"),
        "by hand": at(f"/dispatch/orders/{code}/assign"),
        "without a reason": sent(f"/dispatch/orders/{code}/assign", "main form"),
        "riders": at("/fleet/riders"),
        "no such rider": at("/fleet/riders?q=tidak-ada"),
        "new rider": at("/fleet/riders/new"),
        "a rider": open_first("/fleet/riders", "tbody a"),
        "change a rider": open_first("/fleet/riders", "tbody a", "a[href$='/change']"),
    }


def open_first(*path: str) -> Callable[[Page], object]:
    """Open an address, then the first of each kind of link."""

    def go(page: Page) -> None:
        address, *links = path
        page.goto(address)
        for link in links:
            with page.expect_navigation():
                page.locator(link).first.click()

    return go


def treasurers(code: str) -> Scenes:
    return {
        "book": at("/overview/book"),
        "nothing in that month": at("/overview/book?month=2001-01"),
        "no month": at("/overview/book?month=bulan"),
        "statement": at("/overview/statement"),
        "empty statement": at("/overview/statement?month=2001-01"),
        "no month to state": at("/overview/statement?month=bulan"),
        "budgets": at("/overview/budgets"),
        "the proof": at(f"/overview/orders/{code}#proof"),
    }


def auditors() -> Scenes:
    return {
        "events": at("/overview/events"),
        "recomputed": sent("/overview/events", "main form"),
        "readings": at("/overview/readings"),
    }


def admins(forgetful: str) -> Scenes:
    return {
        "people": at("/accounts/people"),
        "nobody": at("/accounts/people?q=tidak-ada"),
        "no name": sent("/accounts/people", "main form[method=post]"),
        "a person": at("/accounts/people/toni"),
        "tokens": at("/accounts/tokens"),
        "no token": sent("/accounts/tokens", "main form[method=post]"),
        "new password": sent(f"/accounts/people/{forgetful}", "form[action$='/password']"),
    }


def riders(fetched: str, to_fetch: str) -> Scenes:
    return {
        "work": at("/dispatch/rider"),
        "to fetch": at(f"/dispatch/rider/orders/{to_fetch}"),
        "another bag": sent(
            f"/dispatch/rider/orders/{to_fetch}", "main .card form", bag_code="BUKAN-INI"
        ),
        "at the door": at(f"/dispatch/rider/orders/{fetched}"),
        "hand over": at(f"/medicine/orders/{fetched}/hand-over"),
        "wrong date": sent(f"/medicine/orders/{fetched}/hand-over", "#door", factor="01-01-1900"),
        "it does not work": at(f"/dispatch/rider/orders/{fetched}/fail"),
        "no reason": sent(f"/dispatch/rider/orders/{fetched}/fail", "main form"),
        "twice": sent("/dispatch/rider", "form[action$='/shift/end']"),
    }


def look(page: Page, scenes: Scenes) -> None:
    """Every scene, and all that is wrong with any of them."""

    def faults() -> Iterator[str]:
        for name, go in scenes.items():
            page.set_viewport_size({"width": 1280, "height": 800})
            go(page)
            yield from (f"{name} ({page.url}): {fault}" for fault in looks.faults_of(page))

    found = list(faults())
    assert not found, "\n".join(found)


@pytest.fixture
def released(visit: Visit) -> str:
    """The code of an order that waits for a rider."""
    code = stage.place(visit("wati"))
    stage.release(visit("rini"), code)
    return code


def test_strangers_see_good_pages(visit: Visit) -> None:
    look(visit(), strangers())


def test_the_counter_has_good_pages(visit: Visit, released: str) -> None:
    look(visit("wati"), clerks(released))


def test_the_pharmacy_has_good_pages(visit: Visit) -> None:
    look(visit("rini"), pharmacists(stage.place(visit("wati"))))


def test_operators_have_good_pages(visit: Visit, released: str) -> None:
    stage.begin_shift(visit("toni", width=360))
    look(visit("yanti"), operators(released))


def test_riders_have_good_pages(visit: Visit, released: str) -> None:
    rider, operator = visit("toni", width=360), visit("yanti")
    stage.begin_shift(rider)
    stage.assign(operator, released, "Toni")
    stage.collect(rider, released, released)
    second = stage.place(visit("wati"))
    stage.release(visit("rini"), second)
    stage.assign(operator, second, "Toni")
    look(rider, riders(released, second))


def test_the_treasurer_the_auditor_and_the_admin_have_good_pages(
    visit: Visit, released: str
) -> None:
    rider = visit("toni", width=360)
    stage.begin_shift(rider)
    stage.assign(visit("yanti"), released, "Toni")
    stage.collect(rider, released, released)
    stage.hand_over(rider, released)
    look(visit("hadi"), treasurers(released))
    look(visit("lestari"), auditors())
    admin = visit("bagus")
    look(admin, admins(stage.hire(admin)))


BAD_PAGE = """<!doctype html><html lang="id"><head><title>Buruk</title></head><body><main>
<h1>Satu</h1><h1>Dua</h1><form><input name="x"><a href="/x">Kembali</a><button>Kirim</button></form>
<pre>baris yang sangat panjang baris yang sangat panjang baris yang sangat panjang</pre>
<p style="color:#aaa;background:#fff">Pucat</p></main></body></html>"""


def test_a_bad_page_is_seen_to_be_bad(visit: Visit) -> None:
    page = visit()
    page.set_content(BAD_PAGE)
    found = "\n".join(looks.faults_of(page))
    for fault in ("2 <h1>", "label: ", "color-contrast: ", "too wide", "too small"):
        assert fault in found, found
    seen = "\n".join(looks.faults_at_a_glance(page))
    for fault in ("2 <h1>", "no label", "too small", "no way past the menu"):
        assert fault in seen, seen
