"""What is made of Docker's own words."""

import pytest

from labctl.base.errors import EngineError, HostError, SubnetTakenError
from labctl.docker.refusals import no_answer, refusal


@pytest.mark.parametrize(
    ("message", "what", "todo"),
    [
        ("Cannot connect to the Docker daemon at unix:///var/run/docker.sock.", "does not answer", "labctl setup"),
        ("permission denied while trying to connect to the Docker daemon socket", "may not talk", "usermod -aG docker"),
        ("write /x: no space left on device", "is full", "free some space"),
        ("Bind for 127.0.0.1:80 failed: port is already allocated", "is taken", "labctl up again"),
        ("could not find an available, non-overlapping IPv4 address pool", "no address range", "labctl down"),
        ("ERROR: Pool overlaps with other one on this address space", "another network has", "the same command again"),
        ("error while removing network: network x_default id 8c has active endpoints", "though none", "restart Docker"),
    ],
)
def test_known_refusals_say_what_to_do(message: str, what: str, todo: str) -> None:
    error = refusal("docker run", message)
    assert what in error.what
    assert todo in error.todo
    assert message in error.expected


def test_a_subnet_that_is_taken_is_an_error_of_its_own() -> None:
    said = (
        "failed to create network x_default: invalid pool request: Pool overlaps with other one on this address space"
    )
    assert isinstance(refusal("docker compose up", said), SubnetTakenError)


def test_a_refusal_without_a_word_says_so() -> None:
    assert refusal("docker run", " \n").what == "docker run failed: no message"


def test_a_long_message_keeps_its_end() -> None:
    assert refusal("docker build", "\n".join(f"line {n}" for n in range(50))).what.endswith("line 48\nline 49")


def test_silence_says_what_was_asked_and_for_how_long() -> None:
    error = no_answer("docker ps", 60)
    assert error.what == "'docker ps' did not answer within 60 s"
    assert "docker info" in error.todo


# As Docker 20.10 said it, by each of its clients, on a file system that was really full.
@pytest.mark.parametrize(
    "message",
    [
        "failed to solve with frontend dockerfile.v0: failed to read dockerfile: failed to prepare 2ybz: "
        "write /var/lib/docker/overlay2/2ybz/link: no space left on device",
        "DEPRECATED: The legacy builder is deprecated.\nError response from daemon: Error processing tar file(exit "
        "status 1): write /Dockerfile: no space left on device",
        "ERROR: for acquirer  Cannot create container for service acquirer: write "
        "/var/lib/docker/overlay2/149d-init/link: no space left on device\nEncountered errors.",
        "ERROR: for acquirer  Cannot start service acquirer: write /var/lib/docker/containerd/meta.db: "
        "no space left on device: unknown",
        "failed to copy: write /var/lib/docker/x: disk quota exceeded",
        "E: You don't have enough free space in /var/cache/apt/archives/.",
        "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
    ],
)
def test_a_full_disk_is_the_hosts_error(message: str) -> None:
    error = refusal("docker-compose up", message)
    assert isinstance(error, HostError)
    assert message in error.expected
    assert isinstance(refusal("docker-compose up", "no such image"), EngineError)


def test_the_line_that_tells_is_shown_wherever_it_stands() -> None:
    lines = ["write /x: no space left on device", *(f"line {n}" for n in range(50))]
    expected = refusal("docker build", "\n".join(lines)).expected
    assert "write /x: no space left on device\nline 45" in expected
