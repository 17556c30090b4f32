from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from labctl.model.surroundings import NOTHING_AROUND, Decoy, Surroundings, from_document, to_document

AROUND = st.builds(
    Surroundings,
    fog=st.text(),
    left_out=st.dictionaries(st.text(), st.integers()),
    near=st.integers(0, 20),
    decoy=st.none() | st.builds(Decoy, st.integers(), st.text()),
    drill=st.text(),
    began=st.none() | st.floats(0, 2e9),
    cause=st.none() | st.lists(st.integers()).map(tuple),
)


@given(AROUND)
def test_what_is_written_is_read_back(around: Surroundings) -> None:
    assert from_document(json.loads(json.dumps(to_document(around)))) == around


def test_of_an_older_labctls_incident_nothing_is_known() -> None:
    assert from_document(None) == NOTHING_AROUND
