"""Periodic jobs of meals: who left, and checks that are late. (Procrastinate wants this name.)"""

from django.utils import timezone
from procrastinate.contrib.django import app

from gancang.regions.queries import list_regions
from gancang.servings.overdue import tell_of_overdue_checks
from gancang.servings.seating import stop_meals


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="stop_meals", lock="stop_meals", pass_context=False)
def stop_meals_of_who_left(timestamp: int) -> int:
    """Nobody cooks for whoever left or died; `timestamp` plays no part."""
    del timestamp
    return sum(stop_meals(region, now=timezone.now()) for region in list_regions())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="tell_of_overdue_checks", lock="tell_of_overdue_checks", pass_context=False)
def tell_of_checks_that_are_late(timestamp: int) -> int:
    """Officers know of whom nobody looked after in time; `timestamp` plays no part."""
    del timestamp
    return sum(tell_of_overdue_checks(region, now=timezone.now()) for region in list_regions())
