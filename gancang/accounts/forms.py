"""What a person may type about people who log in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.core.validators import MaxLengthValidator, RegexValidator
from django.utils.translation import gettext_lazy as _

from gancang.accounts.models import Role
from gancang.accounts.rules import Why
from gancang.regions.models import Organisation, Region
from gancang.values.phone import is_phone, normal_phone

NAME_MAX = 60
USERNAME = RegexValidator(
    r"^[a-z0-9][a-z0-9.-]{2,59}$",
    _("Use 3 to 60 small letters, digits, dots and hyphens."),
)


class LogInForm(AuthenticationForm):
    """Name and password. Demonstration people are let in by the demonstration alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Django tells the browser how long a name may be, but lets a longer one through.
        self.fields["username"].validators.append(MaxLengthValidator(NAME_MAX))

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


class PhoneField(forms.CharField):
    """A mobile's number, in the one way in which it is kept."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
        super().__init__(max_length=30, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        """Refuse what cannot be rung."""
        phone = normal_phone(super().clean(value))
        if phone and not is_phone(phone):
            raise forms.ValidationError(_(Why.NOT_A_PHONE.sentence))
        return phone


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
        max_length=NAME_MAX,
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
    phone = PhoneField(
        label=_("Mobile phone"),
        required=False,
        help_text=_("A link goes there with which this person sets a password."),
    )
    password = forms.CharField(
        label=_("First password"),
        min_length=10,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "Only without a phone; at least 10 characters, handed over in person. "
            "Leave it empty, and a link is shown for you to pass on."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """No admin makes up the password of somebody who can be sent a link."""
        cleaned = super().clean() or {}
        if cleaned.get("phone") and cleaned.get("password"):
            self.add_error("password", _("Leave this empty: the link goes to the phone."))
        return cleaned


class PhoneForm(forms.Form):
    """Where letters to a person go."""

    phone = PhoneField(label=_("Mobile phone"), required=False)


class ForgottenForm(forms.Form):
    """Whose password is forgotten."""

    username = forms.CharField(
        label=_("Log-in name"),
        max_length=NAME_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )


class NewPasswordForm(forms.Form):
    """The password that a person chooses by a link."""

    new = forms.CharField(
        label=_("New password"),
        min_length=10,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters; a short sentence is easy to keep in mind."),
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
    username = forms.CharField(label=_("Log-in name"), max_length=NAME_MAX, validators=[USERNAME])
    password = forms.CharField(
        label=_("Password"),
        min_length=10,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
