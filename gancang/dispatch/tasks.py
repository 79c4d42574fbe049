"""The periodic job that deletes where riders were. (Procrastinate wants this name.)"""

from django.utils import timezone
from procrastinate.contrib.django import app

from gancang.dispatch import forgetting
from gancang.regions.queries import list_regions


# Each hour, not each night: an office that switches its machine off at night keeps to the rule too.
@app.periodic(cron="20 * * * *")
@app.task(queueing_lock="forget_places", lock="forget_places", pass_context=False)
def forget_places(timestamp: int) -> int:
    """All regions, each by its own rule; `timestamp` is the scheduler's and plays no part."""
    del timestamp
    now = timezone.now()
    return sum(sum(forgetting.forget_places(region, now=now)) for region in list_regions())
