"""The wheel carries everything that a lab is built of, and works from any folder."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but the wheel's contents, as pip would unpack them."""
    made = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(made), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    (wheel,) = made.glob("oncall_lab-*.whl")
    site = made / "site-packages"
    zipfile.ZipFile(wheel).extractall(site)
    return site


def from_root(site: Path, *command: str) -> str:
    """Run Python in `/` with the unpacked wheel before anything else."""
    script = f"import sys; sys.path.insert(0, {str(site)!r})\n" + command[0]
    done = subprocess.run(
        [sys.executable, "-P", "-c", script, *command[1:]],
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


def test_the_catalogue_is_in_it(installed: Path) -> None:
    out = from_root(installed, "from labctl.__main__ import main; main()", "faults", "--spoilers")
    assert "risk-cache-ttl-cut" in out


def test_the_stack_is_built_from_what_it_carries(installed: Path) -> None:
    bundle = Path(from_root(installed, "from labctl.base import paths; print(paths.bundle_root())").strip())
    assert bundle == installed / "labctl" / "bundle"
    for each in ("compose", "services", "loadgen", "grafana", "requirements"):
        shipped = {
            path.relative_to(ROOT) for path in (ROOT / each).rglob("*") if path.suffix != ".pyc" and path.is_file()
        }
        missing = [path for path in shipped if not (bundle / path).is_file()]
        assert not missing


def test_the_debriefs_page_is_made_of_what_it_carries(installed: Path) -> None:
    script = "from labctl.cli import debrief_html; debrief_html._template(); print(len(debrief_html._licensed()))"
    assert int(from_root(installed, script)) > 50_000


def test_the_room_is_served_from_what_it_carries(installed: Path) -> None:
    script = (
        "from labctl.room.app import create_app; from labctl.room.identity import ByCookie\n"
        "client = create_app('lab', '/room/lab', ByCookie('secret', '/room/lab/', 'room')).test_client()\n"
        "print([client.get('/room/lab/' + path).status_code for path in ('page', 'static/room.js', 'static/room.css')])"
    )
    assert from_root(installed, script).strip() == "[401, 200, 200]"


def test_it_makes_the_same_images_as_the_checkout(installed: Path) -> None:
    script = (
        "from pathlib import Path; from labctl.images.images import Images; from labctl.base import paths\n"
        "root = Path(sys.argv[1]) if sys.argv[1:] else paths.bundle_root()\n"
        "print(sorted(each.content_tag for each in Images(root).recipes()))"
    )
    assert from_root(installed, script) == from_root(installed, script, str(ROOT))
