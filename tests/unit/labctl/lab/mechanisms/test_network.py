from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from labctl.base.errors import EngineError
from labctl.lab import undo
from labctl.lab.lab import Lab
from labctl.lab.mechanisms.network import CLEAR, IMAGE, LOSE, PROGRAM
from tests.support.fake_host import HostState
from tests.support.fake_lab import FakeStack, make_container, make_lab


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Lab, FakeStack]:
    lab, stack = make_lab("lab", tmp_path, monkeypatch)
    stack.containers = [make_container(each) for each in ("risk", "redis", "payments")]
    return lab, stack


def test_packets_are_lost_between_two_services_and_nobody_tells(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.network.lose("risk", "redis", 0.2)
    address = stack.docker.inspect("id-redis")[0]["NetworkSettings"]["Networks"]["lab_default"]["IPAddress"]
    assert stack.docker.seen() == HostState(rules={"id-risk": [address, "0.2"]})
    assert lab.store.changes.list() == []


def test_the_helper_joins_one_network_and_may_do_nothing_else(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.network.lose("risk", "redis", 0.2)
    (command,) = stack.docker.commands
    assert command[:6] == ("run", "--rm", "--label", "labctl.helper=labctl-lab", "--network", "container:id-risk")
    assert {"--cap-drop", "ALL", "NET_ADMIN", "--read-only", IMAGE} <= set(command)
    assert not {"--privileged", "--pid", "--volume"} & set(command)


def test_losing_more_replaces_the_rules_of_before(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.network.lose("risk", "redis", 0.2)
    lab.network.lose("risk", "redis", 0.3)
    assert stack.docker.seen().rules["id-risk"][1] == "0.3"
    undo.replay(lab)
    assert stack.docker.seen() == HostState()


def test_a_loss_that_was_killed_half_way_is_mended(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    stack.docker.refuses.add("run")
    with pytest.raises(EngineError):
        lab.network.lose("risk", "redis", 0.2)
    stack.docker.refuses.clear()
    stack.docker.state.rules["id-risk"] = ["half", "0.2"]
    undo.replay(lab)
    assert stack.docker.seen() == HostState()


def test_a_container_that_is_gone_took_its_rules_along(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.network.lose("risk", "redis", 0.2)
    stack.containers = [make_container("redis")]
    undo.replay(lab)
    assert len([each for each in stack.docker.commands if each[0] == "run"]) == 1


def test_a_helper_that_a_killed_command_left_is_ended_first(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.network.lose("risk", "redis", 0.2)
    stack.docker.commands.clear()
    stack.docker.helpers.append("helper-1")
    undo.replay(lab)
    removed, cleared = stack.docker.commands
    assert removed == ("rm", "--force", "--volumes", "helper-1")
    assert cleared[0] == "run"


@pytest.mark.parametrize("again", ["restarted", "replaced"])
def test_rules_that_died_with_a_network_are_set_again(made: tuple[Lab, FakeStack], again: str) -> None:
    lab, stack = made
    lab.network.lose("risk", "redis", 0.2)
    rules = list(stack.docker.state.rules.values())
    stack.docker.state.rules.clear()
    if again == "restarted":
        stack.docker.started["id-risk"] = "2026-03-01T00:05:00Z"
    else:
        stack.containers[0] = make_container("risk", number=2)
    assert undo.reapply(lab) == ["network"]
    assert list(stack.docker.state.rules.values()) == rules
    assert undo.reapply(lab) == []
    undo.replay(lab)
    assert stack.docker.seen() == HostState()


def test_rules_follow_a_peer_that_comes_back_with_another_address(made: tuple[Lab, FakeStack]) -> None:
    lab, stack = made
    lab.network.lose("risk", "redis", 0.2)
    (before,) = stack.docker.state.rules.values()
    stack.containers[1] = make_container("redis", number=2)
    assert undo.lost(lab) == ["network"]
    undo.reapply(lab)
    (after,) = stack.docker.state.rules.values()
    assert before[0] != after[0]
    assert undo.lost(lab) == []
    undo.replay(lab)
    assert stack.docker.seen() == HostState()


# A table in a file: `-S` lists it, `-A` and `-D` add to it and take from it.
TABLE = r"""#!/bin/sh
cd "$(dirname "$0")" || exit 1
[ "$1" = -w ] && shift 2
[ ! -e "refuses$1" ] || exit 4
case $1 in
    -S) echo '-P INPUT ACCEPT'; cat rules ;;
    -A) shift; echo "-A $*" >> rules ;;
    -D) shift; grep -vxF -e "-A $*" rules > left; mv left rules ;;
esac
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return the folder of a packet filter that is a file."""
    for name, text in (("iptables-nft", TABLE), ("iptables-legacy", "#!/bin/sh\nexit 3\n")):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    (tmp_path / "rules").write_text("-A INPUT -s 10.0.0.9 -j ACCEPT\n")
    return tmp_path


def played(table: Path, script: str) -> int:
    path = f"{table}{os.pathsep}{os.environ['PATH']}"
    command = ["sh", "-c", f"{PROGRAM}; {script}", "sh", "10.0.0.5", "0.2"]
    return subprocess.run(command, env={"PATH": path}, capture_output=True, check=False).returncode


def test_the_script_takes_out_what_it_put_in_and_nothing_else(table: Path) -> None:
    before = (table / "rules").read_text()
    for _ in range(2):
        assert played(table, f"{CLEAR} && {LOSE}") == 0
    assert (table / "rules").read_text().count("--probability 0.2 -j DROP") == 2
    assert played(table, CLEAR) == 0
    assert (table / "rules").read_text() == before


@pytest.mark.parametrize("refused", ["-S", "-D"])
def test_a_table_that_cannot_be_listed_or_changed_is_not_clear(table: Path, refused: str) -> None:
    assert played(table, LOSE) == 0
    (table / f"refuses{refused}").touch()
    assert played(table, CLEAR) != 0
