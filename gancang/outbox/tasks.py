"""The periodic job that sends letters. (Procrastinate looks for jobs in a module of this name.)"""

from django.utils import timezone
from procrastinate.contrib.django import app

from gancang.outbox import actions


@app.periodic(cron="* * * * * */3")
@app.task(queueing_lock="send_letters", lock="send_letters", pass_context=False)
def send_letters(timestamp: int) -> int:
    """Send what waits; `timestamp` is the scheduler's and plays no part."""
    del timestamp
    return actions.send_waiting(now=timezone.now())
