from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from bench.shortcuts.learner import Learner
from bench.shortcuts.looking import Looking
from labctl.base.errors import LookupFailedError
from labctl.model.cadence import Cadence
from labctl.model.measurement import Window
from labctl.model.probe import Probe, at_least
from labctl.model.signal import entry, lines, metric, rows, spans
from labctl.model.vocabulary import Component
from labctl.verify.dashboard_signals import OVERVIEW, RESOURCES
from tests.support.example_fault import example
from tests.support.shortcuts_seen import BROKEN, LOOKED, PAGE, START, at, change, line, trace

RATE = Probe("risk: rate", "rate(http_requests_total[10s])", at_least(1))
FAULT = example(
    evidence=(
        metric(Component.RISK, RATE, Component.RISK),
        lines(Component.PAYMENTS, "-failed", Component.RISK),
        spans(Component.PAYMENTS, "/pay", Component.RISK, min_ms=20, failed=True),
        rows(Component.POSTGRES, Probe("blocked", "SELECT 7", at_least(3)), Component.RISK),
        entry(Component.RISK, "POOL", Component.RISK),
    )
)
FEED = [
    change("flag", "risk", START - 60),
    change("job", "risk", START - 50),
    change("release", "jobs", START - 40),
    change("configuration", "risk", BROKEN),
]


@dataclass
class FakeLearner:
    """Answers every command in the same way, and remembers what it was asked."""

    asked: list[Sequence[str]] = field(default_factory=list)
    database: object = 4

    def ask(self, *words: str) -> dict[str, Any]:
        self.asked.append(words)
        if isinstance(self.database, Exception) and words[0] == "sql":
            raise self.database
        points = [(at(START), 1.0), (at(START + 1), None), (at(START + 2), "NaN"), (at(START + 3), 2.5)]
        answers: dict[str, dict[str, Any]] = {
            "sql": {"rows": [[self.database]]},
            "metrics": {"series": [{"labels": {"service": "risk"}, "points": points}]},
            "changes": {"changes": FEED},
            "diff": {"diff": f"+{' '.join(words[1:])}\n"},
            "logs": {"lines": [line("payments", BROKEN + 1)]},
            "traces": {"traces": [{"id": "ab", "start": at(BROKEN + 2)}]},
            "trace": trace("risk"),
        }
        return answers[words[0]]


def looking(learner: FakeLearner) -> Looking:
    return Looking(cast(Learner, learner), [FAULT])


@pytest.fixture
def learner(monkeypatch: pytest.MonkeyPatch) -> FakeLearner:
    monkeypatch.setattr("time.time", lambda: LOOKED)
    return FakeLearner()


def test_one_look_finds_what_every_player_needs(learner: FakeLearner) -> None:
    seen = looking(learner).look("hazy", Cadence(), Window(START, BROKEN), PAGE, {"SELECT 7": 0.0})
    assert seen.rows == {"SELECT 7": (0.0, 4.0)}
    assert list(seen.lines.values()) == [[BROKEN + 1]]
    assert list(seen.traces.values()) == [[BROKEN + 2]]
    assert seen.failing == [trace("risk")]
    assert seen.errors == [line("payments", BROKEN + 1)]
    assert {each.query for each in (*OVERVIEW, *RESOURCES)} <= set(seen.curves)
    assert {each.query for each in FAULT.signature} <= set(seen.curves)
    (series,) = seen.curves[RATE.query]
    assert series.points == ((START, 1.0), (START + 3, 2.5))
    assert seen.broken == Window(BROKEN, LOOKED)


def test_each_difference_is_that_of_its_change_and_jobs_have_none(learner: FakeLearner) -> None:
    seen = looking(learner).look("hazy", Cadence(), Window(START, BROKEN), PAGE, {})
    assert [each["diff"] for each in seen.changes] == ["+risk --back 1\n", "", "+jobs\n", "+risk\n"]


def test_nothing_is_asked_twice(learner: FakeLearner) -> None:
    looking(learner).look("hazy", Cadence(), Window(START, BROKEN), PAGE, {})
    assert len(learner.asked) == len(set(learner.asked))


def test_in_fog_windows_are_as_wide_as_its_metrics_are_rare(learner: FakeLearner) -> None:
    seen = looking(learner).look("dense", Cadence(15, 10), Window(START, BROKEN), PAGE, {})
    assert ("metrics", "--range", "62s", "--step", "1s", "--", "rate(http_requests_total[55s])") in learner.asked
    assert RATE.query in seen.curves


def test_what_a_signal_says_is_what_is_asked_for(learner: FakeLearner) -> None:
    looking(learner).look("clear", Cadence(), Window(START, BROKEN), PAGE, {})
    wanted = ("--operation", "/pay", "--min-ms", "20", "--errors", "--since", "62s", "--limit", "200")
    assert ("traces", "--service", "payments", *wanted) in learner.asked
    assert ("logs", "--service", "payments", "--grep", "-failed", "--since", "62s", "--limit", "5000") in learner.asked
    assert ("logs", "--level", "error", "--since", "42s", "--limit", "5000") in learner.asked


@pytest.mark.parametrize("answer", [LookupFailedError("no answer"), None, "long"])
def test_a_database_without_a_number_shows_nothing(learner: FakeLearner, answer: object) -> None:
    learner.database = answer
    assert looking(learner).database() == {"SELECT 7": None}
