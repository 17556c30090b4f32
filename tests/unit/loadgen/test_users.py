"""Users in a hurry, in a process of its own, since Locust makes the sockets of its process cooperative."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

ROOT = Path(__file__).parents[3]
SENDS = """
import json, sys
from locust.env import Environment
from loadgen import locustfile, orders
from loadgen.locustfile import LookupUser
from loadgen.recent import Payment

class Measured:
    seen = []
    def record(self, endpoint, status, seconds):
        self.seen.append([endpoint, status])

LookupUser.load.metrics = Measured()
LookupUser.hurried, LookupUser.host = float(sys.argv[1]), sys.argv[2]
user = LookupUser(Environment(user_classes=[LookupUser]))
for number in range(5):
    user.send(orders.lookup(Payment(f"p{number}", 100, True)))
pool = user.client_pool.get_client(user.host)._connection_pool
print(json.dumps({"measured": Measured.seen, "free": pool._semaphore.counter, "size": pool.size}))
"""


@pytest.fixture(scope="module")
def slow_shop() -> Iterator[str]:
    """A shop that takes much longer than people in a hurry wait; it says where it is."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(0.2)  # the answer's time, longer than anybody here waits
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing of clients that are gone."""

    server = Quiet(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def sent(hurried: float, shop: str) -> dict[str, object]:
    """Send five look-ups; return what was measured of them, and how many connections are free again."""
    command = [sys.executable, "-c", SENDS, str(hurried), shop]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def test_who_leaves_before_the_answer_is_no_failure_and_no_success(slow_shop: str) -> None:
    after = sent(1.0, slow_shop)
    assert after["measured"] == []
    assert after["free"] == after["size"]


def test_all_others_wait_and_are_measured(slow_shop: str) -> None:
    assert sent(0.0, slow_shop)["measured"] == [["lookup", 200]] * 5
