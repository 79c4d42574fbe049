"""Funds, their budgets, the accounts that hold the money, and the transfers between them."""

from django.db import models

from gancang.accounts.models import User
from gancang.regions.models import Organisation, Region


class Fund(models.Model):
    """Somebody's money for the programmes: the hospital's own (BLUD), a company's gift (CSR)."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    owner = models.CharField(max_length=120)
    # Kept for others, as what buyers paid is for sellers: nobody plans with it.
    is_trust = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "code"], name="one_fund_a_code")]

    def __str__(self) -> str:
        return self.name


class Budget(models.Model):
    """What a fund gives to one programme in one year: a budget line."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT)
    programme = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    decree = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "programme", "year"], name="one_budget_a_programme_and_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.fund} {self.year}"


class Account(models.Model):
    """Where money stands. Its balance is always the sum of its transfers."""

    class Kind(models.TextChoices):
        """What money here is for. Only `granted`, `fares` and `buyers`, its sources, go below 0."""

        GRANTED = "granted"
        AVAILABLE = "available"
        RESERVED = "reserved"
        PAYABLE = "payable"
        PAID = "paid"  # what a bank says has reached a payee
        OWED_BACK = "owed_back"  # what reached a payee and was taken back since
        # What patients paid a fleet, and where that money is by now.
        FARES = "fares"
        IN_HAND = "in_hand"  # cash that a rider carries
        TILL = "till"  # at somebody's cashier, or on his bank account
        SHORT = "short"  # that a rider could not hand in and still owes
        LOST = "lost"  # that was missing and was written off
        # What buyers paid to shops by QRIS, and where that money is by now.
        BUYERS = "buyers"
        STRAY = "stray"  # came in, and it is not clear for what
        HELD = "held"  # with the gateway, for a shop
        PASSED = "passed"  # a shop has it

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind)
    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, null=True)
    payee = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True)
    holder = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    balance_rp = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "kind", "budget", "payee", "holder"],
                name="one_account_of_a_kind",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["granted", "fares", "buyers"])
                | models.Q(balance_rp__gte=0),
                name="nobody_spends_what_is_not_there",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=["granted", "available", "reserved"],
                    budget__isnull=False,
                    payee=None,
                    holder=None,
                )
                | models.Q(
                    kind__in=[
                        *["payable", "paid", "owed_back", "fares", "till", "lost"],
                        *["held", "passed"],
                    ],
                    budget=None,
                    payee__isnull=False,
                    holder=None,
                )
                | models.Q(kind__in=["buyers", "stray"], budget=None, payee=None, holder=None)
                # A rider's cash, and the fleet for which he took it.
                | models.Q(
                    kind__in=["in_hand", "short"],
                    budget=None,
                    payee__isnull=False,
                    holder__isnull=False,
                ),
                name="an_account_is_a_budgets_or_a_payees",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.budget or self.holder or self.payee or self.region_id}"


class Transfer(models.Model):
    """Money that moved from one account to another. Append-only."""

    class Kind(models.TextChoices):
        """Why money moved."""

        GRANT = "grant"
        RESERVE = "reserve"
        SETTLE = "settle"
        RELEASE = "release"
        PAY = "pay"  # the bank paid what was owed
        BOUNCE = "bounce"  # which came back: it is owed again
        CASH = "cash"  # a patient paid the rider in cash
        QRIS = "qris"  # a patient paid the fleet's bank account
        DEPOSIT = "deposit"  # a rider handed cash in
        SHORT = "short"  # what was missing when he did
        REPAY = "repay"  # what was missing and came in later
        WRITE_OFF = "write_off"  # what was missing and nobody will bring any more
        REFUND = "refund"  # a patient got back what he paid for what never came
        PASS_ON = "pass_on"  # a till gave a fleet the cash that riders handed in there
        REVERSE = "reverse"  # what was owed and not paid yet is owed no more
        OWE_BACK = "owe_back"  # what was paid is owed no more: its payee owes it
        SET_OFF = "set_off"  # what a payee owed back is kept by him for what he earned since
        RECOVER = "recover"  # what came back to its budget so, or by the bank
        REVISE = "revise"  # a document gave a budget more
        CUT = "cut"  # a document gave a budget less
        CARRY_OUT = "carry_out"  # what left a budget at the end of its year
        CARRY_IN = "carry_in"  # what came into the next year's
        RETURN = "return"  # what went back to its fund at the end of the year
        SALE = "sale"  # a buyer paid for a seller's goods
        UNSELL = "unsell"  # of which he gets some back
        BRING = "bring"  # a fleet brought the treasury what buyers paid for goods
        BUY = "buy"  # a buyer paid a shop's bill
        STRAY = "stray"  # money came in, and it is not clear for what
        ADOPT = "adopt"  # it became clear: it is a bill's
        GIVE_BACK = "give_back"  # a buyer got money back
        PAY_OUT = "pay_out"  # a shop got what was held for it

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind)
    source = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="given")
    target = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="taken")
    amount_rp = models.BigIntegerField()
    # The order, or the decree for a grant.
    about = models.CharField(max_length=60)
    # The same key twice is the same transfer: a repeat can't pay twice.
    key = models.CharField(max_length=120, unique=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    # Of what is set aside, paid or given back: against which day's ceilings it counts, and the
    # code of the village that the order goes to.
    charged_on = models.DateField(null=True)
    area = models.CharField(max_length=20, default="", blank=True)
    # The movement that this one takes back. None is taken back twice.
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="reversed_by"
    )

    class Meta:
        indexes = [
            models.Index(fields=["about"], name="transfers_by_order"),
            models.Index(fields=["region", "kind", "at"], name="transfers_by_month"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_rp__gt=0), name="money_moves_forward")
        ]

    def __str__(self) -> str:
        return self.key


class Drawn(models.Model):
    """What a budget set aside on a day for a district and did not get back: ceilings count it.

    A sum of transfers, kept so that no reservation has to read a year of them. Whoever changes it
    holds the budget's account; `gancang verify` recomputes it.
    """

    budget = models.ForeignKey(Budget, on_delete=models.PROTECT)
    day = models.DateField(null=True)  # None: set aside before days were kept
    area = models.CharField(max_length=20, default="", blank=True)
    amount_rp = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["budget", "day", "area"],
                name="one_sum_a_day_and_district",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.budget} {self.day} {self.area}"


class Period(models.Model):
    """A month of the book that two people close: no movement carries a date in it afterwards."""

    class State(models.TextChoices):
        """Asked by the first, closed by the second. There is no way back."""

        ASKED = "asked"
        CLOSED = "closed"

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    month = models.CharField(max_length=7)
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    differences = models.JSONField(default=list)  # each with the reason why it is left open
    totals = models.JSONField(default=dict)
    lines = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)  # of all its lines
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "month"], name="a_month_is_closed_once"),
            models.CheckConstraint(
                condition=models.Q(closed_by=None) | ~models.Q(closed_by=models.F("asked_by")),
                name="two_people_close_a_month",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.month}"


class Revision(models.Model):
    """A budget's amount as a dated, numbered document changed it (perubahan APBD)."""

    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, related_name="revisions")
    number = models.CharField(max_length=60)
    on = models.DateField()
    before_rp = models.BigIntegerField()
    after_rp = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["budget", "number"], name="a_document_changes_a_budget_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.budget}: {self.number}"


class YearEnd(models.Model):
    """The end of a fund's budget year: what was carried over or returned, by which document."""

    class State(models.TextChoices):
        """Asked by the first, done by the second."""

        ASKED = "asked"
        DONE = "done"

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="year_ends")
    year = models.PositiveSmallIntegerField()
    document = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    told = models.JSONField(default=dict)  # what it moved
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "year"],
                condition=models.Q(state="asked"),
                name="a_year_end_is_asked_once",
            ),
            models.CheckConstraint(
                condition=models.Q(done_by=None) | ~models.Q(done_by=models.F("asked_by")),
                name="two_people_end_a_year",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund} {self.year}"
