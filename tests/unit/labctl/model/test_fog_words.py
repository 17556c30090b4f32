from __future__ import annotations

import json
from typing import Any

import pytest

from labctl.base.paths import bundle_root
from labctl.model.fog_words import hides, thins
from labctl.model.probe import Probe, grows
from labctl.model.signal import entry, lines, metric, rows, spans
from labctl.model.vocabulary import Component

LEVELS: dict[str, dict[str, Any]] = json.loads((bundle_root() / "compose/config/fog.json").read_text("utf-8"))["levels"]
RISKS = metric(
    Component.RISK, Probe("risk: p99", "rate(http_server_request_duration_seconds_count[20s])", grows(2), "s")
)
CLIENTS = metric(Component.CLIENTS, Probe("clients: errors", "rate(client_requests_total[20s])", grows(2), "1/s"))


def test_clear_telemetry_hides_nothing() -> None:
    assert hides(LEVELS["clear"]) == ()
    assert [
        thins(each, LEVELS["clear"]) for each in (RISKS, lines(Component.RISK, "x"), spans(Component.RISK, "x"))
    ] == ["", "", ""]


def test_each_setting_of_the_other_levels_is_said() -> None:
    for level in ("hazy", "dense"):
        assert len(hides(LEVELS[level])) == len(LEVELS[level]), level
    said = "; ".join(hides(LEVELS["hazy"]))
    for text in (
        "of 10 traces, 1 was kept",
        "a point every 5 s",
        "the exporter of payments was away 6 s of every 120 s",
    ):
        assert text in said
    assert "they could be read 10 s later" in hides(LEVELS["dense"])


@pytest.mark.parametrize(
    ("level", "signal", "how"),
    [
        ("hazy", RISKS, "a point every 5 s"),
        ("dense", RISKS, "a point every 15 s, 10 s late"),
        ("dense", CLIENTS, ""),
        ("hazy", spans(Component.RISK, "GET"), "1 trace in 10"),
        ("dense", spans(Component.RISK, "GET"), "no spans of risk"),
        ("hazy", lines(Component.PAYMENTS, "x"), "below a warning 1 line in 10"),
        ("dense", lines(Component.PAYMENTS, "x"), "errors of payments only"),
        ("dense", entry(Component.RISK, "x"), ""),
        ("dense", rows(Component.POSTGRES, Probe("rows", "SELECT 1", grows(2), "count")), ""),
    ],
)
def test_how_a_signal_is_thinned_out(level: str, signal: Any, how: str) -> None:
    assert thins(signal, LEVELS[level]) == how
