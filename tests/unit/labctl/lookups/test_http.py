from __future__ import annotations

import json
import socket
import subprocess
import sys
from threading import Thread

import pytest

from labctl.base.errors import LabStateError, LookupFailedError
from labctl.lookups.http import ApiClient, Response, server_message
from tests.support.http_server import RecordedServer


def test_get_sends_the_parameters_and_returns_the_object(server: RecordedServer) -> None:
    server.reply("/api/x", {"a": 1})

    assert ApiClient(server.url + "/", "X").get("/api/x", {"q": "a b&c", "n": 3}) == {"a": 1}
    assert server.requests[0].params == {"q": "a b&c", "n": "3"}


def test_post_sends_a_form(server: RecordedServer) -> None:
    server.reply("/api/x", {})

    ApiClient(server.url, "X").post("/api/x", {"query": 'up{job="a"}'})

    assert server.requests[0].method == "POST"
    assert server.requests[0].params == {"query": 'up{job="a"}'}


def test_what_an_address_can_t_hold_is_spelt_out(server: RecordedServer) -> None:
    server.reply("/api/%C3%A9%20x", {})

    ApiClient(server.url, "X").get("/api/é x", {"q": "é\udcff"})

    assert server.requests[0].path == "/api/%C3%A9%20x"
    assert server.requests[0].params["q"].startswith("é")


def test_a_look_up_starts_without_the_clients_that_can_more() -> None:
    """Their imports take longer than most look-ups: proxies, certificates, cookies, progress bars."""
    code = "import labctl.lookups.http, sys; print(*({'httpx', 'requests', 'rich', 'asyncio'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_nobody_listening_says_how_to_find_out() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]

    with pytest.raises(LabStateError, match=r"Prometheus is not answering at http://127\.0") as caught:
        ApiClient(f"http://127.0.0.1:{port}", "Prometheus").get("/x")

    assert "labctl status" in caught.value.todo
    assert "labctl up" in caught.value.todo


def test_a_server_that_accepts_and_says_nothing_times_out() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        client = ApiClient(f"http://127.0.0.1:{silent.getsockname()[1]}", "Loki", timeout=0.05)
        with pytest.raises(LookupFailedError, match=r"Loki did not answer within 0\.05 s"):
            client.get("/x")


def test_an_answer_that_is_not_an_object_is_refused(server: RecordedServer) -> None:
    for body in ("<html>", [1, 2]):
        server.reply("/x", body)
        with pytest.raises(LookupFailedError, match="not a JSON object"):
            ApiClient(server.url, "X").get("/x")


def test_the_environment_s_proxy_is_not_used(server: RecordedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    server.reply("/x", {"direct": True})

    assert ApiClient(server.url, "X").get("/x") == {"direct": True}


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"status": "error", "errorType": "bad_data", "error": "parse error at char 4"}, "parse error at char 4"),
        ({"data": None, "errors": [{"code": 404, "msg": "trace not found"}]}, "trace not found"),
        ({"title": "Bad Request", "detail": "unknown label"}, "unknown label"),
        ("parse error at line 1, col 2\n", "parse error at line 1, col 2"),
        ({"errors": []}, '{"errors": []}'),
        ("", "HTTP 400"),
        ("caf\udce9", "caf\ufffd"),
    ],
)
def test_the_server_s_own_message_is_found(answer: object, message: str) -> None:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    assert server_message(Response(400, text.encode("utf-8", "surrogateescape"))) == message


def test_a_refusal_carries_the_server_s_message(server: RecordedServer) -> None:
    server.reply("/x", {"error": "no such thing"}, status=422)

    with pytest.raises(LookupFailedError, match="X refused the query: no such thing"):
        ApiClient(server.url, "X").get("/x")


def test_a_busy_server_is_asked_again_when_it_says(server: RecordedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    def pause(seconds: float) -> None:
        waited.append(seconds)
        server.reply("/x", {"a": 1})

    monkeypatch.setattr("labctl.lookups.http.pause", pause)
    server.reply("/x", "busy\n", status=429)

    assert ApiClient(server.url, "X").get("/x") == {"a": 1}
    assert waited == [1.0]


def test_a_server_that_stays_busy_is_given_up(server: RecordedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labctl.lookups.http.pause", lambda _: None)
    monkeypatch.setattr("labctl.lookups.http._BUSY_SECONDS", 0.0)
    server.reply("/x", "busy\n", status=429)

    with pytest.raises(LookupFailedError, match="X was busy with other queries") as caught:
        ApiClient(server.url, "X").get("/x")

    assert "ask for less" in caught.value.todo


def test_an_answer_that_breaks_off_is_no_answer() -> None:
    with socket.socket() as rude:
        rude.bind(("127.0.0.1", 0))
        rude.listen()

        def answer() -> None:
            peer, _ = rude.accept()
            with peer:
                peer.recv(4096)
                peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")

        teller = Thread(target=answer)
        teller.start()
        with pytest.raises(LabStateError, match="Loki is not answering"):
            ApiClient(f"http://127.0.0.1:{rude.getsockname()[1]}", "Loki").get("/x")
        teller.join()
