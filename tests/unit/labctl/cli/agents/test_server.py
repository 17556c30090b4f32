"""The tools as an agent has them: through the SDK's own client, over standard input and output."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
from mcp import Client, StdioServerParameters, stdio_client

from labctl.actions.typed_steps import STEPS
from labctl.cli.agents.server import tools
from labctl.model.mitigation import VERBS
from tests.support import schemas
from tests.support.example_fault import CAUSE

ROOT = Path(__file__).resolve().parents[5]
RIGHT = {
    "component": str(CAUSE.component),
    "trigger": str(CAUSE.trigger),
    "mechanism": str(CAUSE.mechanism),
    "impact": ["some-checkouts-fail"],
}


class Agent:
    """An agent's end of the connection."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def ask(self, tool: str, **given: object) -> dict[str, Any]:
        """Return a tool's answer, in the form that its schema says."""
        result = await self.client.call_tool(tool, given)
        assert not result.is_error, result.content
        document = result.structured_content
        assert isinstance(document, dict)
        schemas.validate(document)
        return document

    async def refused(self, tool: str, **given: object) -> str:
        """Return why a tool refuses."""
        result = await self.client.call_tool(tool, given)
        assert result.is_error
        return "".join(getattr(each, "text", "") for each in result.content)


def played(folder: Path, play: Callable[[Agent], Awaitable[None]]) -> None:
    """Let an agent play in a world of its own."""
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "tests.support.agents_world", str(folder)], cwd=ROOT
    )

    async def session() -> None:
        async with Client(stdio_client(server)) as client:
            await play(Agent(client))

    anyio.run(session)


def test_an_incident_is_solved_with_the_command_lines_verdicts_and_journal(tmp_path: Path) -> None:
    async def play(agent: Agent) -> None:
        page = await agent.ask("page")
        assert (page["status"], page["page"]["alert"]) == ("open", "CheckoutErrorRatioHigh")
        assert (await agent.ask("metrics", query="queue"))["series"][0]["value"] == 40
        assert (await agent.ask("lookups"))["lookups"][0]["command"] == "metrics"
        assert (await agent.ask("note", text="the queue grows"))["notes"][0]["text"] == "the queue grows"
        added = await agent.ask("hypothesis_add", text="the pool is too small")
        number = added["hypotheses"][0]["number"]
        borne = await agent.ask("hypothesis_bear", number=number, bearing="supported", evidence=["#1"])
        assert borne["hypotheses"][0]["state"] == "supported"
        wrong = await agent.ask("submit", **{**RIGHT, "component": "payments"})
        assert (wrong["verdict"], wrong["attempts_left"]) == ("wrong", 4)
        right = await agent.ask("submit", **RIGHT, evidence=["#1"], because="the queue grew first")
        assert (right["verdict"], right["status"]) == ("right", "solved")
        assert (await agent.ask("debrief"))["submissions"][1]["because"] == "the queue grew first"
        assert "is over" in await agent.refused("submit", **RIGHT)

    played(tmp_path, play)


def test_what_is_refused_says_what_to_do(tmp_path: Path) -> None:
    async def play(agent: Agent) -> None:
        assert "no component named 'rikcode'" in await agent.refused("submit", **{**RIGHT, "component": "rikcode"})
        assert "expected: a number and a unit" in await agent.refused("changes", since="often")
        assert "does not take []" in await agent.refused("mitigate", verb="rollback", arguments=[])
        assert "no step named" in await agent.refused("mitigate", verb="pray", arguments=[])
        assert (await agent.ask("page"))["attempts_left"] == 5

    played(tmp_path, play)


def test_every_tool_says_what_it_does_and_there_is_one_for_each_step() -> None:
    found = {tool.__name__: tool.__doc__ for tool in tools("lab")}
    assert all(found.values())
    assert {"page", "metrics", "logs", "trace", "changes", "sql", "note", "submit", "mitigate"} <= set(found)
    assert {*STEPS} == {each.verb for each in VERBS}


def test_a_lab_that_does_not_exist_is_said_on_standard_error() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "labctl", "mcp", "--name", "nowhere"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: no lab named 'nowhere'")


def test_no_other_command_imports_the_sdk() -> None:
    shown = "import sys; from labctl.cli.main import main; sys.argv = ['labctl', *sys.argv[1:]]\ntry: main()\nfinally: "
    shown += "print({'mcp'} & {*sys.modules})"
    for words in (("vocabulary",), ("mcp", "--help"), ("--help",)):
        done = subprocess.run([sys.executable, "-c", shown, *words], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == "set()"
