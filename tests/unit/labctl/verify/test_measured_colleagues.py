from typing import Any

from labctl.verify.measured_colleagues import section


def proof(change: str, end: str, outcome: str = "pass", made_s: float | None = 2.0) -> dict[str, Any]:
    told = {"change": change, "end": end, "outcome": outcome, "made_s": made_s, "kind": "release", "rps": 20.0}
    return {**told, "started_at": "2026-12-01T05:00:00.000Z"}


def test_a_row_for_each_kind_of_change() -> None:
    text = section(
        {"records": [proof("one", "low"), proof("one", "high", made_s=4.0), proof("two", "low", "unknown", None)]}
    )
    assert "Proved on 2026-12-01, at 20 requests/s: 2 pass, 1 unknown." in text
    assert "| release | 2 | 3 | 2 | 3.0 |" in text


def test_changes_that_were_never_made_have_no_time() -> None:
    assert "| release | 1 | 1 | 0 | - |" in section({"records": [proof("one", "low", "unknown", None)]})


def test_a_soak_is_told_with_what_it_found() -> None:
    soak = {"planned_s": 1800.0, "started_at": "2026-12-02T05:00:00.000Z", "rps": 20.0, "held": {}, "pages": ["Slow"]}
    text = section({"records": [proof("one", "low")], "soak": {**soak, "outcome": "fail"}})
    assert text.endswith("each minute of it (2026-12-02, 20 requests/s): fail; 0 signatures held, 1 page came.")
    assert "--soak 30" in text
