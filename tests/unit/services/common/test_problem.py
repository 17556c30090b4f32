from __future__ import annotations

from flask import Flask

from services.common import problem
from services.common.problem import ProblemError


def test_document_has_every_member() -> None:
    with Flask("t").test_request_context("/v1/things/7"):
        answer = ProblemError(422, "no-such-thing", "there is none", members={"left": 3}).response()
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.get_json() == {
        "type": "urn:problem-type:no-such-thing",
        "title": "No such thing",
        "status": 422,
        "detail": "there is none",
        "instance": "/v1/things/7",
        "request_id": "",
        "left": 3,
    }


def test_members_cannot_replace_the_standard_ones() -> None:
    answer = ProblemError(400, "bad", "really", members={"status": 200, "type": "about:blank"}).response()
    assert answer.get_json()["status"] == 400
    assert answer.get_json()["type"] == "urn:problem-type:bad"


def test_headers_are_sent() -> None:
    assert ProblemError(503, "busy", "wait", headers={"Retry-After": "1"}).response().headers["Retry-After"] == "1"


def test_plain_status() -> None:
    document = problem.plain(404, "nothing here").get_json()
    assert document["type"] == "about:blank"
    assert document["title"] == "Not Found"


def test_instance_is_a_uri_whatever_was_asked() -> None:
    with Flask("t").test_request_context("/a b\xff\x00" + "x" * 2000):
        instance = problem.plain(404, "").get_json()["instance"]
    assert instance.isascii()
    assert " " not in instance
    assert len(instance) < 2000
