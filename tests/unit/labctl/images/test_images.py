"""Which images there are, what is built and in which order, and that a second build does nothing."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from labctl.base import paths
from labctl.base.errors import EngineError
from labctl.docker.docker import Docker
from labctl.images import base_image
from labctl.images.images import GRAFANA, TOOLS, BuildState, Images
from labctl.model.services import packages, with_sources
from tests.support.fake_daemon import FakeDaemon

Make = Callable[[str, str], Any]

# A daemon that remembers the tags it has built, and can be told to fail at one.
DAEMON = """tags="$0.tags"; touch "$tags"
case "$1" in
version) echo 28.2.2 ;;
buildx) [ -n "$BUILDKIT" ] ;;
context) echo desktop ;;
system) cat "$0.cache" 2>/dev/null ;;
builder) echo '[{"ID": "old", "InUse": "false"}]' > "$0.cache" ;;
build)
  echo '[{"ID": "old", "InUse": "false"}, {"ID": "new", "InUse": "false"}]' > "$0.cache"
  case "$*" in *"labctl/$FAILING:"*) echo broken >&2; exit 1 ;; esac
  for each; do
    case "$previous" in --tag) id=${id:-$each}; echo "$each sha256:$id" >> "$tags" ;; esac
    previous=$each
  done ;;
tag) grep "^$2 " "$tags" | sed "s#^[^ ]*#$3#" >> "$tags" ;;
esac"""


@pytest.fixture
def daemon(fake_program: Make, fake_daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(base_image, "debian", lambda _: "debian:trixie")
    monkeypatch.setenv("FAILING", "nothing")
    monkeypatch.delenv("BUILDKIT", raising=False)
    program = fake_program("docker", DAEMON)
    fake_daemon.images = lambda: built_images(program.path.with_name("docker.tags"))
    return program


def built_images(tags: Path) -> dict[str, str]:
    """What is there of images: by tag, the id."""
    return dict(line.split(" ", 1) for line in tags.read_text().splitlines()) if tags.exists() else {}


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """The smallest tree that has everything an image is made of."""
    root = tmp_path / "bundle"
    for name in ("base", "python", "service", *packages(), *TOOLS):
        write(root / "compose" / "images" / name / "Dockerfile", f"# {name}\n")
    for name in ("postgres", "redis", "prometheus"):
        write(root / "compose" / name / "configuration", name)
    write(root / "requirements" / "services.lock", "flask==3.1.3\n")
    write(root / "services" / "__init__.py", "")
    write(root / "services" / "common" / "settings.py", "")
    for name in set(with_sources()) - {"clients"}:
        write(root / "services" / name / "VERSION", "1.0.0\n")
    write(root / "loadgen" / "VERSION", "1.0.0\n")
    return root


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def built(daemon: Any) -> list[str]:
    """The names of the images that were built, in order."""
    calls = [call for call in daemon.calls if call.startswith("build ")]
    return [call.split("--tag ")[-1].split()[0].removeprefix("labctl/") for call in calls]


def position(order: list[str], service: str) -> int:
    """The place of a service's image, which only its content names, in the order of the builds."""
    return next(place for place, each in enumerate(order) if each.partition(":")[0] == service)


def test_everything_is_built_parents_first(bundle: Path, daemon: Any) -> None:
    names = Images(bundle).ensure()
    order = built(daemon)
    assert set(names) == {"base", "python", *packages(), *TOOLS, *with_sources()}
    assert order[0] == "base:trixie"
    assert all(order.index("python:3.13") < position(order, name) for name in with_sources())


def test_a_second_time_nothing_is_built_and_the_daemon_is_asked_once(
    bundle: Path, daemon: Any, fake_daemon: FakeDaemon
) -> None:
    Images(bundle).ensure()
    before = len(daemon.calls)
    fake_daemon.requests.clear()
    assert Images(bundle).ensure() == []
    assert len(daemon.calls) == before
    assert len(fake_daemon.requests) == 1


def test_a_change_to_one_service_builds_that_one(bundle: Path, daemon: Any) -> None:
    Images(bundle).ensure()
    write(bundle / "services" / "risk" / "app.py", "changed = True\n")
    assert Images(bundle).ensure() == ["risk"]


def test_a_change_to_what_services_share_builds_all_of_them(bundle: Path, daemon: Any) -> None:
    Images(bundle).ensure()
    write(bundle / "services" / "common" / "settings.py", "changed = True\n")
    assert sorted(Images(bundle).ensure()) == sorted([*with_sources()])


def test_a_change_to_the_lock_builds_python_and_all_that_starts_from_it(bundle: Path, daemon: Any) -> None:
    Images(bundle).ensure()
    write(bundle / "requirements" / "services.lock", "flask==3.1.4\n")
    assert sorted(Images(bundle).ensure()) == sorted(["python", *with_sources()])


def test_going_back_to_an_earlier_state_builds_nothing(bundle: Path, daemon: Any) -> None:
    images = Images(bundle)
    images.ensure()
    shipped = images.tags()["risk"]
    write(bundle / "services" / "risk" / "app.py", "changed = True\n")
    Images(bundle).ensure()
    assert Images(bundle).tags()["risk"] != shipped
    (bundle / "services" / "risk" / "app.py").unlink()
    assert Images(bundle).ensure() == []
    assert Images(bundle).tags()["risk"] == shipped


def test_going_back_moves_the_tag_of_what_compose_names_by_version(bundle: Path, daemon: Any) -> None:
    Images(bundle).ensure()
    write(bundle / "compose" / "redis" / "configuration", "changed")
    Images(bundle).ensure()
    write(bundle / "compose" / "redis" / "configuration", "redis")
    assert Images(bundle).ensure() == []
    assert daemon.calls[-1].endswith(f"labctl/redis:{packages()['redis']}")
    assert daemon.calls[-1].startswith("tag labctl/redis:")


def test_no_image_of_a_service_is_named_by_a_version(bundle: Path, daemon: Any) -> None:
    Images(bundle).ensure()
    tags = list(built_images(daemon.path.with_name("docker.tags")))
    assert not [tag for tag in tags if tag.partition(":")[0].removeprefix("labctl/") in with_sources() and "." in tag]
    assert f"labctl/risk:{Images(bundle).tags()['risk']}" in tags


def test_what_the_host_adds_reaches_only_the_images_that_need_it(bundle: Path, daemon: Any) -> None:
    Images(bundle).ensure()
    told = [call for call in daemon.calls if "DEBIAN=debian:trixie" in call]
    assert len(told) == 1
    assert "labctl/base:trixie" in told[0]


def test_the_stage_with_this_hosts_certificates_is_thrown_away(bundle: Path, daemon: Any) -> None:
    Images(bundle).ensure()
    assert "image prune --force --filter label=labctl.stage=packages" in daemon.calls


def test_buildkit_s_cache_keeps_what_it_had_and_nothing_of_ours(
    bundle: Path, daemon: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUILDKIT", "yes")
    cache = Path(f"{daemon.path}.cache")
    cache.write_text('[{"ID": "old", "InUse": "false"}]')
    Images(bundle).ensure()
    assert "builder prune --all --force --filter id=new" in daemon.calls
    assert not [call for call in daemon.calls if "id=old" in call or call.startswith("image prune")]


def test_buildkit_gets_the_hosts_certificates_as_secrets_of_one_image(
    bundle: Path, daemon: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUILDKIT", "yes")
    Images(bundle).ensure()
    told = [call for call in daemon.calls if "--secret" in call]
    assert len(told) == 1
    assert "--secret id=ca.pem,src=" in told[0]
    assert "--secret id=pip.conf,src=" in told[0]
    assert "labctl/python:3.13" in told[0]


def test_progress_tells_of_every_image(bundle: Path, daemon: Any) -> None:
    told: list[tuple[str, BuildState]] = []
    lock = threading.Lock()

    def progress(name: str, state: BuildState, seconds: float) -> None:
        assert seconds >= 0
        with lock:
            told.append((name, state))

    Images(bundle, progress=progress).ensure()
    assert told.index(("risk", BuildState.BUILDING)) < told.index(("risk", BuildState.BUILT))
    told.clear()
    Images(bundle, progress=progress).ensure()
    assert {state for _, state in told} == {BuildState.PRESENT}
    assert len(told) == 2 + len(packages()) + len(TOOLS) + len(with_sources())


def test_a_failed_build_stops_what_starts_from_it(bundle: Path, daemon: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAILING", "python")
    told: list[tuple[str, BuildState]] = []
    images = Images(bundle, progress=lambda name, state, _: told.append((name, state)))
    with pytest.raises(EngineError, match=r"the build of labctl/python:3\.13 failed: broken"):
        images.ensure()
    assert ("python", BuildState.FAILED) in told
    assert not any(name.startswith("risk") for name in built(daemon))


def test_after_a_failure_only_the_rest_is_built(bundle: Path, daemon: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAILING", "postgres")
    with pytest.raises(EngineError):
        Images(bundle).ensure()
    monkeypatch.setenv("FAILING", "nothing")
    assert Images(bundle).ensure() == ["postgres"]


def released(folder: Path) -> None:
    for path in ("services/__init__.py", "services/common/settings.py", "services/risk/app.py"):
        write(folder / path, "released = True\n")


def test_a_release_is_built_from_its_own_tree(bundle: Path, daemon: Any) -> None:
    Images(bundle).ensure()
    Images(bundle).build_service("risk", "0123456789ab", released)
    assert built(daemon)[-1] == "risk:0123456789ab"
    assert (
        built_images(daemon.path.with_name("docker.tags"))["labctl/risk:0123456789ab"]
        == "sha256:labctl/risk:0123456789ab"
    )


def test_an_image_that_is_there_is_not_built_again_and_its_sources_are_not_asked_for(bundle: Path, daemon: Any) -> None:
    Images(bundle).build_service("risk", "0123456789ab", released)
    count = len(built(daemon))

    def gone(_: Path) -> None:
        raise AssertionError("its patch may be gone")

    Images(bundle).build_service("risk", "0123456789ab", gone)
    assert len(built(daemon)) == count


def test_the_same_release_twice_has_nothing_that_tells_so(bundle: Path, daemon: Any) -> None:
    Images(bundle).build_service("risk", "0123456789ab", released)
    Images(bundle).build_service("risk", "ba9876543210", released)
    ours = [call for call in daemon.calls if call.startswith("build ") and "labctl/risk:" in call]
    assert [call.count("--tag") for call in ours] == [1, 1]


def test_the_sources_of_a_release_are_gone_when_it_is_built(
    bundle: Path, daemon: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(paths.STATE_DIR_VARIABLE, str(tmp_path / "state"))
    Images(bundle).build_service("risk", "0123456789ab", released)
    assert not list((tmp_path / "state").rglob("*.py"))


def test_nothing_of_the_releases_to_come_is_in_an_image(bundle: Path) -> None:
    write(bundle / "services" / "releases" / "risk" / "1.10.0.patch", "the answer\n")
    places = [place for recipe in Images(bundle).recipes() for place, _ in recipe._inputs()]
    assert not any("releases" in place for place in places)


def test_every_image_of_this_checkout_has_a_recipe() -> None:
    recipes = {recipe.name: recipe for recipe in Images(paths.bundle_root()).recipes()}
    assert set(recipes) == {"base", "python", *packages(), *TOOLS, *with_sources()}
    for recipe in recipes.values():
        assert recipe.files["Dockerfile"].is_file()
        assert all(source.exists() for source in recipe.files.values())


def test_grafanas_image_is_pinned_by_its_digest_and_the_one_that_compose_names() -> None:
    assert "@sha256:" in GRAFANA
    assert f"image: {GRAFANA}" in (paths.bundle_root() / "compose" / "grafana.yml").read_text()
    assert "@sha256:" in base_image.PULLED


def test_the_engine_in_use_can_be_named(bundle: Path, daemon: Any) -> None:
    assert Images(bundle, Docker(binary=str(daemon.path))).ensure()


def test_a_release_brings_what_it_starts_from(bundle: Path, daemon: Any) -> None:
    Images(bundle).build_service("risk", "0123456789ab", released)
    assert built(daemon) == ["base:trixie", "python:3.13", "risk:0123456789ab"]


def test_the_shipped_version_of_one_service(bundle: Path, daemon: Any) -> None:
    images = Images(bundle)
    images.ensure_service("risk")
    assert built(daemon) == ["base:trixie", "python:3.13", f"risk:{images.tags()['risk']}"]
    images.ensure_service("risk")
    assert len(built(daemon)) == 3
