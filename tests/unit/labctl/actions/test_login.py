"""Logging in, and asking a room elsewhere, over real HTTP: what goes well, and each way in which it does not."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask, Response, redirect, request
from werkzeug.serving import make_server

from labctl.actions import debrief, elsewhere, login, mitigate, runbook, typed_steps, vocabulary
from labctl.actions.answer import to_json
from labctl.actions.remote_room import RemoteRoom
from labctl.base import progress
from labctl.base.errors import InputError, LabctlError, LabStateError, LookupFailedError, RemoteError
from labctl.base.progress import Event, Warned
from labctl.state import login as kept
from tests.support.wsgi_server import running

ME = {"schema": "labctl.me/1", "user": "ada", "lab": "blue-lab", "version": "9.9"}


def hub(token: str = "t1", api: str = "/t/blue/api/v1", **answers: Callable[[], Any]) -> Flask:
    """A front that lets in by the code of a team, and what is below the path that it tells."""
    app = Flask("hub")
    app.asked = []  # type: ignore[attr-defined]

    @app.post("/api/v1/login")
    def let_in() -> Any:
        if request.json is None or request.json["code"] != "good":
            return Response(json.dumps({"error": {"what": "you are not in this game day"}}), 401)
        return {"token": token, "api": api, "user": request.json["name"], "team": "blue"}

    @app.post("/api/v1/logout")
    def let_out() -> Any:
        app.asked.append(("logout", request.headers.get("Authorization")))  # type: ignore[attr-defined]
        return "", 204

    @app.route("/t/blue/api/v1/<action>", methods=["GET", "POST"])
    def act(action: str) -> Any:
        app.asked.append((action, request.headers.get("Authorization")))  # type: ignore[attr-defined]
        return answers[action]() if action in answers else ME

    return app


@contextmanager
def logged_in(app: Flask) -> Iterator[RemoteRoom]:
    with running(app) as url:
        login.login(url, "good", "ada")
        there = kept.present()
        assert there is not None
        room = RemoteRoom(there)
        with elsewhere.asking(room):
            yield room


def problem(error: str, status: int, exit_code: int = 1) -> Callable[[], Response]:
    said = {"schema": "labctl.error/1", "error": error, "what": "no", "expected": "yes", "todo": "do"}
    return lambda: Response(json.dumps({**said, "exit_code": exit_code}), status, mimetype="application/json")


def test_a_game_day_says_where_the_team_is(state_dir: Path) -> None:
    app = hub()
    with running(app) as url:
        found = login.login(url, "good", "ada")
        assert (found.user, found.team, found.lab, found.version) == ("ada", "blue", "blue-lab", "9.9")
        there = kept.present()
        assert there is not None
        assert (there.api, there.token) == (f"{url}/t/blue/api/v1/", "t1")
        assert login.whoami() == found
        assert login.logout() == f"{url}/"
    assert app.asked == [("me", "Bearer t1"), ("logout", "Bearer t1")]  # type: ignore[attr-defined]
    with pytest.raises(LabStateError, match="logged in nowhere"):
        login.whoami()


def test_who_gives_no_name_is_known_as_at_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "grace")
    with running(hub()) as url:
        assert login.login(url, "good").user == "grace"


@pytest.mark.parametrize("api", ["https://evil.example/t/blue/api/v1", "//evil.example/t/blue/api/v1/"])
def test_the_token_goes_nowhere_but_to_the_host_that_gave_it(api: str) -> None:
    app = hub(api=api)
    with running(app) as url:
        login.login(url, "good")
        there = kept.present()
        assert there is not None
        assert there.api == f"{url}/t/blue/api/v1/"


def test_a_redirect_is_not_followed() -> None:
    app = hub(page=lambda: redirect("http://evil.example/"))
    with logged_in(app) as room, pytest.raises(RemoteError, match="status 302"):
        room.send("POST", "page")


def test_a_code_that_is_none_is_kept_nowhere() -> None:
    with running(hub()) as url, pytest.raises(RemoteError, match="does not take this code"):
        login.login(url, "bad")
    assert kept.present() is None


@pytest.mark.parametrize(("token", "api"), [("", "/x/"), ("t", "")])
def test_an_answer_that_is_no_login(token: str, api: str) -> None:
    with running(hub(token, api)) as url, pytest.raises(RemoteError, match="not as a room does"):
        login.login(url, "good")
    assert kept.present() is None


@pytest.mark.parametrize("url", ["", "day.example", "ftp://x/", "https://", "https://a:b@x/", "https://x/?a=b"])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(InputError, match="is not the address of a room"):
        login.login(url, "good")


def test_a_server_that_is_no_room() -> None:
    with running(Flask("other")) as url, pytest.raises(RemoteError, match="is no room: it answers with status 404"):
        login.login(url, "good")


def test_nobody_there() -> None:
    with running(Flask("other")) as url:
        pass
    with pytest.raises(RemoteError, match="is not answering"):
        login.login(url, "good")


def test_what_is_not_encrypted_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Event] = []
    monkeypatch.setattr(RemoteRoom, "send", lambda *_: _refuse())
    with progress.listening(said.append), pytest.raises(RemoteError):
        login.login("http://day.example/", "good")
    (text,) = (each.text for each in said if isinstance(each, Warned))
    assert text.startswith("http://day.example/ is not encrypted")


def _refuse() -> Any:
    raise RemoteError("away")


@pytest.mark.parametrize(
    ("answer", "kind", "exit_code"),
    [
        (problem("LabStateError", 409), LabStateError, 1),
        (problem("LookupFailedError", 502), LookupFailedError, 1),
        (problem("InputError", 422, 2), InputError, 2),
        (problem("NotFoundError", 404), LabctlError, 1),
        (problem("Bug", 500, 3), LabctlError, 3),
        (problem("__builtins__", 500, 3), LabctlError, 3),
        (lambda: ("", 401), RemoteError, 1),
        (lambda: ("<html>", 503), RemoteError, 1),
        (lambda: ({"error": {"what": "paused", "todo": "wait"}}, 409), LabctlError, 1),
    ],
)
def test_an_error_there_is_raised_as_here(answer: Any, kind: type[LabctlError], exit_code: int) -> None:
    with logged_in(hub(vocabulary=answer)), pytest.raises(kind) as error:
        vocabulary.vocabulary()
    assert error.value.exit_code == exit_code
    assert error.value.todo


@pytest.mark.parametrize(
    "document",
    [{"schema": "labctl.vocabulary/2"}, {"schema": "labctl.vocabulary/1", "components": 5}, {}, ["x"], "text"],
)
def test_another_version_is_said(document: Any) -> None:
    answer = Response(json.dumps(document), headers={"X-Labctl-Version": "9.9"}, mimetype="application/json")
    with logged_in(hub(vocabulary=lambda: answer)), pytest.raises(RemoteError) as error:
        vocabulary.vocabulary()
    assert "there 9.9" in error.value.todo


def test_an_answer_comes_back_as_it_was_made(state_dir: Path) -> None:
    made = vocabulary.vocabulary()
    warned = {"X-Warnings": json.dumps(["the disk is full"])}
    answer = Response(json.dumps(to_json(made)), headers=warned, mimetype="application/json")
    said: list[Event] = []
    with logged_in(hub(vocabulary=lambda: answer)), progress.listening(said.append):
        assert vocabulary.vocabulary() == made
    assert said == [Warned("the disk is full")]


def test_what_takes_long_is_shown(state_dir: Path) -> None:
    said: list[Event] = []
    app = hub(mitigate=problem("LabStateError", 409))
    with logged_in(app), progress.listening(said.append), pytest.raises(LabStateError):
        typed_steps.take("lab", "restart", ["risk"])
    assert len(said) == 2


def test_what_only_this_machine_has_goes_nowhere(state_dir: Path) -> None:
    app = hub()
    with logged_in(app), pytest.raises(InputError, match="a catalogue of your own is for labs of this machine"):
        debrief.debrief("lab", folder=Path("/etc"))
    assert ("debrief", "Bearer t1") not in app.asked  # type: ignore[attr-defined]


def certificate(folder: Path) -> Path:
    """Make a certificate for this host, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "day.pem"
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(made.public_bytes(pem) + secret)
    return path


def test_a_certificate_is_checked_and_a_file_may_say_which(tmp_path: Path) -> None:
    path = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server = make_server("127.0.0.1", 0, hub(), ssl_context=context)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        url = f"https://localhost:{server.server_port}"
        with pytest.raises(RemoteError, match="is not to be trusted") as error:
            login.login(url, "good")
        assert "--ca FILE" in error.value.todo
        assert login.login(url, "good", ca=path).team == "blue"
        with pytest.raises(RemoteError, match="can't be read"):
            login.login(url, "good", ca=tmp_path / "none.pem")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_reachable_actions_are_here_where_nobody_asks_elsewhere() -> None:
    assert not elsewhere.asked()
    assert runbook.runbook("nowhere", "CheckoutErrorRatioHigh").alert == "CheckoutErrorRatioHigh"
    assert mitigate.catalogue("nowhere").steps
