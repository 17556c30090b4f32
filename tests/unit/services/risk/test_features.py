from __future__ import annotations

import json

import pytest

from services.risk import features
from services.risk.features import FEATURES, UNKNOWN, Features
from tests.support.fake_database import FakeSession
from tests.support.risk_examples import REGULAR

ROW = REGULAR.as_mapping()


def test_features_survive_the_way_through_json() -> None:
    assert Features.from_mapping(json.loads(json.dumps(REGULAR.as_mapping()))) == REGULAR


def test_a_row_may_hold_more_than_features() -> None:
    assert Features.from_mapping({**ROW, "computed_at": 1.0}) == REGULAR


@pytest.mark.parametrize("name", list(ROW))
def test_a_missing_field_is_an_error(name: str) -> None:
    with pytest.raises(KeyError):
        Features.from_mapping({key: value for key, value in ROW.items() if key != name})


@pytest.mark.parametrize("value", ["many", None, []])
def test_a_field_of_the_wrong_type_is_an_error(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        Features.from_mapping({**ROW, "payments": value})


def test_the_query_is_asked_for_one_customer() -> None:
    session = FakeSession({FEATURES.summary: [ROW]})
    assert features.query(session, 42) == REGULAR
    assert session.asked == [("SELECT customer_features", {"customer_id": 42})]


def test_an_unknown_customer_has_no_features() -> None:
    assert features.query(FakeSession(), 42) is None


def test_the_query_takes_its_customer_as_a_parameter_and_yields_every_field() -> None:
    assert FEATURES.text.count("%(customer_id)s") == 2
    assert "%" not in FEATURES.text.replace("%(customer_id)s", "")
    for name in ROW:
        assert f"AS {name}" in FEATURES.text or f"{name}\n" in FEATURES.text


def test_an_unknown_customer_looks_new_in_every_respect() -> None:
    assert UNKNOWN.payments == UNKNOWN.account_days == UNKNOWN.busiest_hour == 0
    assert UNKNOWN.countries == ()
