"""The job that seals yesterday's chain and draws who is asked again. (The name is fixed.)"""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from gancang.audit.actions import seal
from gancang.inspection.rechecking import draw_rechecks
from gancang.regions.queries import list_regions, today_in


# Each hour: a machine that was off at midnight seals when it is on again.
@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="seal_chains", lock="seal_chains", pass_context=False)
def seal_chains(timestamp: int) -> int:
    """Seal the day before, by each region's calendar; how many chains have a seal of it now."""
    del timestamp
    now = timezone.now()
    sealed = 0
    for region in list_regions():
        day = today_in(region, now) - timedelta(days=1)
        sealed += seal(region.code, day=day, now=now) is not None
        draw_rechecks(region, day=day)
    return sealed
