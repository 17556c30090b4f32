from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from labctl.model.deployed import Deployed, read, read_all, written

RUNNING = st.lists(st.builds(Deployed, st.text(), st.text(), st.text())).map(tuple)


@given(RUNNING)
def test_what_is_written_is_read_again(running: tuple[Deployed, ...]) -> None:
    assert read(json.loads(json.dumps(written(running)))) == running


def test_an_older_labctl_kept_a_version_and_tagged_images_with_it() -> None:
    (one,) = read("2.15.0")
    assert (one.release, one.version, one.image_tag) == ("2.15.0", "2.15.0", "2.15.0")
    assert read_all({"payments": "2.15.0"}) == {"payments": (one,)}


def test_a_service_without_releases_runs_the_shipped_version() -> None:
    assert read_all(None) == {}
    assert read_all({"payments": []}) == {}


def test_an_image_has_the_tag_that_was_drawn_for_it() -> None:
    assert Deployed("2.15.0", "2.14.3", "0123456789ab").image_tag == "0123456789ab"
