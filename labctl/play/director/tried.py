"""What colleagues tried in the last days and took back: a change, and the one that undid it, drawn by a seed."""

from __future__ import annotations

import random
import time
from typing import Final

from labctl.catalogue import colleagues
from labctl.catalogue.rehearsal import Call, rehearse
from labctl.images import releases
from labctl.lab.lab import Lab
from labctl.model.colleague import ChangeKind, ColleaguesChange
from labctl.model.deployed import Deployed
from labctl.model.draw import Draw
from labctl.model.versions import following
from labctl.operate import steps
from labctl.state import settings
from labctl.state.change_feed import Change, NewChange

Pair = tuple[NewChange, NewChange]
"""A change, and the one that took it back."""

HOUR_S = 3600.0
RELEASE: Final = "release"


def pairs(lab: Lab, draw: Draw) -> list[Pair]:
    """Return what was tried and taken back, in a drawn order: each setting, flag and service's release once."""
    found: dict[tuple[str, str], Pair] = {}
    for change in drawn(draw, {ChangeKind.CONFIGURATION, ChangeKind.FLAG, ChangeKind.RELEASE}):
        for call in rehearse(change, Draw(f"{draw.seed}/{change.id}")):
            if call.mechanism == "releases" and (call.given[0], RELEASE) in found:
                continue  # reading a service's sources takes a while
            pair = _TRIED.get(call.mechanism, _setting)(lab, call, draw)
            if pair is not None:
                found.setdefault(subject(pair[0]), pair)
    return list(found.values())


def _setting(lab: Lab, call: Call, draw: Draw) -> Pair | None:
    service, key, value = call.given if call.mechanism == "configuration" else ("redis", *call.given)
    now = lab.files.text(service)
    was, other = lab.files.setting(service, key), settings.with_value(now, key, value)
    if was == value:
        return None
    path = f"config/{service}.env"
    old, new = f"{key}={was}", f"{key}={value}"
    there = NewChange(
        "configuration", service, call.summary, old, new, call.author, settings.unified_diff(now, other, path)
    )
    return there, _back(there, draw, settings.unified_diff(other, now, path))


def _flag(lab: Lab, call: Call, draw: Draw) -> Pair | None:
    name, variant = call.given
    flag = lab.flag_file.flag(name)
    if flag.variant == variant:
        return None
    now, other = lab.flag_file.text(), lab.flag_file.switched({name: variant})
    path = "flags/flags.json"
    old, new = f"{name}={flag.variant}", f"{name}={variant}"
    there = NewChange("flag", flag.owner, call.summary, old, new, call.author, settings.unified_diff(now, other, path))
    return there, _back(there, draw, settings.unified_diff(other, now, path))


def _release(lab: Lab, call: Call, draw: Draw) -> Pair | None:
    service, release = call.given
    known = releases.release(service, release)
    if known is None or lab.releases.running(service):
        return None  # what runs is upon the shipped version, and so was what was tried, but not both
    if released_at(lab, service) > time.time() - HOUR_S:
        return None  # it was tried before the last hour: nothing came in between
    now = lab.releases.version(service)
    tried = Deployed(release, following(lab.releases.highest(service), random.Random(f"{draw.seed}/{service}")))
    detail = releases.stacked_diff(service, (), (tried,))
    there = NewChange(RELEASE, service, known.message, now, tried.version, call.author, detail)
    return there, _back(there, draw, releases.stacked_diff(service, (tried,), ()))


_TRIED = {"flags": _flag, "releases": _release}
"""How each mechanism's change is told as tried and taken back; the others' change a setting."""


def subject(change: NewChange | Change) -> tuple[str, str]:
    """Return what a change changed: a service's release, one of its settings, or a flag."""
    return change.component, RELEASE if change.kind == RELEASE else change.new.partition("=")[0]


def _back(there: NewChange, draw: Draw, detail: str) -> NewChange:
    words = draw.one_of(*steps.WORDS)
    return NewChange(there.kind, there.component, words, there.new, there.old, draw.author(), detail)


def released_at(lab: Lab, service: str) -> float:
    """Return when the feed tells of a service's last release (epoch seconds); 0 where it tells of none."""
    return max((each.at for each in lab.store.changes.list(component=service) if each.kind == RELEASE), default=0.0)


def drawn(draw: Draw, kinds: set[ChangeKind]) -> list[ColleaguesChange]:
    """Return colleagues' changes of some kinds, in a drawn order."""
    fitting = [each for each in colleagues.usable()[0] if each.kind in kinds]
    return draw.sample(fitting, len(fitting))
