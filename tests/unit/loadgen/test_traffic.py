from __future__ import annotations

import pytest

from loadgen.traffic import USUAL, Traffic, parse


def test_what_is_left_out_is_as_usual() -> None:
    assert parse("{}") == USUAL
    assert parse('{"rate": 2}') == Traffic(2.0)
    history = parse('{"rate": 1.5, "endpoints": {"history": 4}}')
    assert (history.rate, history.of("history"), history.of("checkout")) == (1.5, 4.0, 1.0)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"rate": -1}', '{"rate": 21}', '{"rate": NaN}', '{"rate": true}', '{"endpoints": [1]}',
             '{"endpoints": {"history": "4"}}'],
)  # fmt: skip
def test_what_no_clients_can_do_is_refused(text: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        parse(text)
