"""Letters waiting, sent and given up; how a region writes; to whom no letters go."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gancang.vault import BlindIndexField, SealedField

ADDRESSES = "outbox.address"


class Channel(models.TextChoices):
    """By what a letter travels."""

    SMS = "sms", _("SMS")
    WHATSAPP = "whatsapp", _("WhatsApp")
    EMAIL = "email", _("e-mail")


class State(models.TextChoices):
    """How far a letter is."""

    WAITING = "waiting", _("waits")
    SENT = "sent", _("sent")
    DELIVERED = "delivered", _("arrived")
    GIVEN_UP = "given_up", _("given up")
    TOLD = "told", _("told by phone")
    DROPPED = "dropped", _("not sent, on purpose")


class Letter(models.Model):
    """One letter to one person. `key` makes a repeated deed send it once."""

    region_code = models.CharField(max_length=20)
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)
    # The resident it is about, by number; 0 where it is about nobody.
    person = models.BigIntegerField(default=0)
    channel = models.CharField(max_length=10, choices=Channel)
    address = SealedField()
    body = SealedField()
    # What the body tells, by name, for the words of a region's own; JSON.
    told = SealedField(default="")
    # Its programme's own words by language, names in braces; {}: it has none for this letter.
    words = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, default="")
    gateway_number = models.CharField(max_length=120, default="")
    rounds = models.PositiveSmallIntegerField(default=0)  # how often it was sent again by hand
    cost_rp = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="letters_waiting",
                condition=models.Q(state="waiting"),
            ),
            models.Index(fields=["region_code", "subject"], name="letters_by_subject"),
            models.Index(fields=["region_code", "state", "-id"], name="letters_by_state"),
            # This month's letters counted, and what they cost.
            models.Index(
                fields=["region_code", "created_at"], name="letters_by_day", include=["state"]
            ),
            models.Index(
                fields=["region_code", "sent_at"], name="letters_by_sending", include=["cost_rp"]
            ),
            models.Index(
                fields=["gateway_number"],
                name="letters_by_gateway",
                condition=~models.Q(gateway_number=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Manner(models.Model):
    """How a region writes: its nights, what may disturb them, and words of its own. Of its pack."""

    region_code = models.CharField(max_length=20, unique=True)
    timezone = models.CharField(max_length=40)
    language = models.CharField(max_length=20)  # the commonest; of whoever named no other
    quiet_from = models.TimeField()
    quiet_until = models.TimeField()
    urgent = models.JSONField(default=list)  # kinds that leave at night too
    greetings = models.JSONField(default=dict)  # language -> greeting
    words = models.JSONField(default=list)  # [{kind, language, text}]

    def __str__(self) -> str:
        return f"letters of {self.region_code}"


class Addressee(models.Model):
    """What letters must know of a person: the language, and that he has died or may have."""

    person = models.BigIntegerField(unique=True)
    language = models.CharField(max_length=20, default="")
    died_at = models.DateTimeField(null=True)
    # Since when letters wait: he may be the same as somebody who has died.
    held_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"addressee {self.person}"


class Stopped(models.Model):
    """Somebody at this address wrote STOP: nothing but the essential goes there."""

    address = SealedField(default="")
    address_index = BlindIndexField(of="address", index=ADDRESSES, unique=True)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"stopped since {self.since}"


class Receipt(models.Model):
    """A gateway told what became of a letter; kept, since it may be quicker than our own note."""

    channel = models.CharField(max_length=10, choices=Channel)
    gateway_number = models.CharField(max_length=120)
    arrived = models.BooleanField()
    reason = models.CharField(max_length=60, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "gateway_number", "arrived"], name="one_receipt_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.gateway_number}"
