from __future__ import annotations

import getpass
import grp
import os
import shutil

import pytest

from labctl.docker import docker_group

GID = 987_654


@pytest.fixture
def member(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user who is in the group `docker`, but whose session is not."""
    group = grp.struct_group(("docker", "x", GID, ["ada"]))
    monkeypatch.setattr(grp, "getgrnam", {"docker": group}.__getitem__)
    monkeypatch.setattr(getpass, "getuser", lambda: "ada")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(os, "getegid", lambda: 1000)
    monkeypatch.setattr(os, "getgroups", lambda: [1000])
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")


@pytest.mark.usefixtures("member")
def test_who_joined_after_logging_in_goes_through_sg() -> None:
    assert docker_group.command_line(["docker", "ps", "--filter", "label=a b"]) == [
        "sg",
        "docker",
        "-c",
        "docker ps --filter 'label=a b'",
    ]


@pytest.mark.usefixtures("member")
def test_only_dockers_own_programs_do() -> None:
    assert docker_group.command_line(["apt-get", "update"]) == ["apt-get", "update"]
    assert docker_group.command_line(["/usr/bin/docker-compose", "up"])[0] == "sg"


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize("name", ["geteuid", "getegid"])
def test_root_and_who_is_in_already_do_not(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(os, name, lambda: 0 if name == "geteuid" else GID)
    assert docker_group.command_line(["docker", "ps"]) == ["docker", "ps"]


@pytest.mark.usefixtures("member")
def test_nor_who_is_no_member(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "bob")
    assert docker_group.command_line(["docker", "ps"]) == ["docker", "ps"]


@pytest.mark.usefixtures("member")
def test_nor_where_there_is_no_such_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grp, "getgrnam", {}.__getitem__)
    assert not docker_group.is_member()
    assert docker_group.command_line(["docker", "ps"]) == ["docker", "ps"]
