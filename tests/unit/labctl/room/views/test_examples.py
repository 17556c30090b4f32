from __future__ import annotations

import time

from labctl.actions.answer import moment
from labctl.actions.exemplars import Exemplar, Exemplars
from labctl.room.views.examples import SHOWN, drawn
from tests.support.room_world import Browser

PATH = "/api/v1/query_exemplars"


def test_a_graph_leads_to_the_traces_that_it_counts(browser: Browser) -> None:
    trace = {"labels": {"trace_id": f"{1:032x}"}, "value": "0.25", "timestamp": time.time() - 60}
    browser.server.reply(PATH, {"status": "success", "data": [{"exemplars": [trace]}]})
    text = browser.get("/metrics?query=rate(x_bucket[5s])").text
    assert text.count(f'href="/room/lab/traces/{1:032x}"') == 2
    assert browser.looked_up == ["metrics"]


def test_without_examples_the_graph_is_still_there(browser: Browser) -> None:
    browser.server.reply(PATH, {"status": "error", "error": "no storage"})
    text = browser.get("/metrics?query=rate(x_bucket[5s])").text
    assert "no storage" in text
    assert "data-plot" in text


def test_dots_are_over_the_whole_time_and_the_greatest_are_listed() -> None:
    found = tuple(Exemplar(moment(at), float(at), str(at)) for at in range(11))
    answer = drawn(Exemplars(moment(0), moment(10), found))
    assert [(each.x, each.y) for each in answer.dots][:: len(found) - 1] == [(0.0, 100.0), (1000.0, 0.0)]
    assert [each.value for each in answer.greatest] == [10.0, 9.0, 8.0, 7.0, 6.0][:SHOWN]
    assert drawn(Exemplars(moment(0), moment(10), ())).dots == ()
