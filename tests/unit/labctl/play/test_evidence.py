from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.base.errors import InputError, LookupFailedError
from labctl.lookups.spans import Attribute, Span, Trace
from labctl.model.measurement import Curve, Window
from labctl.model.samples import Series
from labctl.play.evidence import (
    MAX_PIECES,
    Evidence,
    Kind,
    Looked,
    Sources,
    Symptom,
    curve_differs,
    lines_differ,
    look_up,
    parse,
    parse_all,
    places,
    where,
)
from labctl.play.own_requests import counted
from labctl.play.selectors import Matcher, Selector
from tests.support.fake_metrics import FakeMetrics, Signal, steady, step_at

HEALTHY, BROKEN = Window(0, 29), Window(30, 89)
TRIED: dict[str, Attribute] = {"user_agent.synthetic.type": "test"}


def curve(*values: float) -> Curve:
    return tuple((float(at), value) for at, value in enumerate(values))


def span(service: str, duration: float = 0.01, start: float = 40.0, **attributes: Attribute) -> Span:
    named = {k if "." in k else k.replace("_", "."): v for k, v in attributes.items()}
    return Span("1", None, service, "work", start, duration, named)


def metrics(**signals: Signal) -> FakeMetrics:
    """Return a Prometheus whose metrics are all of risk."""
    known = {where(name): steady(1) for name in signals}
    return FakeMetrics({**signals, **known}, labels={name: {"service": "risk"} for name in known})


def sources(
    metrics: FakeMetrics | None = None, *spans: Span, lines: Callable[[Window], Mapping[str, int]] = lambda _: {}
) -> Sources:
    return Sources(metrics or FakeMetrics({}), lambda name: Trace(name, spans), lambda _service, _text, at: lines(at))


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

    def test_what_shrinks_all_the_time_is_no_clock_either(self) -> None:
        assert not curve_differs(curve(*range(900, 600, -10)), curve(*range(600, 0, -10)))

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

    def look(self, metrics: FakeMetrics, piece: Evidence | None = None) -> Looked:
        return look_up(piece or self.piece, sources(metrics), HEALTHY, BROKEN)

    def test_looked_up_over_both_windows(self) -> None:
        assert self.look(metrics(misses=step_at(30, 1, 9))) == Looked(Kind.PROMQL, True, frozenset({"risk"}))

    def test_what_did_not_move(self) -> None:
        assert not self.look(metrics(misses=steady(3))).differs

    def test_a_query_without_data_says_so(self) -> None:
        with pytest.raises(LookupFailedError, match="matches nothing"):
            self.look(FakeMetrics({}))

    def test_a_replaced_container_is_no_difference(self) -> None:
        class Replaced(FakeMetrics):
            def query_range(self, promql: str, start: float, end: float, step: float) -> list[Series]:
                points = tuple((start + i, 5.0) for i in range(int(end - start)))
                return [Series({"instance": str(start), "service": "risk"}, points)]

        assert not self.look(Replaced({})).differs

    @pytest.mark.parametrize(
        "query",
        ["vector(time() > bool 40)", "timestamp(vector(1)) > bool 40", "sum(ALERTS)", "up", "misses > bool 3", "5"],
    )
    def test_what_any_incident_moves_is_refused_without_asking(self, query: str) -> None:
        asked = FakeMetrics({})
        with pytest.raises(InputError, match="can't be evidence"):
            self.look(asked, Evidence(Kind.PROMQL, query))
        assert asked.asked == []

    def test_a_query_that_only_prometheus_understands_is_refused(self) -> None:
        with pytest.raises(InputError, match="is not PromQL"):
            self.look(FakeMetrics({"new syntax !": steady(1)}), Evidence(Kind.PROMQL, "new syntax !"))

    def test_a_figure_of_everybody_does_not_say_where(self) -> None:
        class Everybody(FakeMetrics):
            def query_range(self, promql: str, start: float, end: float, step: float) -> list[Series]:
                if "increase" in promql:
                    return []  # nobody counts requests here
                return [Series({"service": each}, ((start, 1.0),)) for each in ("gateway", "payments", "risk")]

        with pytest.raises(InputError, match="3 services at once"):
            self.look(Everybody({}))

    @pytest.mark.parametrize(
        "query", ["paged_seconds_bucket", 'sum(rate(paged_seconds_count{endpoint="checkout"}[20s]))', "misses + paged"]
    )
    def test_what_the_page_measures_repeats_the_symptom(self, query: str) -> None:
        paged = Selector("paged_seconds_bucket", (Matcher("endpoint", "=", "checkout"),), "")
        looked = replace(
            sources(FakeMetrics({query: steady(1)})),
            symptom=Symptom((paged, replace(paged, metric="paged"))),
        )
        piece = Evidence(Kind.PROMQL, query)
        expected = "only ever grows" if query.startswith("paged_seconds_bucket") else "repeats the symptom"
        with pytest.raises(InputError, match=expected):
            look_up(piece, looked, HEALTHY, BROKEN)


class TestTrace:
    @pytest.mark.parametrize(
        ("place", "seen"),
        [
            ("risk", span("risk", 0.3)),
            ("risk", span("risk", error=True)),
            ("postgres", span("risk", 0.3, db_system_name="postgresql")),
            ("redis", span("risk", 0.3, db_system="redis")),
            ("acquirer", span("payments", 0.3, server_address="acquirer")),
        ],
    )
    def test_a_slow_or_failed_span_says_where(self, place: str, seen: Span) -> None:
        looked = look_up(Evidence(Kind.TRACE, "abc"), sources(None, span("gateway"), seen), HEALTHY, BROKEN)
        assert looked.differs
        assert place in looked.places
        assert "gateway" not in looked.places

    @pytest.mark.parametrize(
        "spans",
        [(span("risk"),), (span("risk", 0.3, start=10.0),), (span("gateway", start=20.0), span("risk", 0.3))],
        ids=["quick", "before", "began before"],
    )
    def test_what_tells_nothing(self, spans: tuple[Span, ...]) -> None:
        assert not look_up(Evidence(Kind.TRACE, "abc"), sources(None, *spans), HEALTHY, BROKEN).differs

    def test_the_trace_of_somebodys_own_request_is_refused(self) -> None:
        asked = sources(None, span("gateway", 0.3, 40.0, **TRIED), span("risk", 0.3, 40.0, **TRIED))
        with pytest.raises(InputError, match="a request of your own"):
            look_up(Evidence(Kind.TRACE, "abc"), asked, HEALTHY, BROKEN)

    def test_spans_of_somebodys_own_request_add_nothing_to_a_clients_trace(self) -> None:
        asked = sources(None, span("gateway", 0.3), span("risk", 0.3, 40.0, error=True, **TRIED))
        looked = look_up(Evidence(Kind.TRACE, "abc"), asked, HEALTHY, BROKEN)
        assert looked.places == {"gateway"}

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
        looked = sources(lines=lambda window: {"risk": 9} if window == BROKEN else {})
        found = look_up(Evidence(Kind.LOG, "timed out"), looked, HEALTHY, BROKEN)
        assert found == Looked(Kind.LOG, True, frozenset({"risk"}))

    def test_a_pattern_that_matches_nothing_says_so(self) -> None:
        with pytest.raises(LookupFailedError, match="matches nothing"):
            look_up(Evidence(Kind.LOG, "timed out"), sources(), HEALTHY, BROKEN)

    def test_a_catch_all_does_not_say_where(self) -> None:
        looked = sources(lines=lambda _: {"gateway": 9, "payments": 5, "risk": 3})
        with pytest.raises(InputError, match="3 services at once"):
            look_up(Evidence(Kind.LOG, "timeout|failed"), looked, HEALTHY, BROKEN)

    @pytest.mark.parametrize(
        ("text", "lines"),
        [
            ("timed out", (None, "timed out")),
            ("{risk} timed out", ("risk", "timed out")),
            ("{risk}", (None, "{risk}")),
            ("a{3} b", (None, "a{3} b")),
        ],
    )
    def test_one_services_lines(self, text: str, lines: tuple[str | None, str]) -> None:
        assert Evidence(Kind.LOG, text).lines == lines


class TestOwnRequests:
    @pytest.mark.parametrize("own", [0.0, 100.0])
    def test_a_few_requests_of_ones_own_leave_a_query_evidence(self, own: float) -> None:
        assert self.looked(own).differs

    def test_a_figure_is_no_evidence_while_many_requests_are_the_learners_own(self) -> None:
        with pytest.raises(InputError, match="14% of the requests lately were your own") as caught:
            self.looked(200.0)
        assert "nothing was judged" in caught.value.todo

    def looked(self, own: float) -> Looked:
        counts = {
            counted('http_server_synthetic_requests_total{service="gateway"}', BROKEN.seconds): steady(own),
            counted("client_request_duration_seconds_count", BROKEN.seconds): steady(1200.0),
        }
        known = metrics(cpu=step_at(30, 0.2, 0.9))
        known.signals = {**known.signals, **counts}
        return look_up(parse("promql:cpu"), sources(known), HEALTHY, BROKEN)
