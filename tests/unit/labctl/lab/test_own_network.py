from __future__ import annotations

import json
import os
import stat
from pathlib import Path

from labctl.lab import own_network


def test_compose_is_told_the_subnet(tmp_path: Path) -> None:
    own_network.write(tmp_path, "10.213.4.64/26")
    path = tmp_path / own_network.FILE_NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text()) == {
        "networks": {"default": {"ipam": {"config": [{"subnet": "10.213.4.64/26"}]}}}
    }


def test_a_network_that_docker_chose_is_left_to_it(tmp_path: Path) -> None:
    own_network.write(tmp_path, "10.213.4.64/26")
    own_network.write(tmp_path, None)
    own_network.write(tmp_path, None)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_says_so_already_is_left_alone(tmp_path: Path) -> None:
    own_network.write(tmp_path, "10.213.0.0/26")
    path = tmp_path / own_network.FILE_NAME
    os.utime(path, (1000, 1000))
    own_network.write(tmp_path, "10.213.0.0/26")
    assert path.stat().st_mtime == 1000
    own_network.write(tmp_path, "10.213.0.64/26")
    assert path.stat().st_mtime != 1000
