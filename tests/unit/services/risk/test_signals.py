from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from services.common.upstream import Answer, UpstreamTimeoutError
from services.risk.requests import AssessmentRequest
from services.risk.signals import IssuerSignals
from tests.support.risk_examples import REGULAR

ASKED = AssessmentRequest(customer_id=7, merchant_id=5, amount_minor=2_000, currency="EUR")
NEW = replace(REGULAR, payments=29)


class Processor:
    """A client of the processor that answers with `body`, or raises `error`."""

    def __init__(self, body: dict[str, object] | None = None, error: Exception | None = None) -> None:
        self.body = {"suspicion": 0.99} if body is None else body
        self.error = error
        self.asked: list[Mapping[str, object]] = []

    def post(self, path: str, body: Mapping[str, object]) -> Answer:
        assert path == "/signals"
        self.asked.append(body)
        if self.error:
            raise self.error
        return Answer(200, self.body)


def signals(processor: Processor, at_once: int = 1) -> IssuerSignals:
    return IssuerSignals(processor, known_from=30, at_once=at_once)


def test_the_issuer_is_asked_for_a_customer_with_a_short_history() -> None:
    processor = Processor()
    assert signals(processor).suspicion(ASKED, NEW) == 0.99
    assert processor.asked == [{"customer": "cus_7", "amount_minor": 2_000, "currency": "EUR"}]


def test_nobody_is_asked_for_a_regular_customer() -> None:
    processor = Processor()
    assert signals(processor).suspicion(ASKED, replace(NEW, payments=30)) == 0.0
    assert processor.asked == []


def test_nobody_is_asked_while_the_flag_is_off() -> None:
    processor = Processor()
    asked = IssuerSignals(processor, known_from=30, at_once=1, enabled=lambda: False)
    assert asked.suspicion(ASKED, NEW) == 0.0
    assert processor.asked == []


def test_no_answer_is_no_reason_and_blocks_no_later_one() -> None:
    processor = Processor(error=UpstreamTimeoutError("acquirer", "late"))
    asked = signals(processor)
    assert [asked.suspicion(ASKED, NEW) for _ in range(3)] == [0.0] * 3
    assert len(processor.asked) == 3


@pytest.mark.parametrize("body", [{}, {"suspicion": "high"}, {"suspicion": None}])
def test_an_answer_that_says_nothing_is_no_reason(body: dict[str, object]) -> None:
    assert signals(Processor(body)).suspicion(ASKED, NEW) == 0.0


def test_only_so_many_ask_at_once() -> None:
    class Nested(Processor):
        def post(self, path: str, body: Mapping[str, object]) -> Answer:
            assert asked.suspicion(ASKED, NEW) == 0.0
            return super().post(path, body)

    processor = Nested()
    asked = signals(processor)
    assert asked.suspicion(ASKED, NEW) == 0.99
    assert len(processor.asked) == 1
