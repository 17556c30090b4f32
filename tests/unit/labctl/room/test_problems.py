from __future__ import annotations

import pytest

from labctl.actions import changes
from labctl.base import paths
from labctl.base.errors import HostError, InputError, LabStateError, LookupFailedError, NotFoundError
from labctl.room.problems import part, status_of
from tests.support.room_world import Browser


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (InputError("x"), 422),
        (NotFoundError("x", "y", []), 404),
        (LabStateError("x"), 409),
        (LookupFailedError("x"), 502),
        (HostError("x"), 500),
    ],
)
def test_each_error_has_its_status(problem: LookupFailedError, status: int) -> None:
    assert status_of(problem) == status


def test_a_part_has_a_value_or_a_problem() -> None:
    def fails() -> int:
        raise InputError("no")

    assert (part(lambda: 5).value, part(lambda: 5).status) == (5, 200)
    assert part(fails).value is None
    assert part(fails).status == 422


def test_a_page_says_what_failed_what_was_expected_and_what_to_do(browser: Browser) -> None:
    answer = browser.get("/changes/difference?component=risk&at=never")
    assert answer.status_code == 422
    assert "&#39;never&#39; is no moment" in answer.text
    assert "Expected" in answer.text


def test_a_part_of_a_page_gets_the_problem_at_its_place(browser: Browser) -> None:
    answer = browser.get("/changes/difference?component=risk&at=never", **{"HX-Request": "true"})
    assert answer.headers["HX-Retarget"] == "#problem"
    assert "<html" not in answer.text


def test_a_view_shows_what_it_can(browser: Browser) -> None:
    browser.server.answers.clear()
    answer = browser.get("/page")
    assert answer.status_code == 200
    assert "Checkouts fail" in answer.text
    assert "Prometheus has not answered since" in answer.text


def test_a_bug_is_reported_to_a_file_and_not_to_the_page(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("the fault is payments-pool-cut")

    monkeypatch.setattr(changes, "changes", breaks)
    browser.client.application.testing = False
    answer = browser.get("/changes")
    assert answer.status_code == 500
    assert "payments-pool-cut" not in answer.text
    (report,) = (paths.state_root() / "reports").iterdir()
    assert "payments-pool-cut" in report.read_text()
    assert str(report) in answer.text
