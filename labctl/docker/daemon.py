"""Questions to the Docker daemon by Docker's own SDK: one connection for each process, refusals as EngineError.

It asks the daemon that the command line would ask. The SDK is imported with the first question: not every command asks.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from labctl.base.errors import EngineError, LabctlError
from labctl.docker import docker_group
from labctl.docker.refusals import no_answer, refusal

if TYPE_CHECKING:
    from docker import APIClient

Answer = TypeVar("Answer")

# What decides which daemon is asked, and how: the command line goes by the same variables.
_DECIDES = ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_CONFIG", "HOME")


def ask(what: str, question: Callable[[APIClient], Answer], *, binary: str = "docker", timeout: int = 60) -> Answer:
    """Return the daemon's answer. Raises EngineError, which calls the question `what`; silence lasts `timeout` s."""
    from docker.errors import DockerException  # noqa: PLC0415 - it takes as long as all of `labctl --help`
    from requests.exceptions import RequestException  # noqa: PLC0415 - comes with it

    try:
        return question(_connected(binary, timeout, tuple(os.environ.get(name, "") for name in _DECIDES)))
    except (DockerException, RequestException, OSError) as error:
        raise _refused(what, error, timeout) from error


def address() -> dict[str, Any]:
    """Return where the daemon is, as the SDK's client takes it: `base_url`, and `tls` where it is needed.

    As on the command line DOCKER_HOST decides, then DOCKER_CONTEXT, then the context in use. Raises EngineError for a
    context that there is not.
    """
    from docker.context import ContextAPI  # noqa: PLC0415 - as above
    from docker.utils import kwargs_from_env  # noqa: PLC0415 - as above

    given: dict[str, Any] = {**kwargs_from_env()}
    if "base_url" in given:
        return given
    name = os.environ.get("DOCKER_CONTEXT")
    try:
        place = ContextAPI.kwargs_from_context(name)
    except Exception as error:  # the SDK has no type of its own for a file that it can't read
        raise _no_context(name, str(error)) from error
    # The SDK itself would ask the daemon of this machine in place of a context that it does not find.
    if not place:
        raise _no_context(name, "there is none, or it names no daemon")
    return {**given, **place}


def _no_context(name: str | None, why: str) -> EngineError:
    return EngineError(
        f"{f'the Docker context {name!r}' if name else 'the Docker context in use'} can't be used: {why}",
        expected="a context that `docker context ls` lists",
        todo="choose one: docker context use NAME, with DOCKER_CONTEXT unset",
    )


@lru_cache(maxsize=8)
def _connected(binary: str, timeout: int, decided_by: tuple[str, ...]) -> APIClient:
    """Return the client for what the environment says now; `decided_by` tells one environment from another."""
    from docker import APIClient  # noqa: PLC0415 - as above

    del decided_by
    where = address()
    if where["base_url"].startswith("ssh://") or docker_group.joined_late():
        from labctl.docker import dialled  # noqa: PLC0415 - as above

        return dialled.client([binary, "system", "dial-stdio"], timeout)
    _try(where["base_url"])
    return APIClient(**where, timeout=timeout)


def _try(host: str) -> None:
    """Raise OSError where nobody listens at a socket: the SDK leaves sockets open that could not be connected."""
    kind, _, path = host.partition("://")
    if kind == "unix":
        with socket.socket(socket.AF_UNIX) as tried:
            tried.connect(path)


def _refused(what: str, error: Exception, timeout: int) -> LabctlError:
    """Return the error that the command line's own words would have led to."""
    from docker.errors import APIError  # noqa: PLC0415 - as above
    from requests.exceptions import Timeout  # noqa: PLC0415 - as above

    causes = list(_causes(error))
    if any(isinstance(each, (Timeout, TimeoutError)) for each in causes):
        return no_answer(what, timeout)
    if isinstance(error, APIError):
        return refusal(what, str(error.explanation or error))
    # The innermost reason is the kernel's, or what the command line said.
    reason = next((each for each in reversed(causes) if isinstance(each, OSError)), None)
    if reason is None:
        return refusal(what, str(error))
    denied = isinstance(reason, PermissionError)
    said = "permission denied while trying to connect" if denied else "cannot connect"
    return refusal(what, f"{said} to the Docker daemon at {address()['base_url']}: {reason.strerror or reason}")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
