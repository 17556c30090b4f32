"""Releases on a real lab: one upon another, shown one by one; and when they are healed, nothing on the host tells."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from labctl.base import paths
from labctl.images import releases
from labctl.images.patches import diff
from labctl.lab.lab import Lab
from labctl.operate import injection
from tests.support.command_line import CommandLine

pytestmark = pytest.mark.lab

SERVICE = "ledger"
"""No request waits for it, and a roll-out of it is over in seconds."""
FIRST, SECOND = "90.0.0", "90.0.1"


def patch_of(path: str, added: str) -> str:
    """A release that adds a line of comment to a file."""
    before = releases.files(SERVICE, releases.shipped_version(SERVICE))[path]
    return f"Author: a.novak\nDate: 2026-03-04\n\nSay more\n\n{diff({path: before}, {path: before + added})}"


@pytest.fixture
def with_patches(lab: Lab) -> Iterator[Lab]:
    folder = lab.releases.own / SERVICE
    folder.mkdir(parents=True)
    (folder / f"{FIRST}.patch").write_text(patch_of("services/ledger/__init__.py", "# The first.\n"))
    (folder / f"{SECOND}.patch").write_text(patch_of("services/ledger/__main__.py", "# The second.\n"))
    try:
        yield lab
    finally:
        injection.heal(lab)


def tags(lab: Lab) -> set[str]:
    """What `docker images` lists of the service, untagged ones too."""
    listed = lab.stack.docker.run("images", "--format", "{{.Repository}}:{{.Tag}}", f"labctl/{SERVICE}")
    return set(listed.split())


def source(lab: Lab, name: str) -> str:
    container = lab.stack.container(SERVICE).id
    return lab.stack.docker.exec(container, "cat", f"/app/services/{SERVICE}/{name}")


def test_two_releases_run_one_upon_the_other_and_leave_nothing(with_patches: Lab) -> None:
    lab = with_patches
    before, image, shipped = tags(lab), lab.stack.container(SERVICE).image, lab.releases.version(SERVICE)
    lab.releases.deploy(SERVICE, FIRST, version="80.0.0")
    lab.releases.deploy(SERVICE, SECOND, version="80.0.1")

    assert source(lab, "__init__.py").endswith("# The first.\n")
    assert source(lab, "__main__.py").endswith("# The second.\n")
    assert len(tags(lab) - before) == 2
    assert all(re.fullmatch(rf"labctl/{SERVICE}:[0-9a-f]{{12}}", each) for each in tags(lab) - before)
    shown = CommandLine(lab.name).run("diff", SERVICE, "80.0.0", "80.0.1").stdout
    assert "+# The second." in shown
    assert "The first" not in shown
    assert "+# The first." in CommandLine(lab.name).run("diff", SERVICE, shipped, "80.0.1").stdout

    injection.heal(lab)
    assert tags(lab) == before
    assert lab.stack.container(SERVICE).image == image
    assert not [each for each in paths.state_root().rglob("*") if each.suffix in (".py", ".patch")]
