"""Texts from outside stay texts: nothing that a service, a colleague or a visitor writes becomes markup."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labctl.room.views.changes import by_day
from labctl.state.change_feed import NewChange
from tests.support.http_server import RecordedServer, Request
from tests.support.room_world import Browser

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</summary></details><b id=pwned>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "\u202egnp.exe\u2066 \x1b[31m\x00\x07",
    "hx-on:click=alert(1) hx-get=//evil.example",
    "a" * 3000,
)
TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=80), st.text("<>\"'&/={}%\u202e\x00", max_size=30))


class Seen(HTMLParser):
    """The elements of a page, and their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.shape: list[tuple[str, tuple[str, ...]]] = []
        self.values: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shape.append((tag, tuple(name for name, _ in attrs)))
        self.values += [value or "" for name, value in attrs if name in ("href", "src", "action", "hx-get")]


def one_line(server: RecordedServer, text: str) -> None:
    """Let the log store answer one line that has the text everywhere."""

    def answer(request: Request) -> object:
        if "count_over_time" in request.params["query"]:
            return {"status": "success", "data": {"resultType": "matrix", "result": []}}
        # A level or a trace that is none changes what a line offers, so these stay what they are.
        fields = {
            "service_name": f"s{text}",
            "level": "info",
            "trace_id": "ab",
            f"n{text}": text,
            "request_id": f"r{text}",
        }
        at = int(float(request.params["end"]) - 5e9)
        found = [{"stream": fields, "values": [[str(at), f"said {text}"]]}]
        return {"status": "success", "data": {"resultType": "streams", "result": found}}

    server.answers["/loki/api/v1/query_range"] = (200, answer)


def test_a_log_line_is_text(browser: Browser) -> None:
    one_line(browser.server, "plain")
    plain = Seen(browser.get("/logs").text)

    @settings(max_examples=40)
    @given(text=TEXTS)
    def check(text: str) -> None:
        browser.client.application.extensions["room"].reads._left.clear()
        one_line(browser.server, text.encode("utf-8", "replace").decode())
        page = browser.get("/logs").text
        found = Seen(page)
        assert found.shape == plain.shape
        assert all(value.startswith(("/room/lab", "#")) for value in found.values)
        assert not {"\u202e", "\u2066", "\x1b", "\x00", "\x07"} & set(page)

    check()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_change_is_text(browser: Browser, text: str) -> None:
    change = NewChange(
        "configuration", text, f"{text}\n{text}", text, text, text, f"--- a\n+++ b\n@@ -1 +1 @@\n-{text}"
    )
    browser.lab.store.changes.add(change)
    found = Seen(browser.get("/changes").text)
    assert "script" not in [tag for tag, names in found.shape if "src" not in names]
    assert not [tag for tag, names in found.shape if tag in ("img", "b") or "onerror" in names or "onload" in names]
    asked = next(value for value in found.values if "/changes/difference" in value)
    difference = Seen(browser.client.get(asked, base_url="http://127.0.0.1:21005").text)
    assert {tag for tag, _ in difference.shape} <= {"p", "span", "table", "caption", "tbody", "tr", "td"}


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("path", ["logs", "traces", "metrics", "changes", "answer", "traces/x"])
def test_what_an_address_says_is_text(browser: Browser, path: str, text: str) -> None:
    names = ("service", "level", "grep", "trace", "since", "until", "view", "aside", "operation", "min_ms", "query",
             "range", "component", "kind", "mechanism", "because", "evidence")  # fmt: skip
    answer = browser.client.get(
        f"/room/lab/{path}", query_string=dict.fromkeys(names, text[:100]), base_url="http://127.0.0.1:21005"
    )
    found = Seen(answer.text)
    assert answer.status_code < 500 or answer.status_code == 502
    assert not [tag for tag, has in found.shape if tag == "img" or {"onerror", "onload"} & set(has)]
    assert all(value.startswith(("/room/lab", "#")) or value == "" for value in found.values)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_status_update_is_text(browser: Browser, text: str) -> None:
    browser.post("/updates", {"text": text[:2000]})
    found = Seen(browser.get("/page").text)
    assert not [tag for tag, names in found.shape if tag == "img" or {"onerror", "onload"} & set(names)]
    assert ("b", ("id",)) not in found.shape


def test_nothing_is_made_of_nothing() -> None:
    assert by_day([]) == []
