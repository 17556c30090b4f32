"""`labctl mcp`: one lab for an agent."""

from __future__ import annotations

from labctl.base.names import DEFAULT_NAME
from labctl.cli.options import NameOption


def mcp(name: NameOption = DEFAULT_NAME) -> None:
    """Serve one lab to an agent over the Model Context Protocol, on standard input and output.

    The tools are the look-ups, notes, mitigation and submission of this command line: same journal, same verdicts.
    """
    from labctl.cli.agents.server import serve  # noqa: PLC0415 - the SDK takes a second to import

    serve(name)
