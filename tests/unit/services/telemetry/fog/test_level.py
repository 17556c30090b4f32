from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.telemetry.fog.level import CLEAR, Level, Restarts, in_force, parse
from tests.support.markdown import ROOT

KEYS = st.sampled_from(sorted(Level.__dataclass_fields__))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
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


@given(JSON | st.dictionaries(KEYS | st.text(max_size=5), JSON, max_size=4))
def test_any_values_are_a_level_that_can_be_used_or_are_refused_as_the_watched_file_expects(values: object) -> None:
    try:
        level = parse(json.dumps({"level": "a", "levels": {"a": values}}))
    except (ValueError, KeyError, TypeError):
        return
    assert level.name == "a"
    counts = (level.one_trace_in, level.failed_spans_a_batch, level.one_info_line_in, *level.lines_repeated.values())
    assert all(type(each) is int for each in counts)
    assert all(type(each) in (int, float) for each in (level.metrics_every_s, level.metrics_late_s))
    assert all(type(each) is str for each in level.without_label.values())
    named = (level.without_loggers, level.errors_only, level.context_lost, level.without_spans_of)
    assert all(type(names) is frozenset and all(type(each) is str for each in names) for names in named)
    assert level.away("risk", 7.0) in (False, True)


@given(JSON)
def test_any_document_is_read_or_refused_as_the_watched_file_expects(document: object) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        parse(json.dumps(document))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("without_loggers", "services.gateway.habits"),
        ("lines_repeated", 4),
        ("lines_repeated", None),
        ("lines_repeated", {"gateway": 1.5}),
        ("without_label", ["db.query.summary"]),
        ("without_label", {"db.client.operation.duration": 1}),
        ("one_trace_in", 1.5),
        ("one_trace_in", True),
        ("metrics_every_s", "5"),
        ("errors_only", ["payments", 1]),
        ("restarting_exporter", "payments"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_by_name(key: str, value: object) -> None:
    with pytest.raises(TypeError, match=key):
        parse(json.dumps({"level": "a", "levels": {"a": {key: value}}}))


@pytest.mark.parametrize("name", ["clear", "hazy", "dense"])
def test_the_level_in_force_is_told_as_the_file_has_it(name: str) -> None:
    document = json.loads(SHIPPED)
    told = in_force(parse(json.dumps({**document, "level": name})))
    listed = {
        key: sorted(value) if isinstance(value, list) else value for key, value in document["levels"][name].items()
    }
    assert told == {"level": name, **listed}
    assert json.loads(json.dumps(told)) == told
