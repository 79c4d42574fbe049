"""The menu in the header: what it offers opens, and it says where one is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from gancang.accounts.models import Role
from gancang.navigation import HEADINGS, MENUS
from tests.cast import client_of

if TYPE_CHECKING:
    from tests.cast import Cast

ROLES = sorted(MENUS, key=str)


def test_everybody_has_a_menu() -> None:
    assert set(MENUS) == set(Role)


@pytest.mark.parametrize("role", ROLES)
def test_every_entry_opens_for_its_role_and_is_marked_where_it_leads(cast: Cast, role: str) -> None:
    client = client_of(cast.of(role))
    for name, label in MENUS[Role(role)]:
        page = client.get(reverse(name)).content.decode().partition("</header>")[0]
        current = re.findall(r'<a href="([^"]+)" aria-current="page">([^<]+)<', page)
        assert {url for url, _word in current} == {reverse(name)}, (role, str(label))


@pytest.mark.parametrize("role", ROLES)
def test_no_two_entries_of_a_menu_are_called_the_same(cast: Cast, role: str) -> None:
    client = client_of(cast.of(role))
    page = client.get(reverse("accounts:own_password")).content.decode()
    shown = page[page.index('<ul class="menu">') : page.index("</ul>")]
    behind = page.partition('class="menu-panel"')[2].partition("</details>")[0] or shown
    words = re.findall(r'<a href="[^"]+">([^<]+)<', behind)
    assert len(words) == len(set(words)) == len(MENUS[Role(role)])


@pytest.mark.parametrize("role", ROLES)
def test_every_entry_stands_under_a_heading(role: str) -> None:
    for name, _label in MENUS[Role(role)]:
        assert name in HEADINGS or name.partition(":")[0] in HEADINGS, name


def test_a_page_behind_the_menu_is_marked_on_the_button_too(cast: Cast) -> None:
    last = MENUS[Role.COUNTER_CLERK][-1][0]
    page = client_of(cast.clerk).get(reverse(last)).content.decode()
    assert '<summary class="current">' in page
    assert (
        '<summary class="current">'
        not in client_of(cast.clerk).get("/medicine/new").content.decode()
    )
