"""An agent on a real lab: its look-ups see the telemetry, and are in the journal as those of a person are."""

from __future__ import annotations

import os
import sys
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters, stdio_client

from labctl.lab.lab import Lab
from labctl.state.journal import LOOK_UP

pytestmark = pytest.mark.lab
LOOK_UPS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("topology", {}, "edges"),
    ("metrics", {"query": "sum(rate(client_request_duration_seconds_count[20s]))"}, "series"),
    ("logs", {"service": "gateway", "since": "5m"}, "lines"),
    ("traces", {"service": "payments"}, "traces"),
    ("sql", {"statement": "SELECT count(*) FROM payments"}, "rows"),
)


def test_an_agent_sees_what_a_person_sees(lab: Lab) -> None:
    before = len(lab.store.journal.entries(kind=LOOK_UP))
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "labctl", "mcp", "--name", lab.name], env=dict(os.environ)
    )

    async def session() -> None:
        async with Client(stdio_client(server)) as client:
            for tool, given, part in LOOK_UPS:
                found = await client.call_tool(tool, given)
                assert not found.is_error, found.content
                assert found.structured_content
                assert found.structured_content[part], tool

    anyio.run(session)
    asked = [entry.payload["command"] for entry in lab.store.journal.entries(kind=LOOK_UP)[before:]]
    assert asked == [tool for tool, _, _ in LOOK_UPS]
