"""Dashboards as Grafana writes them; what is not drawn here is said, and the shipped ones are drawn whole."""

from __future__ import annotations

import json
from typing import Any

import promql_parser
import pytest

from labctl.base import paths
from labctl.model.dashboard import Panel, Row
from labctl.model.dashboard_document import dashboard, panel_of
from labctl.model.dashboard_queries import choice, filled, moments

FILES = sorted((paths.bundle_root() / "grafana" / "dashboards").glob("*.json"))
GRID = {"x": 0, "y": 0, "w": 8, "h": 7}


def shipped() -> list[tuple[str, Panel]]:
    return [(path.stem, each) for path in FILES for each in dashboard(json.loads(path.read_text())).panels]


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_shipped_dashboard_is_read_whole(path: Any) -> None:
    document = json.loads(path.read_text())
    found = dashboard(document)
    assert found.unsupported == ()
    assert [each.id for each in found.panels] == [each["id"] for each in document["panels"] if each["type"] != "row"]
    assert [row.title for row in found.rows if row.title] == [
        each["title"] for each in document["panels"] if each["type"] == "row"
    ]


@pytest.mark.parametrize(("name", "panel"), shipped(), ids=[f"{name}-{each.title}" for name, each in shipped()])
def test_every_panel_of_a_shipped_dashboard_is_drawn(name: str, panel: Panel) -> None:
    assert panel.unsupported == ()
    assert panel.targets or panel.kind == "text"
    at = moments(1_700_000_000, 900)
    for each in panel.targets:
        query = filled(each.query, {"service": choice(["payments", "risk"])}, at)
        assert "$" not in query.replace('"$1"', "").replace('"$2"', "")
        if each.source == "prometheus":
            promql_parser.parse(query)


def a_panel(**more: Any) -> dict[str, Any]:
    target = {"refId": "A", "expr": "up", "datasource": {"type": "prometheus", "uid": "prometheus"}}
    return {"id": 1, "type": "timeseries", "title": "T", "gridPos": GRID, "targets": [target], **more}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"type": "geomap"}, "the panel type geomap"),
        ({"repeat": "service"}, "repeat"),
        ({"transformations": [{"id": "merge"}]}, "transformations"),
        ({"options": {"legend": {"calcs": ["variance"]}}}, "legend.calcs: variance"),
        ({"options": {"sparkle": True}}, "the option sparkle"),
        ({"fieldConfig": {"defaults": {"custom": {"drawStyle": "waves"}}}}, "draw style: waves"),
        ({"fieldConfig": {"defaults": {"custom": {"sparkle": 1}}}}, "the property custom.sparkle"),
        ({"fieldConfig": {"defaults": {"color": {"mode": "continuous-GrYlRd"}}}}, "color mode: continuous-GrYlRd"),
        ({"targets": [{"refId": "A", "expr": "x", "datasource": {"type": "mysql"}}]}, "the data source mysql"),
        ({"targets": [{"refId": "A", "expr": "x", "format": "heatmap"}]}, "the format heatmap"),
        ({"targets": [{"refId": "A", "expr": "x", "step": 9}]}, "a query's step"),
    ],
)
def test_what_is_not_drawn_is_said(more: dict[str, Any], said: str) -> None:
    assert panel_of(a_panel(**more)).unsupported == (said,)


def test_an_override_by_what_is_not_known_is_said() -> None:
    fields = {"overrides": [{"matcher": {"id": "byType", "options": "number"}, "properties": []}]}
    assert panel_of(a_panel(fieldConfig=fields)).unsupported == ("an override by byType",)


def test_a_panel_has_its_style_and_overrides() -> None:
    steps = [{"color": "green", "value": None}, {"color": "red", "value": 0.3}]
    fields = {
        "defaults": {"unit": "s", "min": 0, "thresholds": {"mode": "absolute", "steps": steps}, "noValue": "calm",
                     "custom": {"thresholdsStyle": {"mode": "line"}, "stacking": {"mode": "normal", "group": "A"}}},
        "overrides": [{"matcher": {"id": "byName", "options": "risk"}, "properties": [
            {"id": "color", "value": {"mode": "fixed", "fixedColor": "#123456"}},
            {"id": "custom.axisPlacement", "value": "right"},
        ]}],
    }  # fmt: skip
    found = panel_of(a_panel(fieldConfig=fields))
    style = found.style
    assert (style.unit, style.min, style.no_value, style.threshold_lines, style.stack) == (
        "s", 0.0, "calm", "line", "normal",
    )  # fmt: skip
    assert style.steps is not None
    assert [(each.value, each.color) for each in style.steps] == [(None, "green"), (0.3, "red")]
    (override,) = found.overrides
    assert (override.by, override.what, override.style.color, override.style.axis) == (
        "name", "risk", "#123456", "right",
    )  # fmt: skip
    assert found.unsupported == ()


def test_values_are_shown_as_texts() -> None:
    mappings = [
        {"type": "value", "options": {"0": {"text": "closed"}}},
        {"type": "range", "options": {"from": 1, "to": None, "result": {"text": "open", "color": "red"}}},
        {"type": "special", "options": {"match": "null", "result": {"text": "gone"}}},
    ]
    found = panel_of(a_panel(fieldConfig={"defaults": {"mappings": mappings}})).style.mappings
    assert found is not None
    assert [(each.low, each.high, each.text, each.missing) for each in found] == [
        (0.0, 0.0, "closed", False), (1.0, None, "open", False), (None, None, "gone", True),
    ]  # fmt: skip


def test_panels_belong_to_the_row_above_them_and_a_closed_row_has_its_own() -> None:
    def at(y: int, **more: Any) -> dict[str, Any]:
        return {**a_panel(gridPos={**GRID, "y": y}), **more}

    row = {"type": "row", "gridPos": {**GRID, "y": 8}, "id": 9}
    panels = [at(0), {**row, "title": "Open"}, at(9, id=2), {**row, "gridPos": {**GRID, "y": 20}, "title": "Closed",
              "collapsed": True, "panels": [at(21, id=3)]}]  # fmt: skip
    found = dashboard({"uid": "u", "title": "T", "panels": panels})
    assert [(row.title, row.closed, [each.id for each in row.panels]) for row in found.rows] == [
        ("", False, [1]), ("Open", False, [2]), ("Closed", True, [3]),
    ]  # fmt: skip
    assert isinstance(found.rows[0], Row)


def test_variables_are_the_values_of_a_label_or_a_list() -> None:
    listed = [
        {"type": "query", "name": "service", "query": {"query": 'label_values(up{a!~"b|c"}, job)'}, "multi": True,
         "includeAll": True, "current": {"value": ["$__all"]}},
        {"type": "custom", "name": "q", "query": "0.5, 0.95", "current": {"value": "0.95"}},
        {"type": "adhoc", "name": "filters"},
    ]  # fmt: skip
    found = dashboard({"uid": "u", "title": "T", "panels": [], "templating": {"list": listed}})
    service, quantile = found.variables
    assert service.label_of == ('up{a!~"b|c"}', "job")
    assert (service.several, service.all, service.chosen) == (True, True, ())
    assert (quantile.options, quantile.chosen) == (("0.5", "0.95"), ("0.95",))
    assert found.unsupported == ("the variable filters",)
