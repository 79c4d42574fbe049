"""Periodic jobs: where riders were is deleted, riding times are learned. (The name is fixed.)"""

from django.utils import timezone
from procrastinate.contrib.django import app

from gancang.dispatch import forgetting, learning
from gancang.regions.queries import list_regions


# Each hour, not each night: an office that switches its machine off at night keeps to the rule too.
@app.periodic(cron="20 * * * *")
@app.task(queueing_lock="forget_places", lock="forget_places", pass_context=False)
def forget_places(timestamp: int) -> int:
    """All regions, each by its own rule; `timestamp` is the scheduler's and plays no part."""
    del timestamp
    now = timezone.now()
    return sum(sum(forgetting.forget_places(region, now=now)) for region in list_regions())


# In the small hours all over the country, when nobody plans.
@app.periodic(cron="30 18 * * *")
@app.task(queueing_lock="fit_estimates", lock="fit_estimates", pass_context=False)
def fit_estimates(timestamp: int) -> int:
    """All regions; how many of them had trips to learn from."""
    del timestamp
    now = timezone.now()
    fits = (learning.fit_estimate(each, by="nightly fit", now=now) for each in list_regions())
    return sum(found is not None for found in fits)
