"""Rings again and ends what nobody answers. (Procrastinate wants this name.)"""

from django.utils import timezone
from procrastinate.contrib.django import app

from gancang.food.actions import watch_over
from gancang.food.paying import take_outcomes
from gancang.regions.queries import list_regions


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="watch_over_food", lock="watch_over_food", pass_context=False)
def watch_over_orders(timestamp: int) -> int:
    """Nobody waits for a kitchen that does not answer; `timestamp` plays no part."""
    del timestamp
    return sum(watch_over(region, now=timezone.now()) for region in list_regions())


@app.periodic(cron="* * * * * */2")
@app.task(queueing_lock="take_paid_orders", lock="take_paid_orders", pass_context=False)
def take_paid_orders(timestamp: int) -> int:
    """A kitchen begins within seconds of the payment; `timestamp` plays no part."""
    del timestamp
    return take_outcomes(now=timezone.now())
