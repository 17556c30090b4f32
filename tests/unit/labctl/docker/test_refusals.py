"""What is made of Docker's own words."""

import pytest

from labctl.base.errors import EngineError, HostError
from labctl.docker.refusals import no_answer, refusal


@pytest.mark.parametrize(
    ("message", "what", "todo"),
    [
        ("Cannot connect to the Docker daemon at unix:///var/run/docker.sock.", "does not answer", "labctl setup"),
        ("permission denied while trying to connect to the Docker daemon socket", "may not talk", "usermod -aG docker"),
        ("write /x: no space left on device", "is full", "free some space"),
        ("Bind for 127.0.0.1:80 failed: port is already allocated", "is taken", "labctl up again"),
        ("could not find an available, non-overlapping IPv4 address pool", "no address range", "network prune"),
    ],
)
def test_known_refusals_say_what_to_do(message: str, what: str, todo: str) -> None:
    error = refusal("docker run", message)
    assert what in error.what
    assert todo in error.todo
    assert message in error.expected


def test_a_refusal_without_a_word_says_so() -> None:
    assert refusal("docker run", " \n").what == "docker run failed: no message"


def test_a_long_message_keeps_its_end() -> None:
    assert refusal("docker build", "\n".join(f"line {n}" for n in range(50))).what.endswith("line 48\nline 49")


def test_silence_says_what_was_asked_and_for_how_long() -> None:
    error = no_answer("docker ps", 60)
    assert error.what == "'docker ps' did not answer within 60 s"
    assert "docker info" in error.todo


def test_a_full_disk_is_the_hosts_error() -> None:
    assert isinstance(refusal("docker-compose up", "failed to mount: no space left on device"), HostError)
    assert isinstance(refusal("docker-compose up", "no such image"), EngineError)
