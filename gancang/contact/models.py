"""What patients write to us, and what others did for them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gancang.accounts.models import User
from gancang.contact.rules import Meaning
from gancang.orders.models import Order
from gancang.regions.models import Region
from gancang.vault import SealedField


class PatientMessage(models.Model):
    """One message of somebody, from a gateway or from the patient's page. Each is kept once."""

    class State(models.TextChoices):
        """Whether somebody must still answer it."""

        WAITS = "waits", _("waits for an answer")
        ANSWERED = "answered", _("answered")
        DONE = "done", _("done by itself")
        SET_ASIDE = "set_aside", _("needs no answer")

    # Null where the sender is unknown and more than one region might be meant.
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True)
    channel = models.CharField(max_length=10)
    number = models.CharField(max_length=120)  # the gateway's own
    sender = SealedField()
    body = SealedField()
    at = models.DateTimeField()
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True)
    meaning = models.CharField(
        max_length=10, choices=[(meaning.value, meaning.value) for meaning in Meaning]
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITS)
    why = models.CharField(max_length=40, default="")
    answer = SealedField(default="")
    answered_by = models.CharField(max_length=80, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "number"], name="one_message_a_number")
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="messages_to_answer",
                condition=models.Q(state="waits"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.number}"


class OnBehalf(models.Model):
    """Somebody at a desk did something for a patient who asked for it. Append-only."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="on_behalf")
    deed = models.CharField(max_length=20)
    by = models.ForeignKey(User, on_delete=models.PROTECT)
    role = models.CharField(max_length=20)
    # Who stood at the desk, and what he is to the patient.
    relation = models.CharField(max_length=20)
    name = SealedField(default="")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.deed} {self.order_id}"
