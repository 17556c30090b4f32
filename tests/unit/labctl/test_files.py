from pathlib import Path

import pytest

from labctl.errors import HostError
from labctl.files import write_text


def test_writes_over_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_text("a much longer old text")
    write_text(path, "ü\n")
    assert path.read_bytes() == "ü\n".encode()


def test_says_what_the_host_refused(tmp_path: Path) -> None:
    with pytest.raises(HostError, match=r"cannot write .*: No such file or directory") as caught:
        write_text(tmp_path / "missing" / "record.json", "")
    assert caught.value.todo
