from typing import Any

from labctl.verify.measured_shortcuts import section

RECORD: dict[str, Any] = {
    "measured_at": "2026-12-01",
    "measured": {"clear": "2026-12-01", "hazy": "2026-12-01"},
    "machine": {"cores": 2, "system": "Debian", "docker": "20.10"},
    "rps": 20.0,
    "unpaged": [],
    "incidents": [
        *({"fog": "hazy", "alert": "CheckoutsSlow", "seconds": {"page": page}} for page in (30.0, 10.0, 12.0)),
        {"fog": "hazy", "alert": "", "seconds": {"page": 90.0}},
    ],
    "players": {
        "newest-change": {"clear": {"incidents": 4, "right": 2}, "hazy": {"incidents": 4, "right": 1}},
        "baro": {"clear": {"incidents": 0, "right": 0}, "hazy": {"incidents": 4, "right": 2}},
        "methodical": {"clear": {"incidents": 4, "right": 4}, "hazy": {"incidents": 4, "right": 4}},
    },
}


def test_a_row_for_each_player_and_a_column_for_each_fog() -> None:
    text = section(RECORD)
    assert "| Player | Clear | Hazy | Limit |" in text
    assert "| newest-change | 2 of 4, 50% | 1 of 4, 25% | 25% |" in text
    assert "| baro | - | 2 of 4, 50% | 50% |" in text
    assert "| methodical | 4 of 4, 100% | 4 of 4, 100% | all |" in text


def test_how_long_incidents_took_to_their_page_is_told_for_each_fog_that_had_any() -> None:
    text = section(RECORD)
    assert text.endswith("| hazy | 3 | 12 s | 30 s | 30 s |")
    assert "| clear |" not in text


def test_date_and_machine_are_told() -> None:
    assert "Measured on 2026-12-01: Debian, 2 cores, Docker 20.10, 20 requests/s." in section(RECORD)


def test_levels_of_fog_that_were_measured_at_other_times_say_so() -> None:
    dates = {"clear": "2026-11-30", "hazy": "2026-12-01"}
    assert "Measured on 2026-11-30 (clear), 2026-12-01 (hazy): " in section({**RECORD, "measured": dates})


def test_incidents_that_never_paged_are_told() -> None:
    assert "never paged" not in section(RECORD)
    assert "Incidents that never paged, and count for nobody: 1." in section({**RECORD, "unpaged": ["hazy-7"]})
