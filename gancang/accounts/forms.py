"""What a person may type about people who log in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from gancang.accounts.models import Role
from gancang.regions.models import Organisation, Region

USERNAME = RegexValidator(
    r"^[a-z0-9][a-z0-9.-]{2,59}$",
    _("Use 3 to 60 small letters, digits, dots and hyphens."),
)


class LogInForm(AuthenticationForm):
    """Name and password. Demonstration people are let in by the demonstration alone."""

    def confirm_login_allowed(self, user: Any) -> None:
        """Refuse as for a wrong password, so that nobody learns which names exist."""
        super().confirm_login_allowed(user)
        if user.is_demo and not settings.DEMO:
            raise self.get_invalid_login_error()


class CodeForm(forms.Form):
    """A code of the second factor."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "text", "autocapitalize": "none"}
        ),
        help_text=_("Six digits from the app on your phone, or one of your recovery codes."),
    )


class PresentPasswordForm(forms.Form):
    """The password once more, before something weighty."""

    present = forms.CharField(
        label=_("Present password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ReasonForm(forms.Form):
    """Why an admin does it; it stands in the events for good."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("For example: phone lost, seen in person")
    )


class _InRegion(forms.Form):
    """Offers the organisations of one region."""

    def __init__(self, *args: object, region: Region, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Form's own arguments
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Organisation.objects.filter(region=region).order_by("name")


class PersonForm(_InRegion):
    """A new person with a first role."""

    full_name = forms.CharField(label=_("Full name"), max_length=120)
    username = forms.CharField(
        label=_("Log-in name"),
        max_length=60,
        validators=[USERNAME],
        help_text=_("Small letters, digits, dots and hyphens, like siti.aminah"),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=Organisation.objects.none(),
        required=False,
        help_text=_("Clerks, pharmacists and riders work in one; others may see the whole region."),
    )
    password = forms.CharField(
        label=_("First password"),
        min_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("At least 10 characters. Hand it over in person; it is changed after log-in."),
    )


class RoleForm(_InRegion):
    """One more role for somebody."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), required=False
    )


class PasswordForm(forms.Form):
    """One's own new password."""

    present = forms.CharField(
        label=_("Present password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        min_length=10,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters; a short sentence is easy to keep in mind."),
    )


class TokenForm(_InRegion):
    """A name for a machine's key."""

    name = forms.CharField(
        label=_("What the token is for"),
        max_length=80,
        help_text=_("For example: SIMRS, outpatients"),
    )
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none()
    )


class FirstAdminForm(forms.Form):
    """The very first regency admin of an empty installation."""

    code = forms.CharField(
        label=_("Code from the server's screen"),
        help_text=_(
            "`gancang serve` printed it when it started; it proves that you run the server."
        ),
    )
    region = forms.ModelChoiceField(label=_("Region"), queryset=Region.objects.order_by("code"))
    full_name = forms.CharField(label=_("Full name"), max_length=120)
    username = forms.CharField(label=_("Log-in name"), max_length=60, validators=[USERNAME])
    password = forms.CharField(
        label=_("Password"),
        min_length=10,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
