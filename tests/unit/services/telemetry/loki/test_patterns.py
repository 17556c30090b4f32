from __future__ import annotations

import pytest

from services.telemetry.loki.patterns import (
    MAX_PATTERN_LENGTH,
    PatternError,
    compile_pattern,
    compile_whole,
    empty_matches,
)


def test_anywhere_or_whole() -> None:
    assert compile_pattern("b+")("abbc")
    assert not compile_whole("b+")("abbc")
    assert compile_whole("pay.*|risk")("payments")
    assert compile_pattern("(?i)TIMEOUT")("a timeout")
    assert compile_pattern("é.")("caféx")


@pytest.mark.parametrize(("pattern", "empty"), [(".*", True), (".+", False), ("a|", True), ("", True)])
def test_what_an_absent_label_would_match(pattern: str, empty: bool) -> None:
    assert empty_matches(pattern) is empty


@pytest.mark.parametrize("pattern", ["(", "a**", r"\1", "(?=a)", "a{1000}{1000}", "x" * (MAX_PATTERN_LENGTH + 1)])
def test_what_re2_does_not_take(pattern: str) -> None:
    with pytest.raises(PatternError) as caught:
        compile_pattern(pattern)
    assert str(caught.value)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("pattern", ["(a+)+$", "^(a|a)*$", "(.*a){20}$", "a*a*a*a*a*a*b"])
def test_patterns_that_would_hold_up_a_backtracking_engine(pattern: str) -> None:
    assert not compile_pattern(pattern)("a" * 15 + "é" + "a" * 50_000 + "!")
