"""Errors as problem documents (RFC 9457), each with the request id."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote

from flask import Response, has_request_context, request

from services.common import request_context

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:problem-type:"


class ProblemError(Exception):
    """An answer other than success: raised anywhere below a view, rendered by the app."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = dict(members or {})

    def response(self) -> Response:
        """Render the document for the request being served."""
        document = {
            **self.members,
            "type": f"{TYPE_PREFIX}{self.kind}",
            "title": self.kind.replace("-", " ").capitalize(),
            **_common(self.status, self.detail),
        }
        return _render(document, self.status, self.headers)


def plain(status: int, detail: str, *, headers: Mapping[str, str] | None = None) -> Response:
    """Render an error that is no more than its HTTP status."""
    document = {"type": "about:blank", "title": HTTPStatus(status).phrase, **_common(status, detail)}
    return _render(document, status, headers or {})


def _common(status: int, detail: str) -> dict[str, object]:
    return {
        "status": status,
        "detail": detail,
        "instance": quote(request.path[:512], errors="replace") if has_request_context() else "",
        "request_id": request_context.current(),
    }


def _render(document: Mapping[str, object], status: int, headers: Mapping[str, str]) -> Response:
    return Response(json.dumps(document), status=status, headers=dict(headers), content_type=MEDIA_TYPE)
