"""The server: every tool of a lab on standard input and output, where nothing but the protocol is written."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

import labctl
from labctl.actions import elsewhere
from labctl.actions.answer import Answer, to_json
from labctl.base.errors import LabctlError
from labctl.cli.agents.incident import OnCall
from labctl.cli.agents.lookups import LookUps
from labctl.cli.agents.mitigation import Mitigation
from labctl.lab.lab import Lab

INSTRUCTIONS = (
    "You are on call for a payment system. Something broke: read the page, find the root cause with the look-ups, and "
    "submit it in the words of the vocabulary. Most changes are harmless, and a wrong submission costs points and time."
)
Tool = Callable[..., Answer]


def serve(name: str) -> None:
    """Serve the lab until the client goes away. Raises NotFoundError with the nearest lab."""
    server(name if elsewhere.asked() else Lab.open(name).name).run("stdio")


def server(name: str) -> MCPServer[Any]:
    """Return the server of a lab, with a tool for each public method of the three classes above."""
    made: MCPServer[Any] = MCPServer(
        "labctl", instructions=INSTRUCTIONS, version=labctl.__version__, log_level="WARNING"
    )
    for tool in tools(name):
        made.add_tool(_documented(tool), name=tool.__name__, description=inspect.getdoc(tool))
    return made


def tools(name: str) -> Iterator[Tool]:
    """Yield the tools of a lab."""
    for group in (OnCall(name), LookUps(name), Mitigation(name)):
        for method, _ in inspect.getmembers(type(group), inspect.isfunction):
            if not method.startswith("_"):
                yield getattr(group, method)


def _documented(tool: Tool) -> Callable[..., dict[str, Any]]:
    """Return the tool with its answer as documented JSON, and labctl's errors as the tool's own."""

    def call(**given: Any) -> dict[str, Any]:  # noqa: ANN401 - checked against the signature below
        try:
            return to_json(tool(**given))
        except LabctlError as problem:
            raise ToolError(_told(problem)) from problem

    found = inspect.signature(tool, eval_str=True).replace(return_annotation=dict[str, Any])
    call.__signature__ = found  # type: ignore[attr-defined]
    call.__name__ = tool.__name__
    return call


def _told(problem: LabctlError) -> str:
    """Return an error as the command line tells it."""
    parts = (problem.what, problem.expected and f"expected: {problem.expected}", problem.todo)
    return "; ".join(filter(None, parts))
