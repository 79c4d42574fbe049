"""The periodic job that calls cases off. (Procrastinate wants this name.)"""

from django.utils import timezone
from procrastinate.contrib.django import app

from gancang.fulfilment.stopping import stop_cases
from gancang.regions.queries import list_regions


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="stop_cases", lock="stop_cases", pass_context=False)
def stop_cases_of_who_left(timestamp: int) -> int:
    """Nobody drives to whoever left or died; `timestamp` plays no part."""
    del timestamp
    return sum(stop_cases(region, now=timezone.now()) for region in list_regions())
