from bench.budgets import Figure
from bench.report import report

FIGURES = [Figure("injection to page", "s", (8.0, 9.0, 12.0), 15), Figure("one verification", "s", (), 60, "mean")]
PAGE = report(FIGURES, {"risk": (62.4, 0.0312)}, {"cores": 2, "memory_mb": 24000}, {"pass": 20})


def test_figures_with_their_budgets() -> None:
    assert "| injection to page (median of 3) | 9 s | 15 s | 0.60 | 8 to 12 |" in PAGE


def test_what_was_not_measured_is_not_made_up() -> None:
    assert "| one verification (mean of 0) | nan s | 60 s | nan | - to - |" in PAGE


def test_the_machine() -> None:
    assert "Machine: cores 2, memory mb 24000. Measured on " in PAGE


def test_outcomes_and_services() -> None:
    assert "Verifications: 20 pass; `bench/records/bench.json`" in PAGE
    assert "| risk | 62 | 0.031 |" in PAGE


def test_only_what_there_is() -> None:
    page = report(FIGURES, {}, {}, {})
    assert "Verifications" not in page
    assert "Service" not in page
