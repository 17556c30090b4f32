"""One image: what goes into its context, what its content tag depends on, and what a failed build says."""

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from labctl.base.errors import EngineError, HostError
from labctl.docker.builder import Builder
from labctl.docker.docker import Docker
from labctl.images.image_build import HostInputs, Recipe

Make = Callable[[str, str], Any]

# Keeps the context that it was given, which is gone when the build has ended.
KEEPS_THE_CONTEXT = 'for last; do :; done; rm -rf "$0.context"; cp -rp "$last" "$0.context"'


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    service = tmp_path / "tree" / "risk"
    service.mkdir(parents=True)
    (tmp_path / "tree" / "Dockerfile").write_text("FROM scratch\n")
    (service / "app.py").write_text("app = 1\n")
    return tmp_path / "tree"


@pytest.fixture
def recipe(tree: Path) -> Recipe:
    files = {"Dockerfile": tree / "Dockerfile", "app/risk": tree / "risk"}
    return Recipe("risk", "1.9.2", files, parent="labctl/python:abc")


def fresh_tag(recipe: Recipe) -> str:
    return replace(recipe).content_tag


def context_of(docker: Any) -> Path:
    return Path(f"{docker.path}.context")


def test_the_tags(recipe: Recipe) -> None:
    assert recipe.tag == "labctl/risk:1.9.2"
    assert recipe.content_tag.startswith("labctl/risk:")
    assert len(recipe.content_tag) == len("labctl/risk:") + 12
    assert recipe.tags == (recipe.content_tag, recipe.tag)


def test_what_nobody_names_by_version_has_the_tag_of_its_content_only(recipe: Recipe) -> None:
    unnamed = replace(recipe, version="")
    assert unnamed.tag == recipe.content_tag
    assert unnamed.tags == (recipe.content_tag,)


def test_a_release_can_t_be_known_by_its_content(recipe: Recipe) -> None:
    assert replace(recipe, version="0123456789ab", known_by_content=False).tags == ("labctl/risk:0123456789ab",)


def test_the_same_inputs_have_the_same_tag(recipe: Recipe) -> None:
    assert fresh_tag(recipe) == recipe.content_tag


@pytest.mark.parametrize(
    "change",
    [
        lambda tree: (tree / "risk" / "app.py").write_text("app = 2\n"),
        lambda tree: (tree / "risk" / "new.py").write_text(""),
        lambda tree: (tree / "risk" / "app.py").rename(tree / "risk" / "main.py"),
        lambda tree: (tree / "Dockerfile").write_text("FROM debian\n"),
    ],
)
def test_every_input_changes_the_tag(recipe: Recipe, tree: Path, change: Callable[[Path], object]) -> None:
    before = recipe.content_tag
    change(tree)
    assert fresh_tag(recipe) != before


def test_the_parent_and_the_arguments_change_the_tag(recipe: Recipe) -> None:
    assert replace(recipe, parent="labctl/python:def").content_tag != recipe.content_tag
    assert replace(recipe, arguments={"MIRROR": "x"}).content_tag != recipe.content_tag


def test_neither_the_version_nor_what_python_or_people_leave_behind_changes_it(recipe: Recipe, tree: Path) -> None:
    before = recipe.content_tag
    (tree / "risk" / "__pycache__").mkdir()
    (tree / "risk" / "__pycache__" / "app.cpython-313.pyc").write_bytes(b"x")
    (tree / "risk" / "README.md").write_text("# risk\n")
    (tree / "risk" / ".app.py.swp").write_text("")
    assert fresh_tag(recipe) == before
    assert replace(recipe, version="2.0.0").content_tag == before


def test_a_build_gets_its_inputs_and_nothing_else(recipe: Recipe, tree: Path, fake_program: Make) -> None:
    docker = fake_program("docker", KEEPS_THE_CONTEXT)
    (tree / "risk" / "app.pyc").write_bytes(b"x")
    recipe.build(Docker(), HostInputs({"DEBIAN": "debian:trixie"}, {"pip/ca.pem": b"certificates"}))
    context = context_of(docker)
    found = sorted(path.relative_to(context).as_posix() for path in context.rglob("*") if path.is_file())
    assert found == ["Dockerfile", "app/risk/app.py", "pip/ca.pem"]
    assert (context / "pip" / "ca.pem").read_bytes() == b"certificates"


def test_buildkit_gets_the_host_s_files_beside_the_context(recipe: Recipe, fake_program: Make) -> None:
    docker = fake_program("docker", KEEPS_THE_CONTEXT)
    recipe.build(Docker(), HostInputs(files={"pip/ca.pem": b"certificates"}), Builder(buildkit=True))
    context = context_of(docker)
    assert not [path for path in context.rglob("*") if path.is_file() and b"certificates" in path.read_bytes()]
    (secret,) = re.findall(r"--secret id=ca\.pem,src=(\S+)", docker.calls[0])
    assert not Path(secret).is_relative_to(docker.calls[0].split()[-1])
    assert not Path(secret).exists()  # gone with the context


def test_a_build_names_both_tags_and_the_arguments(recipe: Recipe, fake_program: Make) -> None:
    docker = fake_program("docker", "exit 0")
    recipe.build(Docker(), HostInputs({"DEBIAN": "debian:trixie"}))
    call = docker.calls[0]
    assert f"--tag {recipe.content_tag} --tag labctl/risk:1.9.2" in call
    assert "--build-arg PARENT=labctl/python:abc" in call
    assert "--build-arg DEBIAN=debian:trixie" in call


def test_modes_do_not_depend_on_this_users_umask(recipe: Recipe, tree: Path, fake_program: Make) -> None:
    docker = fake_program("docker", KEEPS_THE_CONTEXT)
    (tree / "risk" / "app.py").chmod(0o600)
    before = os.umask(0o077)
    try:
        recipe.build(Docker())
    finally:
        os.umask(before)
    context = context_of(docker)
    assert (context / "app" / "risk" / "app.py").stat().st_mode & 0o777 == 0o644
    assert (context / "app" / "risk").stat().st_mode & 0o777 == 0o755


def test_the_context_is_gone_afterwards(recipe: Recipe, fake_program: Make) -> None:
    docker = fake_program("docker", "exit 0")
    recipe.build(Docker())
    assert not Path(docker.calls[0].split()[-1]).exists()


def test_a_failed_build_shows_its_end(recipe: Recipe, fake_program: Make) -> None:
    fake_program("docker", "echo 'Step 3/4'; echo 'E: Unable to locate package' >&2; exit 1")
    with pytest.raises(EngineError, match=r"the build of labctl/risk:1\.9\.2 failed") as caught:
        recipe.build(Docker())
    assert "Unable to locate package" in caught.value.what


def test_a_full_disk_is_called_that(recipe: Recipe, fake_program: Make) -> None:
    fake_program("docker", "echo 'write /layer: no space left on device' >&2; exit 1")
    with pytest.raises(HostError, match="disk"):
        recipe.build(Docker())
