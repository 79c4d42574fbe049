"""Who may tell positions is asked for many riders at once, and is the same as asked one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from gancang.accounts.models import Membership, Role
from gancang.accounts.sessions import end_all
from gancang.live.visitors import find_riders, find_visitor
from tests.cast import client_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import DjangoAssertNumQueries

    from gancang.accounts.models import User
    from tests.cast import Cast


def session_of(user: User) -> str:
    return client_of(user).session.session_key or ""


def test_of_many_sessions_the_riders_are_found_in_few_questions(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    riders = [session_of(cast.rider) for _phone in range(5)]
    others = [session_of(cast.operator), session_of(cast.clerk), "unknown", ""]
    with django_assert_num_queries(3):  # sessions, memberships, regions
        found = find_riders([*riders, *others])
    assert set(found) == set(riders)
    assert {one.user_id for one in found.values()} == {cast.rider.pk}


def ended(user: User, _session: str) -> None:
    end_all(user)


def run_out(_user: User, session: str) -> None:
    Session.objects.filter(pk=session).update(expire_date=timezone.now())


def let_go(user: User, _session: str) -> None:
    user.is_active = False
    user.save()


def new_password(user: User, _session: str) -> None:
    user.set_password("jalan-baru-ke-ijen")
    user.save()


def no_rider_any_more(user: User, _session: str) -> None:
    Membership.objects.filter(user=user).update(role=Role.OPERATOR)


@pytest.mark.parametrize("happened", [ended, run_out, let_go, new_password, no_rider_any_more])
def test_who_is_kept_out_one_by_one_is_kept_out_among_many(
    cast: Cast, happened: Callable[[User, str], None]
) -> None:
    session = session_of(cast.rider)
    assert find_visitor(session).why_not(Role.RIDER) is None
    assert set(find_riders([session])) == {session}
    happened(cast.rider, session)
    assert find_visitor(session).why_not(Role.RIDER) is not None
    assert not find_riders([session])
