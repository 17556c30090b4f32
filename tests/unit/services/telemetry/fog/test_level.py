from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.telemetry.fog.level import CLEAR, Level, Restarts, in_force, parse
from tests.support.markdown import ROOT

SHIPPED = (ROOT / "compose" / "config" / "fog.json").read_text("utf-8")


def test_a_lab_begins_clear_and_only_mere_habits_stay_unheard() -> None:
    level = parse(SHIPPED)
    assert level == Level(
        "clear", without_loggers=frozenset({"services.gateway.habits", "services.common.health.slow"})
    )
    assert not level.thins_spans
    assert not level.thins_lines


@pytest.mark.parametrize("name", ["clear", "hazy", "dense"])
def test_every_shipped_level_can_be_put_in_force(name: str) -> None:
    level = parse(json.dumps({**json.loads(SHIPPED), "level": name}))
    assert level.name == name
    assert level.thins_spans == level.thins_lines == (name != "clear")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"level": "hazy"}',
        '{"level": "hazy", "levels": {}}',
        '{"level": "a", "levels": {"a": {"one_trace_in": 0}}}',
        '{"level": "a", "levels": {"a": {"metrics_every_s": -1}}}',
        '{"level": "a", "levels": {"a": {"unheard_of": 1}}}',
        '{"level": "a", "levels": {"a": {"restarting_exporter": {"service": "risk", "every_s": 5, "away_s": 5}}}}',
    ],
)
def test_a_text_without_a_level_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        parse(text)


def test_an_exporter_is_away_for_a_part_of_the_time() -> None:
    level = Level(restarting_exporter=Restarts("payments", every_s=60, away_s=5))
    assert level.away("payments", 604.9)
    assert not level.away("payments", 605)
    assert not level.away("risk", 604.9)
    assert not CLEAR.away("payments", 604.9)


def test_the_file_is_where_the_service_looks_for_it() -> None:
    assert "FOG_FILE=/run/telemetry/fog.json" in Path(ROOT / "compose" / "config" / "telemetry.env").read_text("utf-8")


@pytest.mark.parametrize("name", ["clear", "hazy", "dense"])
def test_the_level_in_force_is_told_as_the_file_has_it(name: str) -> None:
    document = json.loads(SHIPPED)
    told = in_force(parse(json.dumps({**document, "level": name})))
    listed = {
        key: sorted(value) if isinstance(value, list) else value for key, value in document["levels"][name].items()
    }
    assert told == {"level": name, **listed}
    assert json.loads(json.dumps(told)) == told
