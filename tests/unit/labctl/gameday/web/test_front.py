from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from labctl.gameday.web.front import MOST_BYTES, Front

HOSTS = frozenset({"training.example", "127.0.0.1:8080"})
PROXY = "10.0.0.1"


class Seen:
    def __init__(self) -> None:
        self.environ: dict[str, Any] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.environ = environ
        start_response("200 OK", [])
        return [b"in"]


@pytest.fixture
def seen() -> Seen:
    return Seen()


def status(seen: Seen, path: str = "/", **changed: Any) -> int:
    environ = {**EnvironBuilder(base_url="http://127.0.0.1:8080").get_environ(), "RAW_URI": path, **changed}
    return int(run_wsgi_app(Front(seen, HOSTS, {PROXY}), environ)[1].split()[0])


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, 200),
        ({"CONTENT_LENGTH": "12"}, 200),
        ({"HTTP_TRANSFER_ENCODING": "chunked"}, 501),
        ({"HTTP_TRANSFER_ENCODING": "identity"}, 501),
        ({"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": "5"}, 501),
        ({"HTTP_UPGRADE": "h2c"}, 501),
        ({"HTTP_UPGRADE": "websocket"}, 501),
        ({"CONTENT_LENGTH": "5, 5"}, 400),
        ({"CONTENT_LENGTH": "+5"}, 400),
        ({"CONTENT_LENGTH": "-1"}, 400),
        ({"CONTENT_LENGTH": "0x5"}, 400),
        ({"CONTENT_LENGTH": "\u0665"}, 400),
        ({"CONTENT_LENGTH": str(MOST_BYTES + 1)}, 413),
        ({"REQUEST_METHOD": "CONNECT"}, 405),
        ({"REQUEST_METHOD": "TRACE"}, 405),
        ({"HTTP_HOST": "evil.example"}, 421),
        ({"HTTP_HOST": ""}, 421),
        ({"HTTP_HOST": "127.0.0.1:8080@evil.example"}, 421),
        ({"HTTP_HOST": "TRAINING.example"}, 200),
        ({"RAW_URI": "http://127.0.0.1:8080/"}, 400),
        ({"RAW_URI": "/t/blue/../green/"}, 400),
    ],
)
def test_what_is_no_plain_request_comes_no_further(seen: Seen, changed: dict[str, str], expected: int) -> None:
    assert status(seen, **changed) == expected
    assert bool(seen.environ) == (expected == 200)


def test_nobody_speaks_for_others_but_a_trusted_proxy(seen: Seen) -> None:
    said = {
        "HTTP_X_FORWARDED_FOR": "1.2.3.4, 5.6.7.8",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_HOST": "training.example",
        "HTTP_X_FORWARDED_PREFIX": "/x",
        "HTTP_FORWARDED": "for=9.9.9.9",
    }
    assert status(seen, REMOTE_ADDR="192.168.1.9", **said) == 200
    assert seen.environ["REMOTE_ADDR"] == "192.168.1.9"
    assert (seen.environ["wsgi.url_scheme"], seen.environ["HTTP_HOST"]) == ("http", "127.0.0.1:8080")
    assert not [name for name in seen.environ if "FORWARDED" in name]

    assert status(seen, REMOTE_ADDR=PROXY, **said) == 200
    assert seen.environ["REMOTE_ADDR"] == "5.6.7.8"
    assert (seen.environ["wsgi.url_scheme"], seen.environ["HTTP_HOST"]) == ("https", "training.example")
    assert not [name for name in seen.environ if "FORWARDED" in name]


def test_a_proxy_that_says_nonsense_changes_nothing(seen: Seen) -> None:
    said = {"HTTP_X_FORWARDED_FOR": "unknown", "HTTP_X_FORWARDED_PROTO": "javascript"}
    assert status(seen, REMOTE_ADDR=PROXY, **said) == 200
    assert (seen.environ["REMOTE_ADDR"], seen.environ["wsgi.url_scheme"]) == (PROXY, "http")
    assert status(seen, REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_HOST="evil.example") == 421


def test_what_the_hub_says_to_rooms_nobody_else_says(seen: Seen) -> None:
    said = {
        "HTTP_X_ROOM_USER": "Eve",
        "HTTP_X_ROOM_FRONT": "guess",
        "HTTP_X_ROOM_VIA": "terminal",
        "HTTP_X_ROOM_BAR": "/",
    }
    assert status(seen, **said) == 200
    assert not [name for name in seen.environ if "X_ROOM" in name]
