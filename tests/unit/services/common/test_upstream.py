from __future__ import annotations

import pytest

from services.common.upstream import Answer, BreakerOpenError, UpstreamFailedError, UpstreamTimeoutError


@pytest.mark.parametrize(("status", "ok"), [(200, True), (201, True), (404, False), (422, False)])
def test_an_answer_knows_whether_it_is_good(status: int, ok: bool) -> None:
    assert Answer(status, {}).ok is ok


@pytest.mark.parametrize(
    ("status", "error_type", "retriable"),
    [(500, "500", False), (502, "502", True), (503, "503", True), (504, "504", True), (200, "invalid_response", False)],
)
def test_which_failures_are_worth_another_attempt(status: int, error_type: str, retriable: bool) -> None:
    error = UpstreamFailedError("risk", status, "no")
    assert (error.error_type, error.retriable) == (error_type, retriable)


def test_errors_name_the_peer() -> None:
    assert str(UpstreamTimeoutError("risk", "too late")) == "risk: too late"
    assert not BreakerOpenError("risk", 1.0).retriable
