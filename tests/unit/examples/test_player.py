"""The example's player, against answers as `labctl mcp` gives them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import promql_parser
import pytest

from examples import player
from labctl.model.vocabulary import Component, Impact, Mechanism, Trigger

MISSES = next(rule for rule in player.RULES if rule.mechanism == "cache-lifetime-too-short").query


@dataclass
class Lab:
    """Answers as a lab would; `figures` are by query, all others are empty."""

    figures: Mapping[str, Sequence[tuple[float | str, dict[str, str]]]]
    changes: Sequence[dict[str, str]] = ()
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def ask(self, tool: str, **given: Any) -> dict[str, Any]:
        self.asked.append((tool, given))
        series = [{"value": value, "labels": labels} for value, labels in self.figures.get(given.get("query", ""), ())]
        answers: dict[str, dict[str, Any]] = {
            "page": {"page": {"summary": "Checkouts fail"}},
            "metrics": {"series": series},
            "changes": {"changes": self.changes},
        }
        return answers.get(tool, {"verdict": "right"})

    def submitted(self) -> dict[str, Any]:
        return dict(next(given for tool, given in self.asked if tool == "submit"))


def played(lab: Lab) -> dict[str, Any] | None:
    return asyncio.run(player.play(lab.ask, lambda _text: None))


@pytest.mark.parametrize(
    ("kind", "trigger", "mechanism"),
    [
        ("configuration", "configuration-change", "cache-lifetime-too-short"),
        ("release", "code-release", "cache-key-mismatch"),
    ],
)
def test_where_comes_from_the_figures_and_what_changed_from_the_feed(kind: str, trigger: str, mechanism: str) -> None:
    changes = [{"component": "risk", "kind": kind}, {"component": "gateway", "kind": "flag"}]
    lab = Lab({MISSES: [(0.9, {})]}, changes)
    assert played(lab) == {"verdict": "right"}
    told = lab.submitted()
    assert (told["component"], told["trigger"], told["mechanism"]) == ("risk", trigger, mechanism)
    assert told["evidence"] == [f"promql:{MISSES}"]


def test_the_strongest_sign_decides() -> None:
    waits = next(rule for rule in player.RULES if rule.mechanism == "connection-pool-too-small")
    lab = Lab({MISSES: [(0.5, {})], waits.query: [("NaN", {"service": "risk"}), (1.0, {"service": "payments"})]})
    played(lab)
    assert lab.submitted()["component"] == "payments"


def test_without_a_clear_sign_nothing_is_submitted() -> None:
    lab = Lab({MISSES: [(0.15, {})]}, [{"component": "risk", "kind": "release"}])
    assert played(lab) is None
    assert "submit" not in [tool for tool, _ in lab.asked]


def test_every_rule_speaks_the_vocabulary_and_promql() -> None:
    for rule in player.RULES:
        promql_parser.parse(rule.query)
        assert {rule.mechanism, *filter(None, [rule.released])} <= {*Mechanism}
        assert rule.trigger in {*Trigger}
        assert rule.component in {*Component, ""}
    assert {*player.TRIGGERS.values()} <= {*Trigger}
    assert {*player.IMPACTS.values()} <= {*Impact}
