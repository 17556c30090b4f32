"""The API asked in every way that its description allows, and in many that it does not: by schemathesis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks

from labctl.room.api import descriptions
from labctl.room.app import create_app
from labctl.room.identity import ByFront
from labctl.room.limits import Limiter, Rate
from tests.support.catalogue import use_only
from tests.support.example_fault import EXAMPLE
from tests.support.room_api import API, terminal
from tests.support.room_world import PREFIX, SECRET, Browser

Operation = Any
"""As schemathesis has it: its types change with its versions."""
EXAMPLES = 8
"""Of each action, good ones and as many bad ones."""
LAST = ("/submit", "/give-up", "/debrief", "/postmortem")
"""They end the incident: what is asked after them is refused."""
CHECKS = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
TOO_LARGE = 413
FRONT = {"X-Room-User": "ada", "X-Room-Front": "the front's", "X-Room-Via": "terminal"}


@pytest.fixture
def operations(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Operation]]:
    terminal(browser, monkeypatch)
    use_only(monkeypatch, EXAMPLE)
    app = create_app("lab", PREFIX, ByFront(SECRET, "the front's"))
    room = app.extensions["room"]
    room.reads = room.changes = Limiter(Rate(burst=1e9, per_s=1e9))
    # Who may ask is tested elsewhere: here everybody may, and what is asked varies.
    described = descriptions.document()
    del described["security"]
    monkeypatch.setattr(descriptions, "document", lambda: described)
    descriptions.text.cache_clear()
    schema: Any = schemathesis.openapi.from_wsgi(f"{API}/openapi.json", app)
    found = [each.ok() for each in schema.get_all_operations()]
    yield sorted(found, key=lambda each: each.path in LAST)
    descriptions.text.cache_clear()


@pytest.mark.timeout(600)
def test_no_request_meets_a_bug_and_every_answer_is_as_described(operations: list[Operation]) -> None:
    assert len(operations) > 30
    for operation in operations:
        for mode in GenerationMode:
            if mode is GenerationMode.POSITIVE or operation.body:
                ask(operation, mode)


def ask(operation: Operation, mode: GenerationMode) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def asked(case: Any) -> None:
        response = case.call(headers=FRONT)
        assert response.status_code != 500, (case.as_curl_command(), response.text)
        # The check knows no status for what is too large to be looked at.
        bad = [checks.negative_data_rejection] if response.status_code != TOO_LARGE else []
        case.validate_response(response, checks=[*CHECKS, *bad])

    asked()
