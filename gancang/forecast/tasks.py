"""The periodic job that looks how long budgets will last. (The name is fixed.)"""

from django.utils import timezone
from procrastinate.contrib.django import app

from gancang.forecast.actions import tell_of_ends, tell_of_successors
from gancang.regions.queries import list_regions


# Before offices open, all over the country.
@app.periodic(cron="10 21 * * *")
@app.task(queueing_lock="tell_of_ends", lock="tell_of_ends", pass_context=False)
def tell_of_budgets(timestamp: int) -> int:
    """All regions; of how many budget lines something was told."""
    del timestamp
    now = timezone.now()
    return sum(
        tell(region, by="daily forecast", now=now)
        for region in list_regions()
        for tell in (tell_of_ends, tell_of_successors)
    )
