"""A draft of the stories, and the worker that tries it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from gancang.medicine.actions import PROGRAMME
from gancang.programmes import trials
from gancang.programmes.models import Draft
from tests.cast import client_of

if TYPE_CHECKING:
    from gancang.accounts.models import User
    from tests.cast import Cast

NO_CARD = "person.pbi_active == false"


def changed_draft(cast: Cast, **told: object) -> Draft:
    """The next version of the stories' programme: today's card lets nobody in any more."""
    client_of(cast.officer).post(f"/programmes/{PROGRAMME}/change")
    draft = Draft.objects.latest("pk")
    rules = [{**draft.told["clause"][0], "when": NO_CARD}, *draft.told["clause"][1:]]
    Draft.objects.filter(pk=draft.pk).update(told={**draft.told, "clause": rules, **told})
    draft.refresh_from_db()
    return draft


def asked(user: User, draft: Draft, times: int | str = 1) -> str:
    """Somebody asks for a trial; what he reads then."""
    url = f"/programmes/drafts/{draft.pk}/trial/ask"
    return client_of(user).post(url, {"times": times}, follow=True).content.decode()


def worked_off() -> int:
    """The worker does the trials that wait in its queue; how many it did."""
    jobs = ProcrastinateJob.objects.filter(task_name="gancang.programmes.tasks.try_draft")
    assert "gancang.programmes.tasks.try_draft" in app.tasks
    for job in jobs:
        trials.run(job.args["number"], go_on=lambda: None, clock=timezone.now)
    return len(jobs)


def tried(user: User, draft: Draft) -> str:
    """Asked for, and done by the worker; what the page says."""
    asked(user, draft)
    worked_off()
    draft.refresh_from_db()
    return client_of(user).get(f"/programmes/drafts/{draft.pk}/trial").content.decode()
