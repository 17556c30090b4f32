from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labctl.gameday.web.paths import plain

PIECES = st.sampled_from(
    ["/", "..", ".", "%2e", "%2f", "%5c", "\\", "%", "%25", "%00", "a", "t", ";", "?", "#", "é", " "]
)


@pytest.mark.parametrize(
    "target",
    [
        *("/t/blue/..", "/t/blue/../green/", "/t/blue/./x", "/t/blue/%2e%2e/green", "/t/blue/%2E%2e", "/t/blue/.%2e"),
        *("/t/blue//x", "//t/blue/", "//evil.example/", "/t/blue/%2fx", "/t/blue%2Fx", "/t/blue/%5c..", "/t/blue\\x"),
        *("/t/blue/%00", "/t/blue/%0d%0aHost:%20x", "/t/blue/%252e%252e/", "/t/blue/%25", "/t/blue/%zz", "/t/blue/%2"),
        *("http://evil.example/", "http://127.0.0.1:9000/t/blue/", "*", "", "t/blue", "evil.example:443", "/t/blue/#x"),
        *("/t/blue/a b", "/t/blue/é", "/t/blue/%ff", "/t/blue/%c0%ae%c0%ae/", "/t/blue/x\tHTTP/1.1", "/" + "a" * 9000),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(target: str) -> None:
    assert not plain(target)


@pytest.mark.parametrize(
    "target",
    [
        *("/", "/t/blue/", "/t/blue", "/t/blue/traces/0af7651916cd43dd8448eb211c80319c", "/t/blue/static/room.js?v=1"),
        *(
            "/t/blue/metrics?query=sum(rate(x%5B1m%5D))&since=5m",
            "/t/blue/logs?query={service=%22risk%22}%20|=%20a/../b",
        ),
        *("/t/blue/runbook/CheckoutErrorRatioHigh", "/join/WoSsl96WduU4IJFnnrQ4uA", "/t/blue/a.b", "/t/blue/%C3%A9"),
    ],
)
def test_what_means_one_thing_passes(target: str) -> None:
    assert plain(target)


@given(st.one_of(st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map(lambda each: "/t/" + "".join(each))))
def test_what_passes_stays_where_it_says(target: str) -> None:
    if not plain(target):
        return
    path = target.partition("?")[0]
    once = unquote(path)
    assert path.startswith("/")
    assert once.count("/") == path.count("/")
    assert "//" not in once
    assert unquote(once) == once
    assert not {".", ".."} & set(once.split("/"))
    assert "\\" not in once
    assert all(each.isprintable() or each == " " or ord(each) > 127 for each in once)
