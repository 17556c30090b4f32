from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from labctl.actions.logs import Line
from labctl.room.views.logs import ids
from tests.support.room_world import Browser


def test_lines_with_their_fields_and_how_many_there_were(browser: Browser) -> None:
    text = browser.get("/logs?since=1m").text
    assert "request_id" in text
    assert "http_route" in text
    assert "rect class=" in text
    assert browser.looked_up == ["logs"]


def test_what_was_asked_for_is_asked(browser: Browser) -> None:
    browser.get("/logs?service=risk&level=warn&grep=timeout|refused&since=5m")
    queries = [
        each.params["query"] for each in browser.server.requests if each.path.endswith("/loki/api/v1/query_range")
    ]
    assert queries[0] == '{service_name="risk", level=~"warn|error|fatal"} |~ "timeout|refused"'
    assert queries[1].startswith("sum by (level) (count_over_time(" + queries[0])


def test_what_is_no_expression_is_said_at_its_place(browser: Browser) -> None:
    answer = browser.get("/logs?grep=(")
    assert answer.status_code == 422
    assert "is not a regular expression" in answer.text
    assert 'id="found"' in answer.text
    assert browser.looked_up == []


def test_patterns_and_putting_them_aside(browser: Browser) -> None:
    text = browser.get("/logs?view=patterns&since=5m").text
    assert "retrying risk after &lt;…&gt; ms, attempt &lt;…&gt;" in text
    (put_aside,) = re.findall(r'href="([^"]+aside=[^"]+)"', text)[:1]
    rest = browser.client.get(put_aside.replace("&amp;", "&"), base_url="http://127.0.0.1:21005").text
    assert "put aside" in rest
    assert len(re.findall("Put aside</a>", rest)) == len(re.findall("Put aside</a>", text)) - 1


def test_what_came_before_and_after_is_a_look_up(browser: Browser) -> None:
    at = quote((datetime.now(UTC) - timedelta(seconds=40)).isoformat())
    text = browser.get(f"/logs/around?service=risk&at={at}").text
    assert text.count("<li") > 10
    assert browser.looked_up == ["logs"]


def test_new_lines_come_the_newest_first_and_are_no_new_look_up(browser: Browser) -> None:
    known = quote((datetime.now(UTC) - timedelta(seconds=3)).isoformat())
    text = browser.get(f"/logs/newer?since=1m&known={known}").text
    times = re.findall(r'<time datetime="([^"]+)"', text)
    assert len(times) > 3
    assert times == sorted(times, reverse=True)
    assert browser.looked_up == []


def test_the_same_line_has_the_same_id_again(browser: Browser) -> None:
    def ids() -> set[str]:
        return set(re.findall(r'id="(l[0-9a-f]{16})"', browser.get("/logs?since=1m").text))

    first, second = ids(), ids()
    assert len(first & second) > 50


def test_an_earlier_time_is_asked_for_up_to_its_end(browser: Browser) -> None:
    until = datetime.now(UTC) - timedelta(minutes=5)
    browser.get(f"/logs?since=1m&until={quote(until.isoformat())}")
    asked = next(each for each in browser.server.requests if "loki/api/v1/query_range" in each.path)
    assert abs(int(asked.params["end"]) / 1e9 - until.timestamp()) < 0.001


def test_the_addresses_on_a_line_lead_where_they_say(browser: Browser) -> None:
    text = browser.get("/logs?since=1m&level=info&aside=a1&aside=b2").text
    (only,) = re.findall(r'href="([^"]+)">Only gateway<', text)[:1]
    assert only == "/room/lab/logs?service=gateway&amp;level=info&amp;since=1m&amp;aside=a1&amp;aside=b2"
    (around,) = re.findall(r'hx-get="([^"]+/around[^"]+)"', text)[:1]
    assert browser.client.get(around.replace("&amp;", "&"), base_url="http://127.0.0.1:21005").status_code == 200


def test_lines_that_came_twice_have_an_id_each() -> None:
    at = datetime(2031, 5, 3, tzinfo=UTC)
    twice, other = (Line(at, "error", "risk", "timed out", span_id=span) for span in ("1" * 16, "2" * 16))
    first, again, third = map(ids(), (twice, twice, other))
    assert len({first, again, third}) == 3
    assert (first, again) == (f"{first}", f"{first}-2")
    assert ids()(twice) == first
