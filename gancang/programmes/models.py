"""A programme in its versions, and drafts of new ones. Each order keeps its version."""

from django.db import models

from gancang.accounts.models import User
from gancang.regions.models import Region


class Programme(models.Model):
    """One version of a programme. `terms` is what the pack says, checked."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    terms = models.JSONField()
    told = models.JSONField(default=dict)  # its file's own keys; {}: loaded before they were kept

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "code", "version"], name="one_programme_a_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class Draft(models.Model):
    """A programme that is being written: the keys of its file, as far as they are told."""

    class State(models.TextChoices):
        """How far it has come."""

        DRAFT = "draft"
        TRIED = "tried"
        SUBMITTED = "submitted"
        APPROVED = "approved"
        DROPPED = "dropped"

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    told = models.JSONField(default=dict)
    name = models.CharField(max_length=120, default="")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    based_on = models.ForeignKey(Programme, on_delete=models.PROTECT, null=True, related_name="+")
    became = models.ForeignKey(Programme, on_delete=models.PROTECT, null=True, related_name="+")
    saves = models.PositiveIntegerField(default=0)  # how often it was saved; the number of the last
    tried = models.JSONField(default=dict)  # what the last trial on the registry counted
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["region", "state"], name="drafts_by_state")]

    def __str__(self) -> str:
        return self.name or f"draft {self.pk}"


class Save(models.Model):
    """A draft as somebody saved it. Append-only: every earlier one can be gone back to."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="earlier")
    number = models.PositiveIntegerField()
    step = models.CharField(max_length=20)  # the page; "" for a whole draft
    told = models.JSONField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="one_save_a_number")
        ]

    def __str__(self) -> str:
        return f"save {self.number} of {self.draft_id}"


class Trial(models.Model):
    """A draft as it was at one save, tried on everybody of the registry by the worker."""

    class State(models.TextChoices):
        """How far it has come."""

        WAITS = "waits"
        RUNS = "runs"
        DONE = "done"
        FAILED = "failed"

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="trials")
    save_number = models.PositiveIntegerField()
    times = models.PositiveIntegerField()  # how often a month one person gets it
    on = models.DateField()  # ages, prices and the version in force are those of this day
    state = models.CharField(max_length=10, choices=State, default=State.WAITS)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    of = models.PositiveIntegerField(default=0)  # people of the registry when it began
    asked_people = models.PositiveIntegerField(default=0)  # how many of them were asked so far
    counted = models.JSONField(default=dict)  # what it counted; no names
    trouble = models.JSONField(default=dict)  # why it failed: the reason, and what it names

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draft"],
                condition=models.Q(state__in=("waits", "runs")),
                name="one_trial_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"trial {self.pk} of {self.draft_id}"

    @property
    def is_open(self) -> bool:
        """Whether the worker still has it before it."""
        return self.state in (self.State.WAITS, self.State.RUNS)


class Judgement(models.Model):
    """What somebody said to a draft that was submitted, as it was then. Append-only."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="judgements")
    save_number = models.PositiveIntegerField()
    approves = models.BooleanField()
    note = models.CharField(max_length=300, default="")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "save_number", "by"], name="one_judgement_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"{'yes' if self.approves else 'no'} to {self.draft_id}"


class Halt(models.Model):
    """A programme takes no new cases for a cycle, or from a day on for good. Append-only."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    code = models.CharField(max_length=40)
    since = models.DateField()
    until = models.DateField(null=True)  # null: it has ended
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["region", "code"], name="halts_by_programme")]

    def __str__(self) -> str:
        return f"{self.code} from {self.since}"
