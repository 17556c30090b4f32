"""What the telemetry store costs: 1,000 spans and 1,000 lines a second, sent to a process of its own.

`python -m bench.store` measures it alone. The process is started as its image starts it, and measured by what the
kernel counts of it and its worker; beside it, the same while nothing is sent.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bench import ending
from bench.budgets import Figure
from bench.otlp_load import Batches
from labctl.base import progress
from labctl.base.errors import EngineError, WaitTimeoutError
from labctl.base.waiting import pause, wait_until
from labctl.cli import console

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 60
A_SECOND = 1000
"""Spans, and lines."""
SERVICES = 5
WARM_UP_S = 5
START_S = 60.0
HEADERS = {"Content-Type": "application/x-protobuf"}
TICKS = os.sysconf("SC_CLK_TCK")
OVER = (FileNotFoundError, ProcessLookupError)
"""What a look at a process raises that has ended since it was listed."""


@dataclass(frozen=True)
class Use:
    """What a process and its children took: CPU in cores, over a time, and memory in MB at its end."""

    cores: float
    memory_mb: float


def figures(idle: Use, busy: Use) -> list[Figure]:
    """Return the figures of the store, with its cost at rest beside it."""
    load = f"{A_SECOND} spans and {A_SECOND} lines a second"
    return [
        Figure(f"telemetry store, CPU at {load}", "cores", (busy.cores,), 0.2),
        Figure(f"telemetry store, memory at {load}", "MB", (busy.memory_mb,), 150),
        Figure("telemetry store, CPU at rest", "cores", (idle.cores,), 0.01),
    ]


def measured(seconds: int = SECONDS) -> list[Figure]:
    """Start a store, measure it at rest and under load. Raises EngineError where it loses something."""
    with tempfile.TemporaryDirectory(prefix="labctl-store-") as folder, running(Path(folder)) as (process, port):
        with progress.step("measuring the telemetry store at rest"):
            idle = use(process.pid, lambda: pause(max(seconds / 4, 1)))
        with progress.step(f"sending {A_SECOND} spans and {A_SECOND} lines a second for {seconds} s"):
            send(port, WARM_UP_S)
            busy = use(process.pid, lambda: send(port, seconds))
        require_whole(port, A_SECOND * (seconds + WARM_UP_S))
    return figures(idle, busy)


@contextmanager
def running(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Start the store as its image does, on a port of its own; end it afterwards."""
    port = free_port()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            "services/common/gunicorn_conf.py",
            "services.telemetry.wsgi:create()",
        ],
        cwd=ROOT,
        env={
            **os.environ,
            **{"PORT": str(port), "THREADS": "12", "STORE_PATH": str(folder / "store.db"), "SERVICE_NAME": "telemetry"},
            **{"MALLOC_ARENA_MAX": "2", "WORKER_CLASS": "services.common.patient_worker.PatientWorker"},
        },
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: ready(port) or None, what="the store's answer", timeout=START_S, interval=0.25)
        yield process, port
    finally:
        process.terminate()
        process.wait(30)


def free_port() -> int:
    """Return a port of loopback that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def ready(port: int) -> bool:
    """Whether the store answers."""
    try:
        return ask(port, "/readyz")[0] == http.client.OK
    except OSError:
        return False


def ask(port: int, path: str) -> tuple[int, str]:
    """Return the status and the text of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def post(port: int, path: str, body: bytes) -> None:
    """Send a batch. Raises EngineError unless it is taken."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        _post(connection, path, body)
    finally:
        connection.close()


def _post(connection: http.client.HTTPConnection, path: str, body: bytes) -> None:
    connection.request("POST", path, body, HEADERS)
    answer = connection.getresponse()
    answer.read()
    if answer.status != http.client.OK:
        raise EngineError(f"the store answered {answer.status}", expected="200")


def send(port: int, seconds: int) -> None:
    """Send every second what so many services send in it, each a request of spans and one of lines."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    batches = Batches(SERVICES, A_SECOND // SERVICES)
    began = time.monotonic()
    for number in range(seconds * SERVICES):
        for path, body in batches.next():
            _post(connection, path, body)
        pause(max(0.0, began + (number + 1) / SERVICES - time.monotonic()))
    connection.close()


def use(pid: int, meanwhile: Callable[[], object]) -> Use:
    """Return what a process and its children take while something is done."""
    before, began = ticks(pid), time.monotonic()
    meanwhile()
    cores = (ticks(pid) - before) / TICKS / (time.monotonic() - began)
    return Use(cores, sum(memory_mb(pid)))


def family(pid: int) -> list[int]:
    """Return a process and all that it started. Raises FileNotFoundError where it is over."""
    found = [pid]
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        with suppress(*OVER):
            found += family(int(child))
    return found


def command(pid: int) -> bytes:
    """Return the command line of a process, which its forks share; empty for one that is over."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OVER:
        return b""


def ticks(*pids: int) -> float:
    """Return the CPU time of processes and all that they started, in ticks; of those that ended, what they took."""
    return _sum(_own_ticks, families(*pids))


def memory_mb(*pids: int) -> tuple[float, float]:
    """Return the memory of processes and their forks, and that of other commands that they started, such as Docker's.

    What is shared with others counts by their number.
    """
    own, everything = set(map(command, pids)), families(*pids)
    forks = {each for each in everything if command(each) in own}
    return _sum(_own_mb, forks), _sum(_own_mb, everything - forks)


def families(*pids: int) -> set[int]:
    """Return processes and all that they started, each once: one may have started another one of them."""
    return {each for pid in pids for each in family(pid)}


def _sum(own: Callable[[int], float], pids: Iterable[int]) -> float:
    total = 0.0
    for each in pids:
        with suppress(*OVER):
            total += own(each)
    return total


def _own_ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15]))  # user and system, its own and of children that ended


def _own_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6


def require_whole(port: int, each: int) -> None:
    """Raise EngineError unless the store took everything and lost nothing."""

    def written() -> bool | None:
        return True if _metric(port, "telemetry_store_queue_bytes") == 0 else None

    try:
        wait_until(written, what="everything to be written", timeout=10, interval=0.25)
    except WaitTimeoutError as error:
        raise EngineError("the store does not keep up", expected="nothing that waits") from error
    taken = _metric(port, "telemetry_received_spans_total"), _metric(port, "telemetry_received_log_records_total")
    lost = _metric(port, "telemetry_dropped_items_total")
    if {*taken} != {float(each)} or lost:
        raise EngineError(f"the store took {taken} and lost {lost}", expected=f"({each}, {each}), and 0 lost")


def _metric(port: int, name: str) -> float:
    lines = ask(port, "/metrics")[1].splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"{name}{{"))


def main() -> None:
    """Measure the telemetry store alone."""
    for each in measured():
        console.show(f"{each.name}: {each.value:.3g} {each.unit} (budget {each.budget:g})")


if __name__ == "__main__":
    ending.run(main)
