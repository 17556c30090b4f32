"""Where files are: labs' state under the user's state directory, the stack's sources beside or inside the package."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from labctl.base.private_files import make_private_dir

STATE_DIR_VARIABLE = "LABCTL_STATE_DIR"


def state_root() -> Path:
    """Return the folder (0700, made on first use) that holds every lab's state."""
    return make_private_dir(state_path())


def state_path() -> Path:
    """Return the path of that folder, whether it is there or not."""
    chosen = os.environ.get(STATE_DIR_VARIABLE)
    return Path(chosen).expanduser().absolute() if chosen else Path(platformdirs.user_state_dir("labctl"))


def labs_root() -> Path:
    """Return the folder with one sub-folder per lab."""
    return make_private_dir(state_root() / "labs")


def lab_dir(name: str) -> Path:
    """Return where the lab keeps its state: made by the first `up`, gone after `down`."""
    return labs_root() / name


def archive_dir() -> Path:
    """Return the folder that keeps the results of labs taken down."""
    return make_private_dir(state_root() / "archive")


def heads_dir() -> Path:
    """Return the folder, outside of the state, with what tells whether a lab's state is an older copy."""
    return make_private_dir(Path(platformdirs.user_config_dir("labctl-journals")))


def lab_names() -> list[str]:
    """Return the names of the labs that have state on this host, sorted."""
    return sorted(each.name for each in labs_root().iterdir() if (each / "state.db").is_file())


def bundle_root() -> Path:
    """Return the folder that holds compose/, services/, loadgen/, grafana/ and requirements/."""
    package = Path(__file__).resolve().parents[1]
    bundled = package / "bundle"
    return bundled if bundled.is_dir() else package.parent


def checkout_root() -> Path | None:
    """Return the folder of the checkout that labctl runs from; None where it was installed from a wheel."""
    root = Path(__file__).resolve().parents[2]
    return root if (root / "pyproject.toml").is_file() and (root / "tests").is_dir() else None
