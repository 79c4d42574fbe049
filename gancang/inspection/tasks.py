"""The periodic job that seals yesterday's chain. (Procrastinate looks for jobs in this name.)"""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from gancang.audit.actions import seal
from gancang.regions.queries import list_regions, today_in


# Each hour: a machine that was off at midnight seals when it is on again.
@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="seal_chains", lock="seal_chains", pass_context=False)
def seal_chains(timestamp: int) -> int:
    """Seal the day before, by each region's calendar; how many chains have a seal of it now."""
    del timestamp
    now = timezone.now()
    regions = list_regions()
    seals = [seal(r.code, day=today_in(r, now) - timedelta(days=1), now=now) for r in regions]
    return sum(found is not None for found in seals)
