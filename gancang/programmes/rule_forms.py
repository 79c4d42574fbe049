"""A rule as a form: rows of a pick-list, or free text in CEL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from gancang.programmes.clauses import faults_in
from gancang.programmes.picking import AND, OR, SIGNS, Pick, picks_of, rule_of
from gancang.programmes.wording import rule_in_words
from gancang.regions.pack_values import CODE
from gancang.values import Refused
from gancang.values.syntax import LENGTH_MAX
from gancang.web.middleware import sentence_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.forms import BoundField

    from gancang.regions.facts import FactKind

PICKS_MAX = 6
PICKED, FREE = "picked", "free"


class RuleForm(forms.Form):
    """A rule's name, what it asks, and its sentences; left empty, they are made from the rule."""

    seen = forms.IntegerField(min_value=0, max_value=10**6, widget=forms.HiddenInput)
    code = forms.CharField(label=gettext_lazy("Name of the rule"), max_length=40)
    how = forms.ChoiceField(
        label=gettext_lazy("How is it told?"),
        choices=[
            (PICKED, gettext_lazy("Picked from lists")),
            (FREE, gettext_lazy("Written freely (CEL)")),
        ],
        widget=forms.RadioSelect,
    )
    joined = forms.ChoiceField(
        label=gettext_lazy("The rows are joined by"),
        choices=[(AND, gettext_lazy("and: all must hold")), (OR, gettext_lazy("or: one suffices"))],
        required=False,
    )
    when = forms.CharField(
        label=gettext_lazy("Rule"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    sentence_id = forms.CharField(
        label=gettext_lazy("In Indonesian"), max_length=300, required=False
    )
    sentence_en = forms.CharField(label=gettext_lazy("In English"), max_length=300, required=False)

    def __init__(
        self,
        told: Mapping[str, Any],
        kinds: Mapping[str, FactKind],
        data: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data)
        self._kinds = kinds
        when = str(told.get("when", ""))
        found = picks_of(when) if when else ([], AND)
        picks, joined = found or ([], AND)
        fits = found is not None and len(picks) <= PICKS_MAX
        self.initial = {**told, "how": PICKED if fits else FREE, "joined": joined}
        language = get_language() or "id"
        facts = [("", "-"), *((code, kind.words(language)) for code, kind in kinds.items())]
        signs = [(sign, _(words)) for sign, words in SIGNS.items()]
        for place in range(PICKS_MAX):
            pick = picks[place] if place < len(picks) else Pick("", "==", "")
            self._add_row(place, pick, facts, signs)
        for name in ("when", "sentence_id", "sentence_en"):
            self.fields[name].needed = True  # type: ignore[attr-defined]  # "if known" is not true

    def _add_row(
        self, place: int, pick: Pick, facts: list[tuple[str, str]], signs: list[tuple[str, str]]
    ) -> None:
        told = {"fact": pick.fact, "sign": pick.sign, "value": pick.value}
        fields = {
            "fact": forms.ChoiceField(label=_("Fact"), choices=facts, required=False),
            "sign": forms.ChoiceField(label=_("Comparison"), choices=signs, required=False),
            "value": forms.CharField(label=_("Value"), max_length=200, required=False),
        }
        for name, field in fields.items():
            field.needed = True  # type: ignore[attr-defined]  # as above
            self.fields[f"{name}-{place}"] = field
            self.initial[f"{name}-{place}"] = told[name]

    def rows(self) -> list[list[BoundField]]:
        """The rows of the pick-list."""
        names = ("fact", "sign", "value")
        return [[self[f"{name}-{place}"] for name in names] for place in range(PICKS_MAX)]

    def clean_code(self) -> str:
        """A name as codes are."""
        code: str = self.cleaned_data["code"]
        if CODE(code):
            raise ValidationError(_("Write small letters, digits and hyphens, like desil-1."))
        return code

    def clean(self) -> dict[str, Any]:
        """The rule that is told, with all its faults beside it."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        if cleaned["how"] == FREE:
            self.rule = str(cleaned.get("when", "")).strip()
        elif (picked := self._picked(cleaned)) is None:
            return cleaned
        else:
            self.rule = picked
        if not self.rule:
            self.add_error("fact-0" if cleaned["how"] == PICKED else "when", _("Tell a rule."))
            return cleaned
        if len(self.rule) > LENGTH_MAX:
            self.rule = self.rule[: LENGTH_MAX + 1]
        for fault in faults_in(self.rule, self._kinds):
            facts = {
                name: _(str(value)) if name.endswith("_type") else value
                for name, value in fault.facts.items()
            }
            self.add_error("when", sentence_of(Refused(fault.why, **facts)))
        return cleaned

    def _picked(self, cleaned: Mapping[str, Any]) -> str | None:
        """The rule of the rows; None where a value does not fit, which is said beside it."""
        rules = []
        for place in range(PICKS_MAX):
            names = (cleaned.get(f"{name}-{place}", "") for name in ("fact", "sign", "value"))
            fact, sign, value = names
            if not fact:
                continue
            try:
                rules.append(rule_of([Pick(fact, sign or "==", value)], AND, self._kinds))
            except Refused as refusal:
                self.add_error(f"value-{place}", sentence_of(refusal))
        if self.errors:
            return None
        return (" || " if cleaned.get("joined") == OR else " && ").join(rules)

    def told(self) -> dict[str, str]:
        """The rule as a programme keeps it."""
        typed = self.cleaned_data
        made = {
            language: rule_in_words(self.rule, self._kinds, language=language)[:300]
            for language in ("id", "en")
        }
        return {
            "code": typed["code"],
            "when": self.rule,
            "sentence_id": typed["sentence_id"] or made["id"],
            "sentence_en": typed["sentence_en"] or made["en"],
        }
