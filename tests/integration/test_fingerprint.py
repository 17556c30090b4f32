"""A fingerprint of a real lab: always the same one while nothing is changed, another one for whatever may be left."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass

import pytest

from labctl.base.errors import WaitTimeoutError
from labctl.base.waiting import wait_until
from labctl.lab import fingerprint, undo
from labctl.lab.facts import postgres
from labctl.lab.facts.fact import Facts
from labctl.lab.lab import Lab
from services.jobs.report import TOTALS

pytestmark = pytest.mark.lab

Do = Callable[[Lab], object]


def sql(statement: str) -> Do:
    return lambda lab: _exec(lab, "postgres", "psql", "-qd", "payments", "-c", statement, user="postgres")


def redis(command: str) -> Do:
    return lambda lab: _exec(lab, "redis", "sh", "-c", f'REDISCLI_AUTH="$REDIS_PASSWORD" redis-cli {command}')


def docker(*command: str) -> Do:
    return lambda lab: lab.stack.docker.run(*command, lab.stack.container("risk").id)


def packets(what: str) -> Do:
    def act(lab: Lab) -> None:
        lab.network.lose("risk", "redis", 0.01) if what == "lose" else undo.replay(lab)

    return act


def setting(value: str | None) -> Do:
    def act(lab: Lab) -> None:
        lab.files.write("risk", lab.files.shipped("risk") + (value or ""))

    return act


def _exec(lab: Lab, service: str, *command: str, user: str = "") -> str:
    return lab.stack.docker.exec(lab.stack.container(service).id, *command, user=user)


class Held:
    """A program in a container that runs for as long as its input is open."""

    def __init__(self, service: str, *command: str, says: str = "", user: str = "") -> None:
        self.service, self.command, self.says, self.user = service, command, says, user
        self.process: subprocess.Popen[str]

    def start(self, lab: Lab) -> None:
        user = ("--user", self.user) if self.user else ()
        container = lab.stack.container(self.service).id
        command = [lab.stack.docker.binary, "exec", "--interactive", *user, container, *self.command]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        assert self.process.stdin
        self.process.stdin.write(self.says)
        self.process.stdin.flush()

    def stop(self, _: Lab) -> None:
        self.process.communicate(timeout=20)


def session(name: str, says: str) -> Held:
    return Held("postgres", "env", f"PGAPPNAME={name}", "psql", "-qd", "payments", says=says, user="postgres")


OPEN_TRANSACTION = session("left behind", "BEGIN; SELECT 1;\n")
LOCK = session("holds on", "BEGIN; LOCK risk_feature_snapshot IN EXCLUSIVE MODE;\n")
PROCESS = Held("redis", "cat")

CASES: dict[str, tuple[Do, Do, str]] = {
    "an index less": (
        sql("ALTER INDEX refunds_payment RENAME TO refunds_old"),
        sql("ALTER INDEX refunds_old RENAME TO refunds_payment"),
        "postgres: index public.refunds_payment is gone",
    ),
    "a role's setting": (
        sql("ALTER ROLE jobs SET work_mem = '1MB'"),
        sql("ALTER ROLE jobs RESET work_mem"),
        "postgres: setting of jobs is new ({work_mem=1MB})",
    ),
    "a row": (
        sql("INSERT INTO merchants VALUES (0, 'Left', 'DE', 'books')"),
        sql("DELETE FROM merchants WHERE id = 0"),
        "postgres: rows of merchants was",
    ),
    "an open transaction": (
        OPEN_TRANSACTION.start,
        OPEN_TRANSACTION.stop,
        "postgres: session of postgres named 'left behind' is new (idle in transaction)",
    ),
    "a lock": (LOCK.start, LOCK.stop, "postgres: strong lock on risk_feature_snapshot is new (ExclusiveLock)"),
    "a process": (PROCESS.start, PROCESS.stop, "redis: process cat is new"),
    "a key": (redis("SET left:7 1"), redis("DEL left:7"), "redis: key left:N is new"),
    "a setting of Redis": (
        redis("CONFIG SET maxmemory-samples 6"),
        redis("CONFIG SET maxmemory-samples 5"),
        "redis: setting maxmemory-samples was 5 and is 6",
    ),
    "a limit": (
        docker("update", "--cpu-quota", "90000"),
        docker("update", "--cpu-quota", "100000"),
        "risk: CpuQuota was 100000",
    ),
    "a rule": (packets("lose"), packets("undo"), "--probability"),
    "a container": (
        lambda lab: lab.stack.docker.run(
            *("run", "--detach", "--rm", "--init", "--name", "left-behind"),
            *("--network", f"container:{lab.stack.container('risk').id}", "labctl/base:trixie", "sleep", "64"),
        ),
        lambda lab: lab.stack.docker.remove("left-behind"),
        "risk: process sleep 64 is new",
    ),
    "a configuration file": (setting("X=1\n"), setting(None), "risk: configuration file is not what it was"),
}


@pytest.fixture
def lab(running_lab: Lab) -> Lab:
    """The shared lab; nothing here depends on how it fares."""
    return running_lab


@dataclass(frozen=True)
class Seen:
    """What was seen of all changes at once, and what was left of them."""

    differences: list[str]
    left: list[str]


@pytest.fixture(scope="module")
def seen(_shared_lab: Lab) -> Seen:
    """Make every change, look, take all of them back, and look again."""
    lab = _shared_lab
    before = fingerprint.take(lab)
    found: list[str] = []

    def all_show() -> bool:
        found[:] = fingerprint.differences(before, fingerprint.take(lab))
        return all(any(expected in each for each in found) for _, _, expected in CASES.values())

    with ExitStack() as stack:
        for change, undo, _ in CASES.values():
            change(lab)
            stack.callback(undo, lab)
        with suppress(WaitTimeoutError):  # each test then says whether its change is among those that were seen
            wait_until(all_show, what="every change", timeout=15)
    return Seen(found, fingerprint.leftovers(lab, before))


@pytest.mark.parametrize("expected", [expected for *_, expected in CASES.values()], ids=CASES.keys())
def test_whatever_is_left_shows(seen: Seen, expected: str) -> None:
    assert [each for each in seen.differences if expected in each], seen.differences


def test_nothing_shows_when_everything_is_undone(seen: Seen) -> None:
    assert seen.left == []


def test_a_roll_out_is_no_difference(lab: Lab) -> None:
    before = fingerprint.take(lab)
    for service in ("risk", "gateway"):
        lab.stack.rollout(service)
    assert wait_until(
        lambda: fingerprint.take(lab) == before,
        what="the fingerprint from before",
        timeout=20,
        describe=lambda: str(fingerprint.differences(before, fingerprint.take(lab))),
    )


def after(lab: Lab, *statements: str) -> Facts:
    """The database's facts with these changes, which are never committed, and the first hour that has a total."""
    first = "COPY (SELECT 'first', min(hour) AT TIME ZONE 'UTC' FROM merchant_totals) TO STDOUT;"
    changes = (r"\set ON_ERROR_STOP on", "BEGIN;", *(f"{each};" for each in statements))
    script = "\n".join((*changes, postgres.QUERIES.read_text("utf-8"), first))
    psql = ("psql", "--no-psqlrc", "--quiet", "--dbname", "payments")
    container = lab.stack.container("postgres").id
    return postgres.parse(lab.stack.docker.exec(container, *psql, stdin=script, user="postgres"))


@pytest.mark.parametrize(
    ("started", "first_hour"),
    [
        ("10:00:00", "09:00:00"),
        ("10:03:00", "09:00:00"),
        ("10:09:59", "09:00:00"),
        ("10:10:00", "10:00:00"),
        ("10:59:59", "10:00:00"),
        ("24:05:00", "23:00:00"),
    ],
)
def test_no_total_that_a_report_may_write_is_old_whenever_a_lab_was_started(
    lab: Lab, started: str, first_hour: str
) -> None:
    """A lab that was started the day before yesterday, by what its database says, and reports at once."""
    place = "postgres: rows of merchant_totals from before the first report"
    now = f"(date_trunc('day', now()) - interval '2 days' + interval '{started}')"
    start = f"UPDATE dataset SET first_started_at = {now}"  # noqa: S608
    report = TOTALS.text.replace("now()", now).replace("AND status", f"AND created_at < {now} AND status")
    by_hand = (
        "INSERT INTO merchant_totals SELECT min(hour) - interval '1 hour', min(merchant_id), 'EUR', 1, 7 "
        "FROM merchant_totals"
    )
    reported = after(lab, start, report)
    assert reported["postgres: first"].endswith(first_hour)
    assert reported[place] == after(lab, start)[place] == "0"
    assert after(lab, start, report, by_hand)[place] == "1 7"
