"""The periodic job that lets what is over lapse. (Procrastinate wants this name.)"""

from django.utils import timezone
from procrastinate.contrib.django import app

from gancang.regions.queries import list_regions
from gancang.vouchers.actions import lapse, warn


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="lapse_vouchers", lock="lapse_vouchers", pass_context=False)
def lapse_vouchers(timestamp: int) -> int:
    """Give what nobody took in time back to its budgets; `timestamp` plays no part."""
    del timestamp
    now = timezone.now()
    for region in list_regions():
        warn(region, now=now)
    return sum(lapse(region, now=timezone.now()) for region in list_regions())
