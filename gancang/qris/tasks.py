"""The periodic job that asks gateways. (Procrastinate looks for jobs in a module of this name.)"""

from django.utils import timezone
from procrastinate.contrib.django import app

from gancang.qris.asking import go_round


@app.periodic(cron="* * * * * */2")
@app.task(queueing_lock="ask_gateways", lock="ask_gateways", pass_context=False)
def ask_gateways(timestamp: int) -> int:
    """Ask gateways for what is due; `timestamp` is the scheduler's and plays no part."""
    del timestamp
    return go_round(now=timezone.now())
