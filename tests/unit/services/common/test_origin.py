from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.lookups import spans
from labctl.state.settings import PASSWORDS
from services.common import origin, tracing
from services.common.origin import ATTRIBUTE, SETTING, TEST
from tests.support.observed import Observed

KEY = "4f1c9a"


@pytest.fixture(autouse=True)
def live_key() -> Iterator[None]:
    origin.configure({SETTING: KEY})
    yield
    origin.configure({})


def test_who_has_the_key_is_a_customers_client() -> None:
    assert origin.accept(KEY) == ""
    assert origin.headers() == {"X-Api-Key": KEY}


@pytest.mark.parametrize("key", [None, "", "4f1c9", "4f1c9a0", "4F1C9A", "ÿ"])
def test_who_has_not_is_told_apart(key: str | None) -> None:
    assert origin.accept(key) == TEST


@given(st.text(st.characters(max_codepoint=255)))
def test_no_other_text_is_the_key(key: str) -> None:
    assert (origin.accept(key) == "") == (key == KEY)


def test_without_a_key_nobody_is_told_apart() -> None:
    origin.configure({})
    assert origin.accept(None) == origin.accept("anything") == ""
    assert origin.headers() == {"X-Api-Key": ""}


def test_every_span_of_such_a_request_says_so(observed: Observed) -> None:
    token = origin.bind(TEST)
    with tracing.tracer().start_as_current_span("outer"), tracing.tracer().start_as_current_span("inner"):
        assert origin.headers() == {}, "our own peers must not take it for a customer's"
    origin.release(token)
    with tracing.tracer().start_as_current_span("own work"):
        pass
    marks = {span.name: (span.attributes or {}).get(ATTRIBUTE) for span in observed.spans()}
    assert marks == {"outer": TEST, "inner": TEST, "own work": None}


def test_a_message_hands_on_whose_request_it_was() -> None:
    with origin.of_message({ATTRIBUTE: TEST}):
        assert origin.attributes() == {ATTRIBUTE: TEST}
        with origin.of_message({}):
            assert origin.attributes() == {}
    assert origin.current() == ""


def test_labctl_makes_the_key_and_knows_the_mark() -> None:
    assert SETTING in PASSWORDS
    assert spans.ORIGIN == ATTRIBUTE
