"""The periodic job that answers those who forgot a password. (Procrastinate wants this name.)"""

from django.utils import timezone
from procrastinate.contrib.django import app

from gancang.accounts import forgotten


@app.periodic(cron="* * * * * */5")
@app.task(queueing_lock="answer_forgotten", lock="answer_forgotten", pass_context=False)
def answer_forgotten(timestamp: int) -> int:
    """Write to whom exists; `timestamp` is the scheduler's and plays no part."""
    del timestamp
    return forgotten.answer_waiting(now=timezone.now())
