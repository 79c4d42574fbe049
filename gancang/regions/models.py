"""A region's places, organisations, holidays and tariffs, as its pack told them."""

from django.db import models


class Region(models.Model):
    """A regency, by its official code."""

    code = models.CharField(max_length=20, unique=True)
    slug = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    province = models.CharField(max_length=120)
    timezone = models.CharField(max_length=40)
    languages = models.JSONField(default=list)
    phone = models.CharField(max_length=30, default="")
    config = models.JSONField(default=dict)
    fitted = models.JSONField(default=dict)  # what finished trips taught: Fit.told()

    def __str__(self) -> str:
        return self.name


class District(models.Model):
    """A kecamatan."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    population = models.PositiveIntegerField(null=True)
    population_note = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="one_district_a_code")
        ]

    def __str__(self) -> str:
        return self.name


class Village(models.Model):
    """A desa or kelurahan, with one point that stands for it."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    district = models.ForeignKey(District, on_delete=models.PROTECT)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    postcode = models.CharField(max_length=10, default="")
    lat = models.FloatField()
    lon = models.FloatField()
    population = models.PositiveIntegerField(null=True)
    population_is_estimate = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="one_village_a_code")
        ]

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """A hospital, a health centre, a fleet, an office, a shop or a kitchen."""

    class Kind(models.TextChoices):
        """What an organisation does."""

        HOSPITAL = "hospital"
        PUSKESMAS = "puskesmas"
        FLEET = "fleet"
        OFFICE = "office"
        SHOP = "shop"  # a small business (UMKM) whose parcels a programme carries
        KITCHEN = "kitchen"  # a warung that cooks for programmes

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200, default="")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, null=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    precision = models.CharField(max_length=40, default="")
    accuracy_m = models.PositiveIntegerField(null=True)
    source = models.CharField(max_length=200, default="")
    phone = models.CharField(max_length=30, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="one_organisation_a_code")
        ]

    def __str__(self) -> str:
        return self.name


SELLERS = (Organisation.Kind.KITCHEN, Organisation.Kind.SHOP)
"""The kinds of organisation that sell to buyers."""


class Holiday(models.Model):
    """A day off."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    on = models.DateField()
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "on"], name="one_holiday_a_day")]

    def __str__(self) -> str:
        return self.name


class Tariff(models.Model):
    """A dated price rule with the decree that set it."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    code = models.CharField(max_length=40)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    base_rp = models.PositiveIntegerField()
    included_m = models.PositiveIntegerField()
    per_km_rp = models.PositiveIntegerField()
    ceiling_rp = models.PositiveIntegerField(null=True)
    decree = models.CharField(max_length=200)
    source = models.CharField(max_length=300, default="")
    # Steps, zones, minimum, night, as the pack tells them; most tariffs have none.
    further = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "code", "from_date"], name="one_tariff_a_code_and_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} from {self.from_date}"
