import pytest

from labctl.cli import verification_view
from labctl.verify.margin import Margin
from labctl.verify.verification_record import Timing
from tests.support.example_record import RECORD, record


def test_show(capsys: pytest.CaptureFixture[str]) -> None:
    verification_view.show(record(reasons=("something is off",)))
    said = capsys.readouterr().out
    for text in (
        "example-fault: pass",
        "something is off",
        "9.2 s (CheckoutErrorRatioHigh)",
        "requests queue",
        "never",
    ):
        assert text in said


def test_show_says_how_wide_the_margin_is(capsys: pytest.CaptureFixture[str]) -> None:
    verification_view.show(record(margin=Margin("Slow", 3.5, "Errors", 0.25)))
    said = capsys.readouterr().out
    assert "3.50 times the paging threshold" in said
    assert "0.25 times the paging threshold" in said
    verification_view.show(record(margin=Margin("Restarted", None, None, None)))
    assert "times the paging threshold" not in capsys.readouterr().out


def test_show_without_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    verification_view.show(record(page=None, timing=Timing()))
    assert "never" in capsys.readouterr().out


def test_summary(capsys: pytest.CaptureFixture[str]) -> None:
    verification_view.summary([RECORD, record(timing=Timing(7.0, 11.0, None, 50.0))])
    said = capsys.readouterr().out
    assert "2 runs: 2 pass" in said
    assert [line.split() for line in said.splitlines() if line.startswith("page")] == [["page", "10.1", "9.2", "11.0"]]


def test_summary_of_what_never_came(capsys: pytest.CaptureFixture[str]) -> None:
    verification_view.summary([record(timing=Timing())])
    assert ["page", "-", "-", "-"] in [line.split() for line in capsys.readouterr().out.splitlines()]
