"""Letters waiting, sent and given up."""

from django.db import models

from gancang.vault import SealedField


class Channel(models.TextChoices):
    """By what a letter travels."""

    SMS = "sms"
    WHATSAPP = "whatsapp"
    EMAIL = "email"


class State(models.TextChoices):
    """How far a letter is."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"


class Letter(models.Model):
    """One letter to one person. `key` makes a repeated deed send it once."""

    region_code = models.CharField(max_length=20)
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, choices=Channel)
    address = SealedField()
    body = SealedField()
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="letters_waiting",
                condition=models.Q(state="waiting"),
            ),
            models.Index(fields=["region_code", "subject"], name="letters_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
