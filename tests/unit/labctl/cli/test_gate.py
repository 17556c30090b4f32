"""Where commands work, while somebody is logged in elsewhere."""

from __future__ import annotations

import subprocess
import sys

import pytest

from labctl.actions import elsewhere
from labctl.base.errors import InputError, LabStateError
from labctl.cli import cli, gate
from labctl.state import login
from labctl.state.login import Login

THERE = Login("https://day.example/", "https://day.example/t/blue/api/v1/", "secret", lab="blue-lab")
ROWS = [*cli.COMMANDS, *(row for rows in cli.GROUPS.values() for row in rows)]


def modules() -> set[str]:
    return {row.function.partition(".")[0] for row in ROWS}


def where(module: str, words: str, **options: object) -> bool:
    """Run a command; return whether a room elsewhere is asked."""
    asked: list[bool] = []
    gate.through(module, words, lambda **_: asked.append(elsewhere.asked()))(**options)
    return asked == [True]


def test_every_command_named_here_is_one() -> None:
    assert modules() >= gate.ELSEWHERE | gate.NO_LAB
    assert not gate.ELSEWHERE & gate.NO_LAB
    assert {"up", "down", "break_", "heal", "verify", "drill", "room", "export"} <= modules() - gate.ELSEWHERE


@pytest.mark.parametrize("module", sorted(modules()))
def test_who_is_logged_in_nowhere_works_here(module: str) -> None:
    assert not where(module, "x", name="any")


def test_who_is_logged_in_works_there_where_that_makes_sense() -> None:
    login.keep(THERE)
    assert where("logs", "logs", name="lab")
    assert where("vocabulary", "vocabulary")
    assert where("page", "page", name="blue-lab")  # as a hint of that lab may say
    assert not where("doctor", "doctor")
    for row in ROWS:
        module = row.function.partition(".")[0]
        if module not in gate.ELSEWHERE | gate.NO_LAB:
            with pytest.raises(LabStateError, match=rf"`labctl {row.words}` works on labs of this machine") as error:
                where(module, row.words, name="lab")
            assert f"LABCTL_REMOTE=off labctl {row.words}" in error.value.todo


def test_a_lab_of_this_machine_is_not_meant_there(monkeypatch: pytest.MonkeyPatch) -> None:
    login.keep(THERE)
    with pytest.raises(InputError, match="'blue' would be a lab of this machine"):
        where("page", "page", name="blue")
    monkeypatch.setenv("LABCTL_REMOTE", "off")
    assert not where("page", "page", name="blue")


def test_what_was_typed_is_said_as_it_was_typed() -> None:
    words = {row.function: row.words for row in ROWS}
    assert words["break_.break_"] == "break"
    assert words["drill.run"] == "drill run"
    assert words["journal_verify.verify"] == "journal verify"


def test_help_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABCTL_REMOTE", "nonsense")
    assert cli.program().commands["up"].callback is not None
    with pytest.raises(InputError, match="LABCTL_REMOTE is 'nonsense'"):
        where("up", "up")


def test_who_is_logged_in_nowhere_loads_nothing_for_it() -> None:
    shown = "import sys; from labctl.cli.main import main; sys.argv = ['labctl', *sys.argv[1:]]\ntry: main()\nfinally: "
    shown += "print({'httpx', 'labctl.actions.remote_room', 'labctl.actions.served'} & {*sys.modules})"
    for words in (("vocabulary",), ("page",), ("logs",)):
        done = subprocess.run([sys.executable, "-c", shown, *words], capture_output=True, text=True, check=False)
        assert done.stdout.splitlines()[-1] == "set()", words
