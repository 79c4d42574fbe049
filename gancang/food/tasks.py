"""Rings again and ends what nobody answers. (Procrastinate wants this name.)"""

from django.utils import timezone
from procrastinate.contrib.django import app

from gancang.food.actions import watch_over
from gancang.regions.queries import list_regions


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="watch_over_food", lock="watch_over_food", pass_context=False)
def watch_over_orders(timestamp: int) -> int:
    """Nobody waits for a kitchen that does not answer; `timestamp` plays no part."""
    del timestamp
    return sum(watch_over(region, now=timezone.now()) for region in list_regions())
