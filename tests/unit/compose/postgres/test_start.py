"""start.sh with a stand-in for the server, which notes its arguments and what it is told."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from labctl.lookups.database import STATEMENT_MIB

FOLDER = Path(__file__).parents[4] / "compose/postgres"
ROLES = ("payments", "risk", "ledger", "jobs", "monitor", "observer")
MEMORY, SHARED_AND_SERVICES = 464, 110
"""MiB of the container, and what a running lab's database uses of it before anybody looks."""
STAND_IN = """#!/bin/bash
echo "$@" >> "$NOTES/arguments"
env | grep _DB_PASSWORD >> "$NOTES/environment"
if [[ $1 == --single ]]; then
    cat >> "$NOTES/statements"
    echo "$SINGLE_USER_SAYS" >&2
fi
exit 0
"""


@dataclass(frozen=True)
class Start:
    """A folder in which the stand-in leaves its notes."""

    notes: Path

    def run(self, says: str = "", **changes: str) -> subprocess.CompletedProcess[str]:
        passwords = {f"{role.upper()}_DB_PASSWORD": f"secret-of-{role}" for role in ROLES}
        env = {
            **os.environ,
            **passwords,
            **changes,
            "PGBIN": str(self.notes),
            "PGDATA": str(self.data),
            "NOTES": str(self.notes),
            "SINGLE_USER_SAYS": says,
        }
        return subprocess.run(
            ["bash", str(FOLDER / "start.sh")],
            env={name: value for name, value in env.items() if value is not None},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def data(self) -> Path:
        return self.notes / "data"

    def read(self, name: str) -> str:
        path = self.notes / name
        return path.read_text() if path.exists() else ""


@pytest.fixture
def start(tmp_path: Path) -> Start:
    server = tmp_path / "postgres"
    server.write_text(STAND_IN)
    server.chmod(0o755)
    (tmp_path / "data").mkdir()
    return Start(tmp_path)


def test_it_sets_every_password_before_it_becomes_the_server(start: Start) -> None:
    result = start.run()
    assert result.returncode == 0, result.stderr
    single, server = start.read("arguments").splitlines()
    assert single.startswith(f"--single -j -D {start.data} ")
    assert server == f"-D {start.data}"
    for role in ROLES:
        assert f"ALTER ROLE {role} PASSWORD 'secret-of-{role}';\n\n" in start.read("statements")


def test_the_history_is_brought_up_to_date_as_one_statement(start: Start) -> None:
    start.run()
    commands = start.read("statements").split(";\n\n")
    (freshen,) = [command for command in commands if "DO $$" in command]
    assert "END $$" in freshen
    assert len([command for command in commands if command.strip()]) == len(ROLES) + 1


def test_quotes_in_a_password_stay_inside_it(start: Start) -> None:
    assert start.run(RISK_DB_PASSWORD="it's").returncode == 0
    assert "ALTER ROLE risk PASSWORD 'it''s';" in start.read("statements")


@pytest.mark.parametrize("password", ["two\nlines", "x';\n\nDROP TABLE payments", "back\\slash"])
def test_a_password_that_could_end_its_statement_is_refused(start: Start, password: str) -> None:
    result = start.run(RISK_DB_PASSWORD=password)
    assert result.returncode != 0
    assert "RISK_DB_PASSWORD" in result.stderr
    assert start.read("arguments") == ""


@pytest.mark.parametrize("role", ROLES)
def test_a_missing_password_is_named_and_nothing_starts(start: Start, role: str) -> None:
    result = start.run(**{f"{role.upper()}_DB_PASSWORD": ""})
    assert result.returncode != 0
    assert f"{role.upper()}_DB_PASSWORD" in result.stderr
    assert start.read("arguments") == ""


@pytest.mark.parametrize("level", ["ERROR", "FATAL", "PANIC"])
def test_a_failed_preparation_stops_the_start(start: Start, level: str) -> None:
    result = start.run(says=f"2026-01-01 {level}:  something is wrong")
    assert result.returncode != 0
    assert "something is wrong" in result.stderr
    assert len(start.read("arguments").splitlines()) == 1


def test_other_messages_of_the_preparation_are_not_errors(start: Start) -> None:
    assert start.run(says="LOG:  database system was shut down").returncode == 0


def test_the_server_itself_knows_no_password(start: Start) -> None:
    start.run()
    assert len(start.read("environment").splitlines()) == len(ROLES), "only the preparation may see them"


def test_what_a_killed_server_left_behind_is_no_obstacle(start: Start) -> None:
    (start.data / "postmaster.pid").write_text("1\n")
    assert start.run().returncode == 0
    assert not (start.data / "postmaster.pid").exists()


def test_the_server_holds_the_lock_of_its_data(start: Start) -> None:
    (start.notes / "postgres").write_text(STAND_IN.replace("exit 0", "flock --nonblock 9 && exit 0; exit 7"))
    assert start.run().returncode == 0


def test_a_process_of_the_server_may_take_less_than_would_get_it_killed(start: Start) -> None:
    (start.notes / "postgres").write_text(
        STAND_IN.replace("exit 0", '[[ $1 == --single ]] || ulimit -d > "$NOTES/most"')
    )
    assert start.run().returncode == 0
    most = int(start.read("most")) / 1024
    assert most == STATEMENT_MIB, "what a learner is told"
    assert 8 * most + SHARED_AND_SERVICES < MEMORY, "eight of somebody who looks, at once"
    (sorting,) = re.findall(r"^maintenance_work_mem = (\d+)MB", (FOLDER / "postgresql.conf").read_text(), re.MULTILINE)
    assert most >= 2 * int(sorting), "building an index takes nearly twice its memory"


def test_no_password_reaches_the_log(start: Start) -> None:
    result = start.run(says="ERROR:  no such role")
    assert "secret" not in result.stdout + result.stderr


def test_it_sets_the_passwords_of_exactly_the_roles_that_exist() -> None:
    created = re.findall(r"^CREATE ROLE (\w+)", (FOLDER / "roles.sql").read_text(), re.MULTILINE)
    assert tuple(created) == ROLES
