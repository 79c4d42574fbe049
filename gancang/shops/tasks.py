"""The periodic job that warns of papers before they end. (Procrastinate wants this name.)"""

from django.utils import timezone
from procrastinate.contrib.django import app

from gancang.regions.queries import list_regions
from gancang.shops.papers import warn


@app.periodic(cron="15 * * * *")
@app.task(queueing_lock="warn_of_shop_papers", lock="warn_of_shop_papers", pass_context=False)
def warn_of_shop_papers(timestamp: int) -> int:
    """Tell owners of papers that end; each once. `timestamp` plays no part."""
    del timestamp
    return sum(warn(region, now=timezone.now()) for region in list_regions())
