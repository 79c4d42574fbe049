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
        """What the bank said of it; what is refused or came back is paid in a later batch."""

        OPEN = "open"
        PAID = "paid"
        REFUSED = "refused"
        RETURNED = "returned"  # it was paid, and came back
        REPAID = "repaid"  # it came back, and a later payment paid it

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="payments")
    payee = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=30, unique=True)
    amount_rp = models.BigIntegerField()  # what the bank is to pay
    set_off_rp = models.BigIntegerField(default=0)  # what he owed back and keeps instead
    bank = models.CharField(max_length=60)
    account = models.CharField(max_length=40)
    holder = models.CharField(max_length=120)
    qris = models.CharField(max_length=15, default="")  # national merchant ID
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    bank_reference = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True)
    # Of what came back: what is not paid again, since its line was reversed, held or given back.
    taken_out_rp = models.BigIntegerField(default=0)
    # The payment that came back and that this one pays again; the lines stay with that one.
    repeats = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="repeated_by"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_rp__gte=0, set_off_rp__gte=0)
                & (models.Q(amount_rp__gt=0) | models.Q(set_off_rp__gt=0)),
                name="nobody_is_paid_nothing",
            ),
            models.CheckConstraint(
                condition=models.Q(taken_out_rp__gte=0, taken_out_rp__lte=models.F("amount_rp")),
                name="no_more_is_taken_out_than_came_back",
            ),
            models.UniqueConstraint(
                fields=["repeats"],
                condition=~models.Q(state="refused"),
                name="what_came_back_is_paid_again_once",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def left_rp(self) -> int:
        """Of what came back: what is to be paid again."""
        return self.amount_rp - self.taken_out_rp


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


class Recovery(models.Model):
    """What of a reversal came back: set off against a payment, or paid back by its payee.

    Planned with a draft, done when the bank has paid it.
    """

    reversal = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="recoveries")
    payment = models.ForeignKey(
        Payment, on_delete=models.CASCADE, null=True, related_name="recoveries"
    )
    amount_rp = models.BigIntegerField()
    reference = models.CharField(max_length=60, blank=True)  # of what he paid back, by his bank
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_rp__gt=0), name="nothing_comes_back_as_zero"
            ),
            # The same slip of the bank twice is one repayment.
            models.UniqueConstraint(
                fields=["reversal", "reference"],
                condition=models.Q(payment=None),
                name="a_repayment_counts_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reversal_id}: {self.amount_rp}"


class Correction(models.Model):
    """Somebody asks that a movement be taken back; above the pack's amount another decides."""

    class State(models.TextChoices):
        """What became of it."""

        ASKED = "asked"
        DONE = "done"
        REJECTED = "rejected"
        WITHDRAWN = "withdrawn"

    line = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="corrections")
    reason = models.CharField(max_length=200)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=200, blank=True)
    reversal = models.OneToOneField(
        Transfer, on_delete=models.PROTECT, null=True, related_name="correction"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line"],
                condition=models.Q(state__in=["asked", "done"]),
                name="a_line_is_corrected_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.reason}"


class Bounce(models.Model):
    """A payment came back after it was marked as paid; above the pack's amount another decides."""

    class State(models.TextChoices):
        """What became of it."""

        ASKED = "asked"
        DONE = "done"
        REJECTED = "rejected"

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="bounces")
    reason = models.CharField(max_length=200)
    document = models.CharField(max_length=60)  # the bank's own number, or that of its letter
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    # Somebody looked: the account is right as it is. Null: it waits for another account.
    account_seen_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reversal = models.OneToOneField(
        Transfer, on_delete=models.PROTECT, null=True, related_name="bounce"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["payment"],
                condition=models.Q(state__in=["asked", "done"]),
                name="a_payment_comes_back_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.payment_id}: {self.reason}"


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
