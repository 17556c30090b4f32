"""Commands at a terminal elsewhere: the real command line, over real HTTP, on a lab that another process serves."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import anyio
import pytest
from mcp import Client, StdioServerParameters, stdio_client

ROOT = Path(__file__).parents[4]


@dataclass
class Elsewhere:
    """A room in another process, and a terminal whose state is its own."""

    server: subprocess.Popen[str]
    url: str
    folder: Path

    def said(self, what: str) -> str:
        """Return what the server answers: a code, or what was looked up."""
        assert self.server.stdin is not None
        assert self.server.stdout is not None
        self.server.stdin.write(f"{what}\n")
        self.server.stdin.flush()
        return self.server.stdout.readline().strip()

    @property
    def environment(self) -> dict[str, str]:
        """The terminal's environment."""
        return {**os.environ, "LABCTL_STATE_DIR": str(self.folder)}

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command at the terminal."""
        return subprocess.run(
            [sys.executable, "-m", "labctl", *words],
            env={**self.environment, **more},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def good(self, *words: str) -> str:
        """Return what a command prints that succeeds."""
        done = self.run(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Elsewhere]:
    pipe = subprocess.PIPE
    words = [sys.executable, "-m", "tests.support.room_server", str(tmp_path / "server")]
    (tmp_path / "server").mkdir()
    with subprocess.Popen(words, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        try:
            yield Elsewhere(server, server.stdout.readline().strip(), tmp_path / "terminal")
        finally:
            server.kill()


def test_an_incident_is_investigated_from_elsewhere(there: Elsewhere) -> None:
    assert "as ada" in there.good("login", there.url, there.said("code"), "--as", "ada")
    kept = there.folder / "login.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert json.loads(there.good("whoami", "--json"))["user"] == "ada"
    assert "Checkouts fail" in there.good("page")
    assert json.loads(there.good("logs", "--service", "risk", "--limit", "3", "--json"))["schema"] == "labctl.logs/1"
    assert "└─ " in there.good("trace", f"{1:032x}")
    assert "NULL" in there.good("sql", "SELECT 1")
    assert "DB_POOL_MAX=3" in there.good("diff", "risk")
    assert there.said("looked") == "logs trace sql diff"
    assert "the pool" in there.good("hypothesis", "add", "the pool")
    assert "#2 trace" in there.good("hypothesis", "rule-out", "1", "--evidence", "#2")
    assert json.loads(there.good("status", "--json"))["name"] == "lab"
    played(there)
    refused(there)
    followed(there)
    away(there)


def played(there: Elsewhere) -> None:
    """An agent at the terminal plays on the lab elsewhere, too."""

    async def session() -> None:
        words = ["-m", "labctl", "mcp"]
        server = StdioServerParameters(command=sys.executable, args=words, cwd=ROOT, env=there.environment)
        async with Client(stdio_client(server)) as client:
            found = await client.call_tool("page", {})
            assert not found.is_error, found.content
            document = found.structured_content
            assert isinstance(document, dict)
            assert document["status"] == "open"
            refused = await client.call_tool("changes", {"since": "often"})
            assert refused.is_error

    anyio.run(session)


def refused(there: Elsewhere) -> None:
    """What can't be done says why, with the exit code that it has at home."""
    for words, code, said in (
        (("changes", "--since", "often"), 2, "a number and a unit"),
        (("runbook", "Nothing"), 1, "no alert named 'Nothing'"),
        (("debrief",), 1, "is not over"),
        (("up",), 1, f"`labctl up` works on labs of this machine, and you are logged in to {there.url}"),
        (("drill", "run", "first-hour"), 1, "`labctl drill run` works on labs of this machine"),
        (("page", "--name", "blue"), 2, "'blue' would be a lab of this machine"),
        (("submit", "--component", "rik"), 2, "missing: --trigger"),
    ):
        done = there.run(*words)
        assert (done.returncode, said in done.stderr) == (code, True), done.stderr
    assert "no lab named 'lab'" in there.run("page", LABCTL_REMOTE="off").stderr


def followed(there: Elsewhere) -> None:
    """The pages are followed until somebody ends the incident."""
    words = [sys.executable, "-u", "-m", "labctl", "page", "--follow"]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, env=there.environment, cwd=ROOT, stdout=pipe, text=True) as following:
        assert following.stdout is not None
        assert any("FIRING" in line for line in following.stdout)
        assert "given-up" in there.good("give-up", "--json")
        assert following.wait() == 0
    assert there.good("postmortem", str(there.folder / "postmortem.md"))
    assert (there.folder / "postmortem.md").read_text().startswith("# ")
    assert "given up" in there.good("debrief")


def away(there: Elsewhere) -> None:
    """A room that went away is said, and a login can be forgotten all the same."""
    there.server.kill()
    there.server.wait()
    gone = there.run("page")
    assert (gone.returncode, "is not answering" in gone.stderr) == (1, True)
    done = there.run("logout")
    assert (done.returncode, done.stdout) == (0, f"You are logged out of {there.url}.\n")
    assert "it may go on there" in done.stderr
    assert there.run("whoami").returncode == 1
