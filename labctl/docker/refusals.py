"""What Docker says when it refuses, whichever way it was asked: what that means, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

from labctl.base.errors import EngineError, HostError, LabctlError, SubnetTakenError

_DISK_FULL = "the disk that Docker writes to is full"
_DISK_FULL_PHRASES = ("no space left on device", "disk quota exceeded", "don't have enough free space")
"""What the kernel says, and apt in a build that saw it coming."""
_SUBNET_TAKEN = "another network has the subnet that was chosen for the lab's"
_KINDS: dict[str, type[LabctlError]] = {_DISK_FULL: HostError, _SUBNET_TAKEN: SubnetTakenError}
# What docker says (any client, any daemon), what it means, and what to do about it.
_KNOWN_REFUSALS = (
    (
        ("permission denied while trying to connect", "dial unix /var/run/docker.sock: connect: permission denied"),
        "this user may not talk to the Docker daemon",
        "type: sudo usermod -aG docker $USER, then log out and in again",
    ),
    (
        ("cannot connect to the docker daemon", "is the docker daemon running", "error during connect"),
        "the Docker daemon does not answer",
        "type: labctl setup (it starts the daemon; on macOS and Windows start Docker Desktop)",
    ),
    (
        _DISK_FULL_PHRASES,
        _DISK_FULL,
        "free some space (docker system df shows what Docker holds), then run the same command again",
    ),
    (
        ("port is already allocated", "address already in use"),
        "a port that the lab wants is taken",
        "type: labctl up again: it replaces ports that are taken",
    ),
    (
        ("non-overlapping ipv4 address pool", "predefined address pools have been fully subnetted"),
        "Docker has no address range left for another network",
        "run `labctl down`, then `labctl up`, for this lab: its network then gets a subnet of labctl's own range",
    ),
    (
        ("pool overlaps with other one",),
        _SUBNET_TAKEN,
        "run the same command again: the lab gets another subnet",
    ),
    (
        ("has active endpoints",),
        "Docker still counts a container in the lab's network, though none is there: one that was being made when its "
        "command was killed",
        "restart Docker (systemctl restart docker, or Docker Desktop's menu), then run the same command again; until "
        "then another lab can be used: --name",
    ),
)


def refusal(what: str, message: str) -> LabctlError:
    """Return the error for a command that failed: docker's own message, and what to do where that is known.

    A full disk is the host's error, a subnet that is taken one of its own, anything else the engine's.
    """
    text = message.strip()
    for phrases, meaning, todo in _KNOWN_REFUSALS:
        if any(phrase in text.lower() for phrase in phrases):
            kind = _KINDS.get(meaning, EngineError)
            return kind(meaning, expected=f"{what} said: {_telling(text, phrases)}", todo=todo)
    return EngineError(f"{what} failed: {_last_lines(text) or 'no message'}")


def tells_of_a_full_disk(text: str) -> bool:
    """Whether a program's output says that the disk is full."""
    return any(phrase in text.lower() for phrase in _DISK_FULL_PHRASES)


def no_answer(what: str, timeout: float) -> EngineError:
    """Return the error for a question that Docker did not answer within `timeout` seconds."""
    return EngineError(f"'{what}' did not answer within {timeout:.0f} s", todo="look at the Docker daemon: docker info")


def _telling(text: str, phrases: Sequence[str]) -> str:
    """Return the end of a message, and before it the line that tells, where that stands further up."""
    end = _last_lines(text)
    if any(phrase in end.lower() for phrase in phrases):
        return end
    line = next(line for line in text.splitlines() if any(phrase in line.lower() for phrase in phrases))
    return f"{line}\n{end}"


def _last_lines(text: str, count: int = 5) -> str:
    return "\n".join([line for line in text.splitlines() if line.strip()][-count:])
