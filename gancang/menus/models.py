"""What a seller offers, and what of it is there now. A seller is an organisation."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from gancang.regions.models import Organisation, Region, Village


class Section(models.Model):
    """A heading of a menu."""

    seller = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sections")
    name = models.CharField(max_length=60)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seller", "name"], name="one_section_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class Dish(models.Model):
    """One thing that is sold: a dish, or a shop's good."""

    class Size(models.TextChoices):
        """What it takes to carry one."""

        SMALL = "small"  # fits into a bag with others
        LARGE = "large"  # a box of its own
        BULKY = "bulky"  # no motorcycle carries a second one

    seller = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="dishes")
    section = models.ForeignKey(
        Section, on_delete=models.SET_NULL, null=True, blank=True, related_name="dishes"
    )
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=300, default="", blank=True)
    price_rp = models.PositiveIntegerField()
    prepares_minutes = models.PositiveSmallIntegerField(null=True)  # null: as the seller's usual
    weight_g = models.PositiveIntegerField(null=True)
    size = models.CharField(max_length=6, choices=Size, default=Size.SMALL)
    is_fragile = models.BooleanField(default=False)
    # "Habis": not to be had, until `back_at` or, where that is null, until the seller says so.
    is_available = models.BooleanField(default=True)
    back_at = models.DateTimeField(null=True)
    stock = models.PositiveIntegerField(null=True)  # null: nobody counts
    position = models.PositiveIntegerField(default=0)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["seller", "name"],
                condition=models.Q(retired_at=None),
                name="one_dish_a_name",
            ),
            models.CheckConstraint(condition=models.Q(price_rp__gt=0), name="dishes_cost"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["seller", "position", "id"], name="dishes_of_seller")
        ]

    def __str__(self) -> str:
        return self.name


class OptionGroup(models.Model):
    """A question that a dish asks: how hot, with which rice; so many answers at least, at most."""

    dish = models.ForeignKey(Dish, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(max_length=60)
    least = models.PositiveSmallIntegerField(default=0)
    most = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dish", "name"], name="one_group_a_name"),
            models.CheckConstraint(
                condition=models.Q(most__gte=models.F("least"), most__gt=0),
                name="answers_between_least_and_most",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Choice(models.Model):
    """One answer to a dish's question, and what it costs more."""

    group = models.ForeignKey(OptionGroup, on_delete=models.CASCADE, related_name="choices")
    name = models.CharField(max_length=60)
    extra_rp = models.PositiveIntegerField(default=0)
    is_available = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group", "name"], name="one_choice_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class DishPhoto(models.Model):
    """How a dish looks, for a page and for a list; its address is its content."""

    dish = models.OneToOneField(Dish, on_delete=models.CASCADE, related_name="photo")
    digest = models.CharField(max_length=32, db_index=True)
    large = models.BinaryField()  # JPEG, 640 px at most
    small = models.BinaryField()  # JPEG, 160 px at most

    def __str__(self) -> str:
        return f"photo of dish {self.dish_id}"


class Listing(models.Model):
    """By what a seller is found: the words of its name and of all its dishes."""

    seller = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="listing")
    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.CASCADE, null=True, related_name="+")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    words = ArrayField(models.CharField(max_length=81))
    dishes = models.PositiveIntegerField()
    since = models.DateTimeField()  # its first dish

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["words"], name="listings_by_word", fastupdate=False),
            models.Index(fields=["region", "village"], name="listings_of_village"),
        ]

    def __str__(self) -> str:
        return f"listing of {self.seller_id}"


class KnownWord(models.Model):
    """A word of some menu, with the pieces by which a slip in it is found."""

    word = models.CharField(max_length=40, unique=True)
    pieces = ArrayField(models.CharField(max_length=3))

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["pieces"], name="words_by_piece", fastupdate=False)]

    def __str__(self) -> str:
        return self.word


class Exposure(models.Model):
    """How often a seller stood in a list on a day. Who looked is not kept."""

    seller = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    shown = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["on", "seller"], name="one_exposure_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.seller_id} on {self.on}: {self.shown}"
