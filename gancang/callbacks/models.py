"""Receivers who are rung before anybody is paid, and each call."""

from django.db import models

from gancang.accounts.models import User
from gancang.callbacks import rules
from gancang.programmes.models import Programme
from gancang.regions.models import Organisation, Region
from gancang.residents.models import Resident
from gancang.vault import SealedField


class Callback(models.Model):
    """A carrier says that it is done: until its receiver says so too, nobody is paid for it."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    about = models.CharField(max_length=20)  # the code of the order or case
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT)
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT)
    carried_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)  # calls that nobody answered
    tries_max = models.PositiveSmallIntegerField()
    again_at = models.DateTimeField(null=True)  # not before, after a call in vain
    told_at = models.DateTimeField(null=True)  # since when who is in charge knows that it is late
    state = models.CharField(max_length=10, choices=list(rules.STATES.items()), default=rules.OPEN)
    reason = SealedField(default="")  # of who decided without an answer
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "about"], name="one_callback_a_thing")
        ]
        indexes = [
            models.Index(
                fields=["region", "due_at", "id"],
                name="callbacks_to_ring",
                condition=models.Q(state=rules.OPEN),
            )
        ]

    def __str__(self) -> str:
        return f"callback about {self.about}"


class Ring(models.Model):
    """One call, and what was said. Append-only."""

    callback = models.ForeignKey(Callback, on_delete=models.PROTECT, related_name="rings")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.CharField(max_length=12, choices=list(rules.ANSWERS.items()))
    note = SealedField(default="")

    def __str__(self) -> str:
        return f"{self.answer} {self.callback_id}"
