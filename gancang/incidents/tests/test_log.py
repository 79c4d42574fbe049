"""The log of incidents: reported, found, paged, and closed for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang.incidents.models import Incident
from gancang.vault.fields import SealedField
from tests.cast import assigned, at_work, client_of

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from tests.cast import Cast


def report(by: User, **changed: object) -> Incident:
    """Somebody reports what went wrong."""
    typed = {"kind": "accident", "what_happened": "Jatuh di tikungan, kantong utuh", **changed}
    answer = client_of(by).post("/incidents/new", typed)
    assert answer.status_code == 302, answer.content.decode()
    return Incident.objects.latest("pk")


def test_an_empty_log_says_what_it_is_for(cast: Cast) -> None:
    page = client_of(cast.operator).get("/incidents/").content.decode()
    assert "Belum ada kejadian" in page
    assert page.count("<h1>") == 1


def test_an_incident_is_reported_found_and_closed(cast: Cast) -> None:
    order = assigned(cast)
    made = report(cast.operator, order=order.code.lower(), rider=cast.rider.rider.pk)
    assert (made.order, made.stage, made.rider) == (order, "assigned", cast.rider.rider)
    assert isinstance(Incident._meta.get_field("what_happened"), SealedField)
    client = client_of(cast.operator)
    link = f'href="/incidents/{made.pk}"'
    for asked in (order.code, "toni", str(made.pk)):
        assert link in client.get("/incidents/", {"q": asked}).content.decode()
    assert link in client.get("/incidents/?kind=accident&state=open").content.decode()
    assert link not in client.get("/incidents/?kind=theft").content.decode()
    assert link not in client.get("/incidents/?q=\0zzz").content.decode()
    typed = {"text": "Pengantar dijahit, kantong dibawa pengantar lain"}
    assert client.post(f"/incidents/{made.pk}/close", typed).status_code == 302
    assert link not in client.get("/incidents/?state=open").content.decode()
    assert link in client.get("/incidents/?state=closed").content.decode()
    late = client.post(f"/incidents/{made.pk}/entries", {"kind": "done", "text": "lagi"})
    assert late.status_code == 409


def test_an_order_that_is_not_there_is_told_and_nothing_lost(cast: Cast) -> None:
    typed = {"kind": "theft", "order": "XX-1", "what_happened": "Tas hilang di pasar"}
    answer = client_of(cast.operator).post("/incidents/new", typed)
    assert answer.status_code == 400
    assert "Tas hilang di pasar" in answer.content.decode()
    assert not Incident.objects.exists()


def test_the_pharmacist_of_another_house_sees_nothing_of_it(cast: Cast) -> None:
    made = report(cast.pharmacist, order=assigned(cast).code)
    assert client_of(cast.pharmacist).get(f"/incidents/{made.pk}").status_code == 200
    stranger = client_of(cast.other_pharmacist)
    assert stranger.get(f"/incidents/{made.pk}").status_code == 404
    assert f"/incidents/{made.pk}" not in stranger.get("/incidents/").content.decode()


def test_the_log_is_paged(cast: Cast) -> None:
    at_work(cast, cast.rider)
    for number in range(52):
        report(cast.operator, what_happened=f"ke-{number}")
    page = client_of(cast.operator).get("/incidents/").content.decode()
    assert page.count('href="/incidents/') >= 50
    assert "after=" in page
