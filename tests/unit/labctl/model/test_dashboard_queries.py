from __future__ import annotations

import re

import promql_parser
import yaml
from hypothesis import given
from hypothesis import strategies as st

from labctl.base import paths
from labctl.model.dashboard_queries import MOST_POINTS, SCRAPE_S, Moments, choice, filled, moments, named

AT = Moments(1000, 1900, 3)


def test_variables_are_filled_in_however_they_are_written() -> None:
    query = 'a{job=~"$service"} b{job=~"${service}"} c{job=~"${service:regex}"} d{job=~"[[service]]"}'
    assert filled(query, {"service": "x|y"}, AT).count('"x|y"') == 4


def test_what_is_no_variable_stays() -> None:
    query = 'label_replace(up, "a", "$1-$unknown", "b", "(.*)")'
    assert filled(query, {"service": "x"}, AT) == query


def test_the_times_of_a_query() -> None:
    assert filled("r[$__rate_interval] i[$__interval] $__range", {}, AT) == "r[20s] i[5s] 900s"
    assert filled("[$__rate_interval]", {}, Moments(0, 3600, 30)) == "[35s]"


def test_the_interval_is_that_of_the_data_source() -> None:
    text = (paths.bundle_root() / "grafana/provisioning/datasources/lab.yml").read_text()
    own = next(each for each in yaml.safe_load(text)["datasources"] if each["type"] == "prometheus")
    assert own["jsonData"]["timeInterval"] == f"{SCRAPE_S:g}s"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), min_size=1), min_size=1))
def test_a_choice_matches_its_values_only_and_stays_inside_its_quotes(values: list[str]) -> None:
    pattern = choice(values)
    assert all(re.fullmatch(pattern, each) for each in values)
    assert not re.fullmatch(pattern, "".join(values) + "x")
    selector = promql_parser.parse(filled('up{job=~"$service"} + down', {"service": pattern}, AT))
    assert isinstance(selector, promql_parser.BinaryExpr)


@given(st.floats(1e9, 2e9), st.floats(1, 6 * 3600))
def test_moments_are_multiples_of_their_step_and_few(end: float, span: float) -> None:
    found = moments(end, span)
    assert found.first % found.step == found.last % found.step == 0
    assert end - found.step < found.last <= end
    assert 1 <= found.count <= MOST_POINTS + 1
    assert found.last - found.first <= span


def test_moments_since_one_fall_on_the_same_ones() -> None:
    assert Moments(0, 90, 3).since(80) == Moments(81, 90, 3)
    assert Moments(0, 90, 3).since(-5) == Moments(0, 90, 3)
    assert Moments(0, 90, 3).since(500) == Moments(90, 90, 3)


def test_a_moment_has_a_place() -> None:
    at = Moments(10, 19, 3)
    assert [at.place(each) for each in (10, 13.001, 19, 22, 7)] == [0, 1, 3, None, None]


def test_curves_are_called_as_the_legend_says_or_by_their_labels() -> None:
    labels = {"job": "risk", "code": "500", "__name__": "x"}
    assert named("{{job}} → {{ code }} {{none}}", labels) == "risk → 500"
    assert named("", labels) == "x{code=500, job=risk}"
    assert named("", {}) == ""
