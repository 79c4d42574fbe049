"""Who eats, which stalls cook, their exceptions, the rounds of a day, and checks of welfare."""

from datetime import datetime

from django.db import models

from gancang.accounts.models import User
from gancang.enrolment.models import Enrolment
from gancang.programmes.models import Programme
from gancang.regions.models import Organisation, Region, Village
from gancang.residents.models import Resident
from gancang.servings import rules
from gancang.vault import SealedField


class Diner(models.Model):
    """Somebody who eats by the calendar, under the programme version that let him in."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT)
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT)
    # By which he is in, with version and rule; null: of before its programme enrolled.
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, null=True)
    clause = models.CharField(max_length=60)
    meals = models.JSONField()  # codes of the meals of the day
    diet = SealedField(default="")
    first = models.DateField()
    last = models.DateField(null=True)
    added_by = models.CharField(max_length=80)
    added_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["region", "programme", "id"], name="diners_of_programme")]

    def __str__(self) -> str:
        return f"diner {self.pk}"


class Stall(models.Model):
    """A kitchen that cooks for a programme, and how many meals at once."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    programme_code = models.CharField(max_length=40)
    kitchen = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    capacity = models.PositiveSmallIntegerField()
    added_by = models.CharField(max_length=80)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kitchen", "programme_code"], name="one_stall_a_kitchen_and_programme"
            )
        ]

    def __str__(self) -> str:
        return f"stall {self.pk}"


class Away(models.Model):
    """An exception of a diner: he does not eat from a first to a last day. One row, one tick."""

    diner = models.ForeignKey(Diner, on_delete=models.PROTECT, related_name="gaps")
    first = models.DateField()
    last = models.DateField()
    meal = models.CharField(max_length=20, default="")
    why = SealedField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"away {self.diner_id}"


class Shut(models.Model):
    """An exception of a stall: it does not cook from a first to a last day."""

    stall = models.ForeignKey(Stall, on_delete=models.PROTECT, related_name="gaps")
    first = models.DateField()
    last = models.DateField()
    reason = models.CharField(max_length=200)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"shut {self.stall_id}"


class MealRound(models.Model):
    """One courier's round from one stall with one meal."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT)
    stall = models.ForeignKey(Stall, on_delete=models.PROTECT)
    courier = models.ForeignKey(User, on_delete=models.PROTECT)
    fleet = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    day = models.DateField()
    meal = models.CharField(max_length=20)
    leaves_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["region", "day", "id"], name="meal_rounds_by_day")]

    def __str__(self) -> str:
        return f"round {self.pk}"


class Serving(models.Model):
    """One meal to one door, a stop of a round. Only of rounds that are ridden, never of a year."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    code = models.CharField(max_length=20, unique=True)
    round = models.ForeignKey(MealRound, on_delete=models.PROTECT, related_name="servings")
    diner = models.ForeignKey(Diner, on_delete=models.PROTECT, related_name="servings")
    day = models.DateField()
    meal = models.CharField(max_length=20)
    place = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    meal_rp = models.PositiveIntegerField()
    stop_rp = models.PositiveIntegerField()
    state = models.CharField(
        max_length=10, choices=list(rules.STATES.items()), default=rules.PLANNED
    )
    proof = models.CharField(max_length=12, default="")  # the level by which he was seen
    reason = SealedField(default="")  # why not seen, or why not by the first level
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    ticked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ticked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["diner", "day", "meal"],
                condition=~models.Q(state=rules.CALLED_OFF),
                name="one_serving_a_meal",
            )
        ]
        indexes = [models.Index(fields=["diner", "-id"], name="servings_of_diner")]

    def __str__(self) -> str:
        return self.code


class Welfare(models.Model):
    """Somebody was not seen again and again: the village looks after him, and answers."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    diner = models.ForeignKey(Diner, on_delete=models.PROTECT)
    village = models.ForeignKey(Village, on_delete=models.PROTECT)
    serving = models.OneToOneField(Serving, on_delete=models.PROTECT)
    opened_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)  # since when the officers know that it is late
    answer = SealedField(default="")
    answered_by = models.CharField(max_length=80, default="")
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"welfare of {self.diner_id}"

    @property
    def due_at(self) -> datetime:
        """By when somebody was there."""
        return self.opened_at + rules.LOOKED_AFTER_WITHIN
