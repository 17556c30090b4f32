"""The players, by name, and how each is judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bench.shortcuts import rules
from bench.shortcuts.answers import Answer, names_cause, names_root_cause, names_service
from bench.shortcuts.baro import baro, baro_from_the_break
from bench.shortcuts.methodical import methodical
from bench.shortcuts.snapshot import Snapshot
from labctl.model.fault import Fault
from labctl.verify.dashboard_signals import OVERVIEW, RESOURCES

RULES_AT_MOST = 0.25
BARO_AT_MOST = 0.5


@dataclass(frozen=True)
class Player:
    """Who answers, what counts as right, and in which share of the incidents that may, or has to, be so."""

    answer: Callable[[Snapshot], Answer | None]
    right: Callable[[Fault, Answer | None], bool] = names_cause
    at_most: float = RULES_AT_MOST
    at_least: float = 0.0


def players(faults: Sequence[Fault]) -> Mapping[str, Player]:
    """Return every player; they know the catalogue, as everybody who has practised long enough does."""
    commonest = rules.commonest_answer(faults)
    return {
        "newest-change": Player(rules.newest_change),
        "newest-change-on-the-paging-component": Player(rules.newest_change_there),
        "largest-diff": Player(rules.largest_diff),
        "loudest-on-the-overview": Player(partial(rules.loudest, dashboard=OVERVIEW)),
        "loudest-of-the-resources": Player(partial(rules.loudest, dashboard=RESOURCES)),
        "first-error-line": Player(rules.first_error),
        "most-failing-spans": Player(rules.most_failing_spans),
        "commonest-answer": Player(lambda _: commonest),
        "baro": Player(baro, names_service, BARO_AT_MOST),
        "baro-from-the-break": Player(baro_from_the_break, names_service, 1.0),
        "methodical": Player(partial(methodical, faults=faults), names_root_cause, 1.0, 1.0),
    }
