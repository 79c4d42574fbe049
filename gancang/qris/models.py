"""Bills paid by QRIS, what gateways told of them, and what did not agree."""

from django.db import models

from gancang.accounts.models import User
from gancang.qris import rules
from gancang.regions.models import Organisation, Region


class ShopCode(models.Model):
    """The QRIS code that hangs on a shop's wall, as its bank gave it. The newest one counts."""

    shop = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="qris_codes")
    payload = models.CharField(max_length=512)
    merchant = models.CharField(max_length=25)
    city = models.CharField(max_length=15, default="")
    nmid = models.CharField(max_length=15, default="")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop"],
                condition=models.Q(ended_at=None),
                name="one_qris_code_a_shop",
            )
        ]

    def __str__(self) -> str:
        return f"{self.shop_id}: {self.merchant}"


class Bill(models.Model):
    """What one buyer is to pay to one shop, until when. Paid once, whatever comes in."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    code = models.CharField(max_length=20, unique=True)
    # Which capability opened it, and for what: it asks `queries.outcomes_for` what became of it.
    opener = models.CharField(max_length=20)
    about = models.CharField(max_length=40)
    shop = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    amount_rp = models.PositiveBigIntegerField()
    # A gateway's name, or `shop`: paid to the shop's own code.
    way = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=list(rules.STATES.items()), default=rules.MADE)
    payload = models.CharField(max_length=512, default="")
    payment = models.CharField(max_length=64, default="")  # the gateway's number of what paid it
    opened_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    # When the gateway is asked next, and how often it was.
    ask_at = models.DateTimeField(null=True)
    asked = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["opener", "about"],
                condition=models.Q(state__in=rules.LIVE),
                name="one_living_bill_for_one_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(amount_rp__gt=0), name="a_bill_asks_for_something"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[rules.PAID, rules.REFUNDED])
                | models.Q(paid_at__isnull=False),
                name="a_paid_bill_says_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["ask_at"],
                name="bills_to_ask_about",
                condition=models.Q(state__in=rules.OPEN),
            ),
            models.Index(fields=["region", "-id"], name="bills_of_region"),
            models.Index(fields=["shop", "-id"], name="bills_of_shop"),
        ]

    def __str__(self) -> str:
        return self.code


class Notice(models.Model):
    """What a gateway told, by itself or when asked, and what came of it. Append-only.

    The same word again is no second row: `digest` is of what was told, not of the letter.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    gateway = models.CharField(max_length=20)
    reference = models.CharField(max_length=64)  # the bill that it names, ours or not
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, null=True, related_name="notices")
    payment = models.CharField(max_length=64)
    status = models.CharField(max_length=10)
    amount_rp = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64)
    was_asked = models.BooleanField(default=False)  # told because we asked
    found = models.CharField(max_length=10)
    brings_money = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gateway", "digest"], name="one_notice_a_word"),
            models.UniqueConstraint(
                fields=["gateway", "payment"],
                condition=models.Q(brings_money=True),
                name="a_payment_brings_money_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.payment}: {self.status}"


class Mismatch(models.Model):
    """Payment and bill do not agree, or a buyer is to have money back: a person decides."""

    class State(models.TextChoices):
        """Open until somebody decides; two decide where it is much."""

        OPEN = "open"
        ASKED = "asked"  # one person wants it, another must stand for it
        SENDING = "sending"  # the gateway is asked to give it back
        REFUNDED = "refunded"
        ACCEPTED = "accepted"
        CLOSED = "closed"  # found out, and no money to move

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, null=True, related_name="mismatches")
    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, null=True)
    problem = models.CharField(max_length=20)
    amount_rp = models.PositiveBigIntegerField(default=0)
    where = models.CharField(max_length=6, default="")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    wanted = models.CharField(max_length=10, default="")  # refund or accept, where one is asked
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reference = models.CharField(max_length=64, default="")  # by which it went back
    ask_at = models.DateTimeField(null=True)
    asked = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(asked_by=None)
                | models.Q(decided_by=None)
                | ~models.Q(decided_by=models.F("asked_by")),
                name="two_people_move_much",
            ),
            models.UniqueConstraint(
                fields=["bill"],
                condition=models.Q(problem="asked_back"),
                name="a_bill_is_asked_back_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["region", "-id"],
                name="mismatches_open",
                condition=models.Q(ended_at=None),
            ),
            models.Index(
                fields=["ask_at"],
                name="mismatches_to_send",
                condition=models.Q(state="sending"),
            ),
        ]

    def __str__(self) -> str:
        return self.receipt

    @property
    def receipt(self) -> str:
        """The number by which people speak of it."""
        return f"Q-{self.pk:06}"


class MismatchNote(models.Model):
    """What somebody did or found out about a mismatch. Append-only."""

    mismatch = models.ForeignKey(Mismatch, on_delete=models.PROTECT, related_name="notes")
    deed = models.CharField(max_length=10)
    text = models.CharField(max_length=200, default="")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.mismatch_id}: {self.deed}"


class Outcome(models.Model):
    """What became of a bill, for the capability that opened it: it takes each once."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="outcomes")
    opener = models.CharField(max_length=20)
    became = models.CharField(max_length=10)
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["opener", "id"],
                name="outcomes_to_take",
                condition=models.Q(taken_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.bill_id}: {self.became}"


class PayOut(models.Model):
    """A treasurer gave a shop all that was held for it. Append-only."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    shop = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    amount_rp = models.PositiveBigIntegerField()
    reference = models.CharField(max_length=40)  # of the bank's transfer
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "reference"], name="one_pay_out_a_reference")
        ]

    def __str__(self) -> str:
        return self.receipt

    @property
    def receipt(self) -> str:
        """The number on the shop's receipt."""
        return f"U-{self.pk:06}"
