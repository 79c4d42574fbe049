"""The words for why an order waits, and for what plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.translation import gettext as _

from gancang.dispatch import words
from gancang.dispatch.rules import WAITING

if TYPE_CHECKING:
    from gancang.dispatch.comparing import Figure
    from gancang.regions.policies import PlanningPolicy

register = template.Library()


@register.filter
def waiting_words(reason: str) -> str:
    """The planner's reason in the reader's language."""
    return _(WAITING.get(reason, reason))


@register.filter
def engine_words(engine: str) -> str:
    """Which engine plans."""
    return _(words.ENGINES.get(engine, engine))


@register.simple_tag
def planners(running: str, instead: str) -> str:
    """Who planned and who in the shadow: by their policies, and by their engines if they differ."""
    names = [name.partition("/") for name in (running, instead)]
    if names[0][2] == names[1][2]:
        return " → ".join(policy for policy, _slash, _engine in names)
    return " → ".join(f"{policy} · {engine_words(engine)}" for policy, _slash, engine in names)


@register.filter
def level_words(policy: PlanningPolicy) -> list[str]:
    """What a policy minds, a line a level."""
    return words.told_levels(policy.levels)


@register.filter
def running_figure(figure: Figure) -> str:
    """What the running plan has, with its unit."""
    return words.amount(figure.part, figure.running)


@register.filter
def instead_figure(figure: Figure) -> str:
    """What the plan in the shadow would have, with its unit."""
    return words.amount(figure.part, figure.instead)


@register.filter
def gap_words(figure: Figure) -> str:
    """What the plan in the shadow would have more or less, signed; empty if nothing."""
    return words.gap(figure.part, figure.gap)


@register.filter
def figure_words(figure: Figure) -> str:
    """The name of a figure."""
    return _(words.FIGURES[figure.part])
