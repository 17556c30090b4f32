from __future__ import annotations

from pathlib import Path

import pytest

from services.containers.tree import RESCAN_SECONDS, Tree

A, B = "a" * 64, "b" * 64


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    "place",
    [
        f"docker/{A}",
        f"system.slice/docker-{A}.scope",
        f"docker/{B}/docker/{A}",
        f"kubepods.slice/kubepods-burstable.slice/pod1/cri-containerd-{A}.scope",
        f"user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{A}.scope",
    ],
)
def test_any_driver_and_any_parent(tmp_path: Path, place: str) -> None:
    (tmp_path / place / "inner" / "deeper").mkdir(parents=True)
    assert Tree(tmp_path).directory(A) == str(tmp_path / place)


def test_the_outermost_of_several(tmp_path: Path) -> None:
    (tmp_path / f"docker/{A}/init.scope/{A}").mkdir(parents=True)
    assert Tree(tmp_path).directory(A) == str(tmp_path / f"docker/{A}")


def test_a_container_that_goes_and_comes_back_elsewhere(tmp_path: Path) -> None:
    clock = Clock()
    first, second = tmp_path / "docker" / A, tmp_path / f"docker-{A}.scope"
    first.mkdir(parents=True)
    tree = Tree(tmp_path, clock)
    assert tree.directory(A) == str(first)
    first.rmdir()
    clock.now += RESCAN_SECONDS
    assert tree.directory(A) is None
    second.mkdir()
    assert tree.directory(A) is None
    clock.now += RESCAN_SECONDS
    assert tree.directory(A) == str(second)


def test_a_missing_hierarchy_holds_nothing(tmp_path: Path) -> None:
    assert Tree(tmp_path / "missing").directory(A) is None


@pytest.mark.parametrize(
    "other",
    [
        f"var-lib-docker-containers-{A}-mounts-shm.mount",
        f"libpod-conmon-{A}.scope",
        f"build-{A}",
        f"{A}{A}",
        f"docker-{A}.scope.wants",
    ],
)
def test_a_directory_that_only_has_the_id_in_its_name_is_no_group(tmp_path: Path, other: str) -> None:
    (tmp_path / other).mkdir()
    assert Tree(tmp_path).directory(A) is None
    (tmp_path / "system.slice" / f"docker-{A}.scope").mkdir(parents=True)
    assert Tree(tmp_path).directory(A) == str(tmp_path / "system.slice" / f"docker-{A}.scope")
