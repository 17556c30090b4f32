from __future__ import annotations

from dataclasses import replace

from bench.labs.report import figures, report
from bench.labs.run import Plan, Run
from bench.labs.seen import Seen
from labctl.operate.cost import Cost

USE = {"gateway": Cost(60, 0.02), "postgres": Cost(110, 0.04)}


def seen(p95_s: float, failed: float = 0) -> Seen:
    return Seen(p95_s, 300, failed, USE)


RUN = Run(
    Plan(2, 5, 120),
    alone=seen(0.100),
    rest=({"bench-1": seen(0.110), "bench-2": seen(0.120)}, {"bench-1": seen(0.120), "bench-2": seen(0.130)}),
    broken={"bench-1": seen(0.900, 200), "bench-2": seen(0.125)},
    start_s=(20.0, 24.0),
    pause_s=1.5,
    resume_s=9.8,
)


def ratio(start: str) -> float:
    return next(each.ratio for each in figures(RUN) if each.name.startswith(start))


def test_each_figure_against_its_budget() -> None:
    assert round(ratio("2 labs at 5 requests/s: worst p95"), 3) == 0.65
    assert round(ratio("2 labs at 5 requests/s: memory"), 3) == round(170 / 700, 3)
    assert round(ratio("resuming"), 3) == round(9.8 / 15, 3)
    # The other lab took 125/130 of its time at rest, and differed by 130/120 there.
    assert round(ratio("one lab broken"), 3) == round((125 / 130) / 1.08, 3)


def test_the_page_has_every_window_of_every_lab_and_each_service() -> None:
    page = report(RUN, {"cores": 2})
    assert "| 1 | alone | 100 | 300 | 0 | 170 | 0.060 |" in page
    assert "| 1 | the first is broken | 900 | 300 | 200 | 170 | 0.060 |" in page
    assert "| 2 | the first is broken | 125 | 300 | 0 | 170 | 0.060 |" in page
    assert "| postgres | 110 | 0.040 |" in page
    assert "100% of such windows: within noise" in page


def test_failures_in_another_lab_are_told() -> None:
    worse = replace(RUN, broken={**RUN.broken, "bench-2": seen(0.125, 40)})
    assert "**more than noise**" in report(worse, {})


def test_one_lab_has_no_others() -> None:
    one = replace(RUN, plan=Plan(1, 5, 120))
    assert not any(each.name.startswith("one lab broken") for each in figures(one))
    assert "noise" not in report(one, {})
