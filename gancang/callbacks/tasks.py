"""The job that tells of receivers whom nobody reached in time. (Procrastinate wants this name.)"""

from django.utils import timezone
from procrastinate.contrib.django import app

from gancang.callbacks.actions import tell_of_overdue
from gancang.regions.queries import list_regions


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="tell_of_overdue_calls", lock="tell_of_overdue_calls", pass_context=False)
def tell_of_overdue_calls(timestamp: int) -> int:
    """All regions; of how many calls it was told. `timestamp` plays no part."""
    del timestamp
    return sum(tell_of_overdue(region, now=timezone.now()) for region in list_regions())
