from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from bench.hub import crowd as crowds
from bench.hub import run
from bench.hub.crowd import Crowd, Order, links_for
from labctl.base.errors import EngineError
from labctl.gameday import plan as plans

FAULT = "risk-cache-ttl-cut"
ORDER = Order(("http://127.0.0.1:1/join/a",), "http://127.0.0.1:1/join/b", 5, 300, 600, "told.json")


def test_the_crowd_is_that_of_the_budget() -> None:
    assert Crowd() == Crowd(teams=8, learners=60, minutes=10, every_s=5, rps=5)


def test_teams_differ_by_one_member_at_most() -> None:
    counts = Counter(links_for(60, [f"link {number}" for number in range(8)]))
    assert sorted(counts.values()) == [7, 7, 7, 7, 8, 8, 8, 8]


def test_the_plan_is_one_that_a_game_day_takes() -> None:
    plan = Crowd(teams=2).plan(FAULT, 8123)
    assert plans.read(yaml.safe_dump(run.document(plan)), "plan.yaml") == plan


def test_an_order_is_read_as_it_was_written(tmp_path: Path) -> None:
    ORDER.write(tmp_path / "order.json")
    assert Order.read(tmp_path / "order.json") == ORDER


def locust_that(tmp_path: Path, code: int, told: dict[str, Any] | None) -> Any:
    def ran(*_: object, **__: object) -> subprocess.CompletedProcess[str]:
        if told is not None:
            (tmp_path / "told.json").write_text(json.dumps(told))
        return subprocess.CompletedProcess([], code, "", "no room")

    return ran


@pytest.mark.parametrize(("code", "told"), [(2, {}), (0, None)])
def test_a_run_that_tells_nothing_is_no_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, told: dict[str, Any] | None
) -> None:
    monkeypatch.setattr(subprocess, "run", locust_that(tmp_path, code, told))
    order = Order(ORDER.links, ORDER.instructor, 5, 1, 2, str(tmp_path / "told.json"))
    with pytest.raises(EngineError, match="Locust ended"):
        crowds.come(Crowd(), order, tmp_path)


def test_what_was_seen_is_returned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", locust_that(tmp_path, 0, {"requests": []}))
    order = Order(ORDER.links, ORDER.instructor, 5, 1, 2, str(tmp_path / "told.json"))
    assert crowds.come(Crowd(), order, tmp_path) == {"requests": []}
