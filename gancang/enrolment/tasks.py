"""The periodic job that does what days have decided. (Procrastinate wants this name.)"""

from django.utils import timezone
from procrastinate.contrib.django import app

from gancang.enrolment.deciding import lapse
from gancang.enrolment.needs import escalate
from gancang.regions.queries import list_regions


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="lapse_enrolments", lock="lapse_enrolments", pass_context=False)
def lapse_enrolments(timestamp: int) -> int:
    """Close what was never completed and overrides past their day; `timestamp` plays no part."""
    del timestamp
    return sum(lapse(region, now=timezone.now()) for region in list_regions())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="escalate_needs", lock="escalate_needs", pass_context=False)
def escalate_needs(timestamp: int) -> int:
    """Tell on reports that nobody answered in time; `timestamp` plays no part."""
    del timestamp
    return sum(escalate(region, now=timezone.now()) for region in list_regions())
