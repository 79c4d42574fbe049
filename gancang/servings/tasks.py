"""The periodic job that takes people off rounds. (Procrastinate wants this name.)"""

from django.utils import timezone
from procrastinate.contrib.django import app

from gancang.regions.queries import list_regions
from gancang.servings.seating import stop_meals


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="stop_meals", lock="stop_meals", pass_context=False)
def stop_meals_of_who_left(timestamp: int) -> int:
    """Nobody cooks for whoever left or died; `timestamp` plays no part."""
    del timestamp
    return sum(stop_meals(region, now=timezone.now()) for region in list_regions())
