from __future__ import annotations

import re

import pytest

from services.telemetry.fog.exposed import LIVE, Exposed
from services.telemetry.fog.level import CLEAR, Level
from services.telemetry.metrics.registry import Registry
from tests.support.markdown import ROOT
from tests.support.otlp import counter, exemplar, gauge, histogram, metrics, number, observed

HAZY = Level("hazy", metrics_every_s=5)
LATE = Level("dense", metrics_every_s=15, metrics_late_s=10)


class Lab:
    """A registry and its page, at a time that the test moves."""

    def __init__(self, level: Level) -> None:
        self.level = level
        self.at = 1000.0
        self.registry = Registry(10, lambda: self.at)
        self.exposed = Exposed(self.registry, lambda: self.level, lambda: self.at)

    def sends(self, value: int, service: str = "payments") -> None:
        self.registry.accept(
            metrics(counter("jobs", number(value)), gauge("stream.lag", number(value)), service=service)
        )

    def line(self, name: str, *, exemplars: bool = True) -> list[str]:
        page = {family.name: text for family, text in self.exposed.families(exemplars=exemplars)}
        return [re.sub(r"\{.*\}", "", each) for each in page.get(name, "").splitlines()]


def test_a_clear_page_has_the_last_points_and_no_times() -> None:
    lab = Lab(CLEAR)
    lab.sends(3)
    assert lab.line("jobs") == ["jobs_total 3"]
    assert lab.exposed.families(exemplars=True) == lab.registry.snapshot(exemplars=True)


def test_in_fog_there_is_a_point_every_five_seconds_with_its_own_time() -> None:
    lab = Lab(HAZY)
    seen = []
    for second in range(11):
        lab.at = 1000.0 + second
        lab.sends(second)
        seen += lab.line("jobs")
    assert list(dict.fromkeys(seen)) == ["jobs_total 0 1000.000", "jobs_total 5 1005.000", "jobs_total 10 1010.000"]


def test_what_pages_is_as_fresh_as_ever() -> None:
    lab = Lab(LATE)
    for value in range(3):
        lab.at += 1
        lab.sends(value)
        assert lab.line("stream_lag") == [f"stream_lag {value}"]


def test_every_metric_of_the_alert_rules_is_fresh() -> None:
    rules = (ROOT / "compose" / "prometheus" / "alerts.yml").read_text("utf-8")
    read = set(re.findall(r"\b((?:client|http|stream|db|cache|payments|risk|job|circuit)_\w+)\b(?=[\[{) ])", rules))
    assert read
    families = {re.sub(r"_(bucket|count|sum|total)$", "", each) for each in read}
    assert families <= LIVE


def test_late_points_keep_their_time() -> None:
    lab = Lab(LATE)
    seen: dict[float, list[str]] = {}
    for second in range(41):
        lab.at = 1005.0 + second
        lab.sends(second)
        seen[lab.at] = lab.line("jobs")
    assert seen[1005.0] == seen[1029.0] == ["jobs_total 0 1005.000"]
    assert seen[1030.0] == seen[1044.0] == ["jobs_total 15 1020.000"]
    assert seen[1045.0] == ["jobs_total 30 1035.000"]


def test_an_exporter_that_is_away_leaves_a_gap_and_no_level() -> None:
    lab = Lab(HAZY)
    lab.sends(1)
    assert lab.line("jobs") == ["jobs_total 1 1000.000"]
    lab.at = 1005.0
    assert lab.line("jobs") == []
    lab.at = 1006.0
    lab.sends(2)
    lab.at = 1007.0
    assert lab.line("jobs") == []
    lab.at = 1010.0
    lab.sends(3)
    assert lab.line("jobs") == ["jobs_total 3 1010.000"]


def test_a_plain_page_has_milliseconds_and_no_exemplars() -> None:
    lab = Lab(HAZY)
    lab.registry.accept(metrics(histogram("took", observed([1, 0, 0], exemplars=[exemplar(0.05)]))))
    assert lab.line("took_seconds", exemplars=False)[0] == "took_seconds_bucket 1 1000000"


@pytest.mark.parametrize(("trace_id", "there"), [(b"\xff" * 16, True), (bytes(15) + b"1", False)])
def test_an_exemplar_leads_to_a_trace_that_is_kept(trace_id: bytes, there: bool) -> None:
    lab = Lab(Level("hazy", one_trace_in=10, metrics_every_s=5))
    lab.registry.accept(metrics(histogram("took", observed([1, 0, 0], exemplars=[exemplar(0.05, trace_id=trace_id)]))))
    text = {family.name: text for family, text in lab.exposed.families(exemplars=True)}["took_seconds"]
    first = text.splitlines()[0]
    assert (" 1000.000 # {" in first) == there
    assert first.endswith(" 1000.000") != there


def test_series_that_a_level_adds_up_are_forgotten_as_it_begins_and_ends() -> None:
    lab = Lab(CLEAR)
    lab.sends(1)
    assert lab.line("jobs")
    lab.level = Level("hazy", without_label={"jobs": "job.name"})
    assert lab.line("jobs") == []
    lab.sends(2)
    assert lab.line("jobs") == ["jobs_total 2"]
    lab.level = CLEAR
    assert lab.line("jobs") == []


def test_when_it_clears_the_last_points_are_back_at_once() -> None:
    lab = Lab(HAZY)
    lab.sends(1)
    lab.line("jobs")
    lab.at += 1
    lab.sends(2)
    lab.level = CLEAR
    assert lab.line("jobs") == ["jobs_total 2"]
