from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any

import pytest
from opentelemetry import trace

from services.common import logs, origin, request_context
from tests.support.observed import Observed

log = logging.getLogger("services.test")


@contextmanager
def configured() -> Iterator[io.StringIO]:
    """Send logs to a text for a while, as a service sends them to stdout."""
    handlers, level = logging.root.handlers[:], logging.root.level
    levels = {name: logging.getLogger(name).level for name in logs.QUIET}
    with redirect_stdout(io.StringIO()) as out:
        logs.configure("demo")
    yield out
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def logged(write: Callable[[], None]) -> dict[str, Any]:
    with configured() as out:
        write()
    line: dict[str, Any] = json.loads(out.getvalue())
    return line


def test_a_line_is_one_json_object() -> None:
    line = logged(lambda: log.info("paid %s", "well", extra={"amount_minor": 5, "odd": {1}}))
    assert line["message"] == "paid well"
    assert line["level"] == "info"
    assert line["service"] == "demo"
    assert line["logger"] == "services.test"
    assert line["amount_minor"] == 5
    assert line["odd"] == "{1}"
    assert line["timestamp"].endswith("+00:00")
    assert "trace_id" not in line
    assert "request_id" not in line


def test_a_line_knows_its_request_and_trace(observed: Observed) -> None:
    token = request_context.bind("req-1")
    with trace.get_tracer("t").start_as_current_span("work") as span:
        line = logged(lambda: log.warning("slow"))
    request_context.release(token)
    assert line["request_id"] == "req-1"
    assert line["trace_id"] == f"{span.get_span_context().trace_id:032x}"
    assert line["span_id"] == f"{span.get_span_context().span_id:016x}"
    assert observed.span("work")


def test_an_exception_brings_its_stack() -> None:
    line = logged(lambda: log.error("failed", exc_info=ValueError("no\nlines")))
    assert "ValueError: no" in line["stack"]


@pytest.mark.parametrize("name", logs.QUIET)
def test_libraries_that_repeat_themselves_are_quiet(name: str) -> None:
    with configured() as out:
        logging.getLogger(name).error("again")
    assert out.getvalue() == ""


def test_a_line_says_whether_a_customers_request_left_it() -> None:
    with origin.of_message({origin.ATTRIBUTE: origin.TEST}):
        assert logged(lambda: log.info("tried"))[origin.ATTRIBUTE] == "test"
    assert origin.ATTRIBUTE not in logged(lambda: log.info("by itself"))


def test_no_customers_client_sends_bytes_that_are_no_request() -> None:
    server = logging.getLogger("gunicorn.error")
    assert logged(lambda: server.warning("Invalid request from ip=%s: %s", "1.2.3.4", "x"))[origin.ATTRIBUTE] == "test"
    assert origin.ATTRIBUTE not in logged(lambda: server.info("Booting worker with pid: 7"))
