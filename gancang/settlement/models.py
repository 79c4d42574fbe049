"""Lines held back, batches of payments, whom they pay for which lines, and what the bank said."""

from django.db import models

from gancang.accounts.models import User
from gancang.ledger.models import Transfer
from gancang.regions.models import Organisation, Region


class Hold(models.Model):
    """A line of a statement that somebody disputes: it is not paid until it is let go."""

    line = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=200)
    # Null: a receiver complained on his own page.
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line"],
                condition=models.Q(released_at=None),
                name="a_line_is_held_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.reason}"


class Batch(models.Model):
    """Payments that go to the bank in one file. Two people approve it first."""

    class State(models.TextChoices):
        """From the draft to the bank's answers."""

        DRAFT = "draft"
        APPROVED = "approved"
        SENT = "sent"
        PAID = "paid"
        DISCARDED = "discarded"

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    code = models.CharField(max_length=30, unique=True)
    month = models.CharField(max_length=7)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.code


class Approval(models.Model):
    """One of the two who stand for a batch."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="approvals")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "by"], name="nobody_approves_twice")
        ]

    def __str__(self) -> str:
        return f"{self.batch}: {self.by}"


class Payment(models.Model):
    """What one payee gets in one batch."""

    class State(models.TextChoices):
        """What the bank said of it; refused ones are paid in a later batch."""

        OPEN = "open"
        PAID = "paid"
        REFUSED = "refused"

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="payments")
    payee = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=30, unique=True)
    amount_rp = models.BigIntegerField()
    bank = models.CharField(max_length=60)
    account = models.CharField(max_length=40)
    holder = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    bank_reference = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_rp__gt=0), name="nobody_is_paid_zero")
        ]

    def __str__(self) -> str:
        return self.reference


class PaymentLine(models.Model):
    """A line of the book that a payment pays. It stands in one payment that is not refused."""

    payment = models.ForeignKey(Payment, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="payments")
    is_live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line"], condition=models.Q(is_live=True), name="a_line_is_paid_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.payment_id}: {self.line_id}"


class BankAnswer(models.Model):
    """A file of the bank that was read, and what was found in it."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    found = models.JSONField()  # how many rows met which fate

    def __str__(self) -> str:
        return self.name
