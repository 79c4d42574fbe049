"""The job that tries a draft on the registry. (Procrastinate looks for jobs in this module.)"""

from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted

from gancang.programmes import trials


# One at a time of all: beside it, the worker has letters to send. Broken off by a stop of the
# server, it is done from the beginning when the server runs again.
@app.task(lock="try_draft", pass_context=True, retry=RetryStrategy(retry_exceptions=[JobAborted]))
def try_draft(context: JobContext, number: int) -> str:
    """Try one draft; how the trial ended."""

    def go_on() -> None:
        if context.should_abort():
            raise JobAborted

    try:
        return trials.run(number, go_on=go_on, clock=timezone.now)
    except JobAborted:
        raise
    except Exception:  # whatever it was: the page must not wait for ever
        trials.give_up(number, now=timezone.now())
        raise
