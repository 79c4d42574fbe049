"""What operators type for each other."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class NoteForm(forms.Form):
    """The words of one's own."""

    words = forms.CharField(
        label=_("What the next one must know"),
        max_length=4000,
        help_text=_(
            "What is to be done first, what was promised to whom, who is on the way. "
            "Patients by the code of their order, not by name."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
