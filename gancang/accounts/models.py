"""Users, their memberships, and tokens for machines."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from gancang.regions.models import Organisation, Region
from gancang.vault import SealedField


class Role(models.TextChoices):
    """What a person does here."""

    COUNTER_CLERK = "counter_clerk", _("Counter clerk")
    PHARMACIST = "pharmacist", _("Pharmacist")
    RIDER = "rider", _("Rider")
    STALL = "stall", _("Stall keeper")
    VILLAGE_CLERK = "village_clerk", _("Village clerk")
    OPERATOR = "operator", _("Operator")
    PROGRAMME_OFFICER = "programme_officer", _("Programme officer")
    TREASURER = "treasurer", _("Treasurer")
    AUDITOR = "auditor", _("Auditor")
    ADMIN = "admin", _("Regency admin")


class User(AbstractBaseUser):
    """A person who logs in."""

    username = models.CharField(max_length=60, unique=True)
    full_name = models.CharField(max_length=120)
    language = models.CharField(max_length=5, default="id")
    is_active = models.BooleanField(default=True)
    # Demonstration people exist only where `gancang demo` made them; `serve` lets none in.
    is_demo = models.BooleanField(default=False)
    date_joined = models.DateTimeField()
    # Without a second factor this person comes no further from then on; null: nobody asks for one.
    factor_due = models.DateTimeField(null=True)
    # Where letters to this person go; "" if nobody told.
    phone = SealedField(default="")
    # Part of what each session was begun with: one more, and all sessions of before end.
    sign_outs = models.PositiveIntegerField(default=0)

    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()
    USERNAME_FIELD = "username"

    def __str__(self) -> str:
        return self.full_name

    def get_session_auth_hash(self) -> str:
        """What ends all sessions when it changes: the password, and signing out everywhere."""
        begun_with = f"{self.password}\0{self.sign_outs}"
        return salted_hmac("accounts.session", begun_with, algorithm="sha256").hexdigest()


class Membership(models.Model):
    """One role of one person in one region, in one organisation or in all of them."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "region", "organisation"],
                name="one_membership_of_a_kind",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.organisation or self.region}"


class SignIn(models.Model):
    """A browser in which somebody is logged in. Where it stands in the network is not kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=60)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id}: {self.device}"


class SecondFactor(models.Model):
    """What a person's own device shows beside the password (TOTP, RFC 6238)."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="second_factor")
    secret = SealedField()
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    # The half minute of the newest code that opened: neither it nor an older one opens again.
    last_step = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"second factor of {self.user_id}"


class RecoveryCode(models.Model):
    """Opens once where the device is lost. Only a keyed digest is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"recovery code of {self.user_id}"


class OwnLink(models.Model):
    """A link with which a person sets the password of their own account, once."""

    class Kind(models.TextChoices):
        """Why it was made."""

        INVITATION = "invitation"
        RESET = "reset"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="own_links")
    kind = models.CharField(max_length=10, choices=Kind)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # Used, replaced by a newer one, or void because the person left.
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} of {self.user_id}"


class Forgotten(models.Model):
    """Somebody says to have forgotten the password of a name. Gone after an hour."""

    typed = SealedField()
    # A keyed digest of the address that asked: enough to count, nothing to look up.
    source = models.CharField(max_length=64)
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["source", "at"], name="forgotten_by_source")]

    def __str__(self) -> str:
        return f"forgotten at {self.at:%H:%M}"


class ApiToken(models.Model):
    """A machine's key to one organisation. Only its digest is kept."""

    name = models.CharField(max_length=80)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
