"""Which policy and engine plan a region, and what is tried in their shadow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from gancang.audit.actions import record
from gancang.dispatch.models import Regime
from gancang.dispatch.planner import KERNEL, engine_here
from gancang.dispatch.queries import InForce, find_before, find_policy, in_force
from gancang.dispatch.rules import Why
from gancang.regions.models import Region
from gancang.values import Refused

if TYPE_CHECKING:
    from datetime import datetime


@transaction.atomic
def try_in_shadow(
    region: Region, tried: tuple[str, str] | None, *, seen: int, by: str, now: datetime
) -> None:
    """Plan every tick a second time by this policy and engine, without offers; None: stop that."""
    rule = _held_rule(region, seen=seen, now=now)
    policy, engine = tried or ("", "")
    if tried:
        _refuse_unless_new(rule, policy, engine)
    running = rule.row or Regime(policy="", engine=KERNEL)
    fresh = Regime(policy=running.policy, engine=running.engine)
    fresh.shadow_policy, fresh.shadow_engine = policy, engine
    _begin(fresh, "planning.shadowed", region, by=by, now=now)


@transaction.atomic
def adopt_shadow(region: Region, *, seen: int, by: str, now: datetime) -> None:
    """What was tried in the shadow plans from now on, and what ran until now is in the shadow."""
    rule = _held_rule(region, seen=seen, now=now)
    if rule.row is None or rule.shadow is None:
        raise Refused(Why.NO_SHADOW)
    fresh = Regime(policy=rule.row.shadow_policy, engine=rule.row.shadow_engine)
    _begin(_with_shadow(fresh, rule), "planning.adopted", region, by=by, now=now)


@transaction.atomic
def go_back(region: Region, *, seen: int, by: str, now: datetime) -> None:
    """What planned before plans again; what ran until now is in its shadow."""
    rule = _held_rule(region, seen=seen, now=now)
    before = find_before(region, rule)
    if before is None:
        raise Refused(Why.NONE_BEFORE)
    policy, engine = before
    fresh = Regime(policy=policy, engine=engine)
    _begin(_with_shadow(fresh, rule), "planning.went_back", region, by=by, now=now)


def _held_rule(region: Region, *, seen: int, now: datetime) -> InForce:
    """What plans the region, held until the deed is done; refused if it is not what was seen."""
    held = Region.objects.select_for_update().get(pk=region.pk)
    rule = in_force(held, now=now)
    if rule.number != seen:
        raise Refused(Why.REGIME_CHANGED)
    return rule


def _refuse_unless_new(rule: InForce, policy: str, engine: str) -> None:
    if find_policy(rule.policies, policy) is None:
        raise Refused(Why.NO_POLICY, policy=policy)
    if (policy, engine_here(engine)) == (rule.running.policy.name, rule.running.engine):
        raise Refused(Why.SAME_AS_RUNNING)


def _with_shadow(fresh: Regime, rule: InForce) -> Regime:
    fresh.shadow_policy, fresh.shadow_engine = rule.running.policy.name, rule.running.engine
    return fresh


def _begin(fresh: Regime, kind: str, region: Region, *, by: str, now: datetime) -> None:
    fresh.region, fresh.since, fresh.by = region, now, by
    fresh.save(force_insert=True)
    facts: dict[str, object] = {
        "policy": fresh.policy,
        "engine": fresh.engine,
        "shadow_policy": fresh.shadow_policy,
        "shadow_engine": fresh.shadow_engine,
    }
    record(kind, region.code, region=region.code, by=by, now=now, facts=facts)
