from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from services.telemetry.loki import evaluate
from services.telemetry.loki.evaluate import Evaluation, LimitError, Matrix
from services.telemetry.loki.metric_parser import parse
from services.telemetry.loki.syntax import LogQuery
from services.telemetry.store.reader import Reader
from tests.support.otlp import TRACE, logs, record

SECOND = 10**9
ALL = '{service_name=~".+"}'


@pytest.fixture(autouse=True)
def some_lines(stored: Callable[..., None]) -> None:
    stored(
        logs(*(record("12345", time=at * SECOND, trace_id=TRACE) for at in (10, 11, 12, 20))),
        logs(record("é", time=12 * SECOND, severity=17, tags={"code": "x"}), service="risk"),
    )


@pytest.fixture
def ask(reader: Reader) -> Callable[..., Matrix]:
    def run(text: str, times: Sequence[int] = (20,)) -> Matrix:
        query = parse(text)
        assert not isinstance(query, LogQuery)
        with reader.open() as (connection, deadline):
            return Evaluation(connection, [time * SECOND for time in times], deadline).run(query)

    return run


Ask = Callable[..., Matrix]


def only(found: Matrix) -> dict[int, float]:
    ((_, values),) = found.items()
    return values


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("sum(count_over_time({} [20s]))", 5),
        ("sum(rate({} [20s]))", 0.25),
        ("sum(bytes_over_time({} [20s]))", 22),
        ("sum(bytes_rate({} [20s]))", 1.1),
        ('sum(count_over_time({} |= "123" [20s]))', 4),
        ("avg(count_over_time({} [20s]))", 2.5),
        ("min(count_over_time({} [20s]))", 1),
        ("max(count_over_time({} [20s]))", 4),
        ("count(count_over_time({} [20s]))", 2),
        ("sum(count_over_time({} [20s])) + sum(count_over_time({} [20s]))", 10),
        ("vector(1)+vector(1)", 2),
    ],
)
def test_one_value(ask: Ask, query: str, value: float) -> None:
    assert only(ask(query.replace("{}", ALL))) == {0: pytest.approx(value)}


def test_a_window_has_its_end_and_not_its_start(ask: Ask) -> None:
    counted = only(ask('count_over_time({service_name="payments"}[2s])', [9, 10, 11, 12, 13, 14, 20]))
    assert counted == {1: 1, 2: 2, 3: 2, 4: 1, 6: 1}


def test_series_by_the_streams_labels_and_what_a_parser_found(ask: Ask) -> None:
    found = ask(f"count_over_time({ALL}[20s])")
    assert [dict(key)["service_name"] for key in found] == ["payments", "risk"]
    assert all("trace_id" not in dict(key) for key in found)
    assert ("__error__", "JSONParserErr") in next(iter(ask(f"count_over_time({ALL} | json [20s])")))


@pytest.mark.parametrize(
    ("grouping", "found"),
    [
        ("by (level)", {(("level", "info"),): 4, (("level", "error"),): 1}),
        ("by (trace_id)", {(("trace_id", TRACE.hex()),): 4, (): 1}),
        ("by (code, level)", {(("level", "info"),): 4, (("code", "x"), ("level", "error")): 1}),
    ],
)
def test_grouping(ask: Ask, grouping: str, found: dict[object, float]) -> None:
    series = ask(f"sum {grouping} (count_over_time({ALL}[20s]))")
    assert {key: values[0] for key, values in series.items()} == found


def test_series_meet_those_with_the_same_labels(ask: Ask) -> None:
    per_service = "sum by (service_name) (count_over_time({}[20s]))"
    both = ask(per_service.replace("{}", ALL) + "+" + per_service.replace("{}", '{level="info"}'))
    assert both == {(("service_name", "payments"),): {0: 8.0}}


def test_nothing_is_no_series(ask: Ask) -> None:
    assert ask('count_over_time({service_name="nobody"}[1m])') == {}


def test_the_number_of_series_is_bounded(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "MAX_SERIES", 1)
    with pytest.raises(LimitError, match=r"maximum of series \(1\)"):
        ask(f"count_over_time({ALL}[20s])")


@pytest.mark.parametrize(
    ("limit", "words"), [("MAX_UNGROUPED", "more than 1 series"), ("MAX_POINTS", "more than 1 poi")]
)
def test_what_a_query_holds_on_its_way_is_bounded(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, limit: str, words: str
) -> None:
    monkeypatch.setattr(evaluate, limit, 1)
    with pytest.raises(LimitError, match=words):
        ask(f"sum(count_over_time({ALL}[20s]))")


COUNTED = (
    ALL,
    ALL + ' |= "123"',
    ALL + ' |~ "123|é"',
    ALL + ' |~ "^1.3|É" |~ "(?i)é|5$"',
    ALL + f' | trace_id="{TRACE.hex()}"',
    '{service_name="payments"} |= "2" |~ "3"',
)


@pytest.mark.parametrize("selector", COUNTED)
@pytest.mark.parametrize("times", [range(10, 22, 2), (20,), range(8, 24, 4)])
@pytest.mark.parametrize("function", ["count_over_time", "rate"])
def test_what_sqlite_counts_is_what_the_pipeline_counts(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, selector: str, times: Sequence[int], function: str
) -> None:
    step = times[1] - times[0] if len(times) > 1 else 20
    query = f"sum by (level, service_name) ({function}({selector} [{step}s]))"
    counted = ask(query, times)
    monkeypatch.setattr(Evaluation, "_is_seamless", lambda *_: False)
    assert counted == ask(query, times)
    assert counted


def test_no_line_is_read_to_be_counted(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "entries", lambda *_, **__: pytest.fail("lines were read"))
    assert only(ask(f'sum by (level) (count_over_time({ALL} |~ "12345" [10s]))', (10, 20))) == {0: 1, 1: 3}


def test_the_highest_and_the_lowest_series_at_every_moment(ask: Ask) -> None:
    counted = f"sum by (service_name) (count_over_time({ALL}[3s]))"
    times = (12, 20)
    highest, lowest = ask(f"topk(1, {counted})", times), ask(f"bottomk(1, {counted})", times)
    assert highest == {(("service_name", "payments"),): {0: 3, 1: 1}}
    assert lowest == {(("service_name", "risk"),): {0: 1}, (("service_name", "payments"),): {1: 1}}


@pytest.mark.parametrize(("function", "value"), [("avg", 5.75), ("sum", 23), ("min", 1), ("max", 12.5)])
def test_values_of_a_label_count_instead_of_lines(
    stored: Callable[..., None], ask: Ask, function: str, value: float
) -> None:
    took: tuple[tuple[str, str | float], ...] = (
        ("took", 12.5),
        ("took", 1),
        ("took", 3.5),
        ("took", 6),
        ("took", "soon"),
        ("other", 99),
    )
    stored(
        logs(
            *(record("x", time=15 * SECOND + n, tags={name: each}) for n, (name, each) in enumerate(took)),
            service="jobs",
        )
    )
    query = f'{function}_over_time({{service_name="jobs"}} | unwrap took | __error__="" [20s])'
    assert only(ask(f"{query} by ()")) == {0: value}
    # Without groups, a series has the labels of its stream.
    ((key, values),) = ask(query).items()
    assert dict(key)["service_name"] == "jobs"
    assert values == {0: value}


def test_a_line_that_is_made_anew_is_what_later_filters_see(ask: Ask) -> None:
    assert only(ask(f'sum(count_over_time({ALL} | line_format "code {{{{.code}}}}" |= "code x" [20s]))')) == {0: 1}


def test_lines_like_a_pattern(ask: Ask) -> None:
    assert only(ask(f"sum(count_over_time({ALL} |> `1<_>5` [20s]))")) == {0: 4}
    assert only(ask(f"sum(count_over_time({ALL} !> `1<_>5` [20s]))")) == {0: 1}
