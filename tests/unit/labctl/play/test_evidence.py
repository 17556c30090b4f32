from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import InputError
from labctl.lookups.spans import Attribute, Span, Trace
from labctl.model.measurement import Curve, Window
from labctl.model.samples import Series
from labctl.model.vocabulary import Component
from labctl.play.evidence import (
    MAX_PIECES,
    Evidence,
    Kind,
    Sources,
    curve_differs,
    lines_differ,
    parse,
    parse_all,
    places,
    shows,
)
from labctl.play.evidence import trace_differs as tells
from tests.support.fake_metrics import FakeMetrics, steady, step_at

HEALTHY, BROKEN = Window(0, 29), Window(30, 89)


def curve(*values: float) -> Curve:
    return tuple((float(at), value) for at, value in enumerate(values))


def span(service: str, duration: float = 0.01, start: float = 40.0, **attributes: Attribute) -> Span:
    return Span("1", None, service, "work", start, duration, {k.replace("_", "."): v for k, v in attributes.items()})


def sources(metrics: FakeMetrics | None = None, *spans: Span, lines: Callable[[Window], int] = lambda _: 0) -> Sources:
    return Sources(metrics or FakeMetrics({}), lambda name: Trace(name, spans), lambda _, window: lines(window))


class TestParse:
    @pytest.mark.parametrize(
        ("text", "piece"),
        [
            ("promql:rate(a[1m])", Evidence(Kind.PROMQL, "rate(a[1m])")),
            ("trace: 4bf9 ", Evidence(Kind.TRACE, "4bf9")),
            ("LOG:time.*out: risk", Evidence(Kind.LOG, "time.*out: risk")),
        ],
    )
    def test_kind_and_text(self, text: str, piece: Evidence) -> None:
        assert parse(text) == piece

    @pytest.mark.parametrize("text", ["", "promql", "promql:", "screenshot:1.png", ":x"])
    def test_what_is_none(self, text: str) -> None:
        with pytest.raises(InputError, match="is not evidence"):
            parse(text)

    def test_the_same_piece_twice_is_one(self) -> None:
        assert len(parse_all(["log:a", "log: a"])) == 1

    def test_too_many(self) -> None:
        with pytest.raises(InputError, match="too many"):
            parse_all([f"log:{i}" for i in range(MAX_PIECES + 1)])

    @given(st.sampled_from(Kind), st.text(min_size=1).filter(str.strip))
    def test_reads_back(self, kind: Kind, text: str) -> None:
        piece = Evidence(kind, text.strip())
        assert parse(str(piece)) == piece


class TestDiffers:
    def test_a_clear_rise(self) -> None:
        assert curve_differs(curve(10, 11, 10, 9), curve(30, 31, 29))

    def test_a_clear_fall(self) -> None:
        assert curve_differs(curve(0.92, 0.93, 0.92), curve(0.4, 0.3, 0.2))

    def test_too_little(self) -> None:
        assert not curve_differs(curve(10, 10, 10), curve(12, 13, 12))

    def test_within_the_healthy_scatter(self) -> None:
        assert not curve_differs(curve(0, 20, 0, 20), curve(16, 15, 17, 16))

    def test_what_was_not_there_before_counts_from_zero(self) -> None:
        assert curve_differs((), curve(0.2, 0.1, 0.3))

    def test_nothing_measured_now_is_no_evidence(self) -> None:
        assert not curve_differs(curve(1, 2, 1), ())

    def test_a_counter_that_grows_as_it_did_is_no_evidence(self) -> None:
        assert not curve_differs(curve(*range(0, 300, 10)), curve(*range(300, 900, 10)))

    def test_a_counter_that_grows_faster_is(self) -> None:
        assert curve_differs(curve(*range(0, 300, 10)), curve(*range(300, 3000, 90)))

    @given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30))
    def test_no_curve_differs_from_itself(self, values: list[float]) -> None:
        assert not curve_differs(curve(*values), curve(*values))

    @given(st.floats(0.1, 1e6), st.integers(2, 20))
    def test_a_flat_curve_that_doubles_differs(self, level: float, count: int) -> None:
        assert curve_differs(curve(*[level] * count), curve(*[2 * level] * count))


class TestPromql:
    piece = Evidence(Kind.PROMQL, "misses")

    def test_looked_up_over_both_windows(self) -> None:
        assert shows(self.piece, Component.RISK, sources(FakeMetrics({"misses": step_at(30, 1, 9)})), HEALTHY, BROKEN)

    def test_what_did_not_move(self) -> None:
        assert not shows(self.piece, Component.RISK, sources(FakeMetrics({"misses": steady(3)})), HEALTHY, BROKEN)

    def test_a_query_without_data(self) -> None:
        assert not shows(self.piece, Component.RISK, sources(), HEALTHY, BROKEN)

    def test_a_replaced_container_is_no_difference(self) -> None:
        class Replaced(FakeMetrics):
            def query_range(self, promql: str, start: float, end: float, step: float) -> list[Series]:
                return [Series({"instance": str(start)}, tuple((start + i, 5.0) for i in range(int(end - start))))]

        assert not shows(self.piece, Component.RISK, sources(Replaced({})), HEALTHY, BROKEN)


class TestTrace:
    @pytest.mark.parametrize(
        ("component", "seen"),
        [
            (Component.RISK, span("risk", 0.3)),
            (Component.RISK, span("risk", error=True)),
            (Component.LINK_PAYMENTS_RISK, span("payments", 0.3)),
            (Component.POSTGRES, span("risk", 0.3, db_system_name="postgresql")),
            (Component.REDIS, span("risk", 0.3, db_system="redis")),
            (Component.ACQUIRER, span("payments", 0.3, server_address="acquirer")),
        ],
    )
    def test_a_slow_or_failed_span_at_the_component(self, component: Component, seen: Span) -> None:
        assert shows(Evidence(Kind.TRACE, "abc"), component, sources(None, span("gateway"), seen), HEALTHY, BROKEN)

    @pytest.mark.parametrize(
        "spans",
        [
            (span("risk"),),
            (span("payments", 0.3),),
            (span("risk", 0.3, start=10.0),),
            (span("gateway", start=20.0), span("risk", 0.3)),
        ],
        ids=["preferred", "elsewhere", "before", "began before"],
    )
    def test_what_tells_nothing(self, spans: tuple[Span, ...]) -> None:
        assert not tells(Trace("abc", spans), Component.RISK, BROKEN)

    def test_places(self) -> None:
        assert places(span("risk", server_address="postgres", db_system="postgresql")) == {"risk", "postgres"}


class TestLog:
    @pytest.mark.parametrize(
        ("before", "after", "verdict"),
        [(0, 3, True), (0, 2, False), (10, 20, False), (10, 60, True), (0, 0, False)],
    )
    def test_lines_per_second_are_compared(self, before: int, after: int, verdict: bool) -> None:
        assert lines_differ(before, after, Window(0, 30), Window(30, 60 + 30)) is verdict

    def test_counted_in_both_windows(self) -> None:
        looked = sources(lines=lambda window: 9 if window == BROKEN else 0)
        assert shows(Evidence(Kind.LOG, "timed out"), Component.RISK, looked, HEALTHY, BROKEN)
