"""What somebody complains of, what was decided, and which money moved for it."""

from django.db import models

from gancang.complaints import rules
from gancang.ledger.models import Transfer
from gancang.regions.models import Region
from gancang.vault import SealedField


class Complaint(models.Model):
    """Something was wrong with an order, a case, a meal or a redemption. Never deleted."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    about = models.CharField(max_length=40)  # the code of what it is about
    programme_code = models.CharField(max_length=40)
    cause = models.CharField(max_length=10, choices=list(rules.CAUSES.items()))
    words = SealedField()
    channel = models.CharField(max_length=10, choices=list(rules.CHANNELS.items()))
    told_by = models.CharField(max_length=80)  # a log-in name; "receiver": by his own page
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=list(rules.STATES.items()), default=rules.OPEN)
    outcome = models.CharField(max_length=10, choices=list(rules.OUTCOMES.items()), default="")
    reason = SealedField(default="")
    decided_by = models.CharField(max_length=80, default="")
    decided_at = models.DateTimeField(null=True)
    brought_by = models.CharField(max_length=20, default="")  # the order that brings it again
    appeal = SealedField(default="")
    appealed_by = models.CharField(max_length=80, default="")
    appealed_at = models.DateTimeField(null=True)
    heard = SealedField(default="")
    heard_by = models.CharField(max_length=80, default="")
    heard_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "about"],
                condition=models.Q(state__in=[rules.OPEN, rules.APPEALED]),
                name="one_open_complaint_a_thing",
            )
        ]
        indexes = [models.Index(fields=["region", "state", "-id"], name="complaints_by_state")]

    def __str__(self) -> str:
        return f"complaint about {self.about}"


class Stake(models.Model):
    """A line of the book that hangs on a complaint: held while it is open."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="stakes")
    line = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="+")
    hold = models.BigIntegerField(null=True)  # null: it was on its way to the bank already

    def __str__(self) -> str:
        return f"line {self.line_id} of {self.complaint_id}"
