import json
from dataclasses import replace
from pathlib import Path

from labctl.verify.batch_record import BatchRecord
from labctl.verify.confusion import Held
from labctl.verify.decided import Looked
from labctl.verify.margin import Margin
from labctl.verify.measured import FOG, FOLDER, page
from labctl.verify.measured_shortcuts import section
from labctl.verify.misdirection import Anomaly
from labctl.verify.soak import Soak
from tests.support.example_record import record
from tests.unit.labctl.verify.test_measured_shortcuts import RECORD

RUN = record(
    matrix={"example-fault": Held.YES},
    anomalies=(Anomaly("gateway", "errors", "ratio", 0, 0.2, 41),),
    root_cause="risk",
    points_elsewhere=True,
)


def keep(root: Path, name: str, series: BatchRecord) -> None:
    (root / FOLDER).mkdir(parents=True, exist_ok=True)
    (root / FOLDER / f"{name}.json").write_text(json.dumps(series.to_document()))


def row(text: str, name: str) -> dict[str, str]:
    """Return the row of a record, by the heads of its columns."""
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    return dict(zip(lines[0], next(each for each in lines if each[0] == name), strict=True))


def test_without_records_it_says_so(tmp_path: Path) -> None:
    assert "No record is kept yet." in page(tmp_path)


def test_every_record_has_its_row(tmp_path: Path) -> None:
    keep(tmp_path, "bench", BatchRecord((RUN, replace(RUN, fault="another-fault", points_elsewhere=False))))
    keep(tmp_path, "empty", BatchRecord(soak=Soak("lab", 20, 60, seconds=60)))
    text = page(tmp_path)
    bench, empty = (row(text, name) for name in ("bench", "empty"))
    assert {**bench, "Record": ""} == {
        **{"Record": "", "Machine": "2 cores", "Speed": "not measured", "Requests/s": "20"},
        **{"Runs": "2", "Pass": "2", "Fail": "0", "Unknown": "0"},
        **{"Page, median": "9.2 s", "Page, longest": "9.2 s", "Total, mean": "47.5 s"},
        **{"Misdirection": "1 of 2, 50%", "Narrow margins": "not measured", "Healthy soak": "-"},
    }
    assert (empty["Machine"], empty["Runs"], empty["Page, median"], empty["Total, mean"]) == ("-", "0", "never", "-")
    assert (empty["Misdirection"], empty["Healthy soak"]) == ("nothing could be judged", "1 min: pass")
    assert "## Confusion matrix" not in text


def test_how_fast_the_host_was_is_told_with_the_share_that_the_containers_had(tmp_path: Path) -> None:
    for name, share in (("whole", 1.0), ("half", 0.5)):
        keep(tmp_path, name, BatchRecord((replace(RUN, calibration={"speed": 1.234, "cpu_share": share}),)))
    text = page(tmp_path)
    assert row(text, "whole")["Speed"] == "1.23"
    assert row(text, "half")["Speed"] == "1.23, 50% of the CPU"


def test_a_lab_that_was_never_measured_has_no_speed(tmp_path: Path) -> None:
    keep(tmp_path, "bench", BatchRecord((replace(RUN, calibration={"cpu_share": 1.0}),)))
    assert row(page(tmp_path), "bench")["Speed"] == "not measured"


def test_narrow_margins_are_counted_by_fault(tmp_path: Path) -> None:
    wide, narrow = Margin("Slow", 3.0, "Errors", 0.1), Margin("Slow", 1.5, "Errors", 0.1)
    runs = (replace(RUN, margin=wide), replace(RUN, fault="b", margin=wide), replace(RUN, fault="b", margin=narrow))
    keep(tmp_path, "bench", BatchRecord((*runs, replace(RUN, fault="c"))))
    assert row(page(tmp_path), "bench")["Narrow margins"] == "1 of 2"


def test_the_catalogues_record_is_told_in_full(tmp_path: Path) -> None:
    keep(tmp_path, "catalogue", BatchRecord((RUN,)))
    text = page(tmp_path)
    assert "| 1 | `example-fault` | 1/1 |" in text
    assert "on the service overview 1 of 1, 100%" in text


def test_what_the_runs_say_together_is_summed_up_anew(tmp_path: Path) -> None:
    keep(tmp_path, "catalogue", BatchRecord((RUN,)))
    before = page(tmp_path)
    path = tmp_path / FOLDER / "catalogue.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "faults": {}, "matrix": {}, "misdirection": {}}))
    assert page(tmp_path) == before


def test_evidence_in_fog_is_shown_where_a_record_has_it(tmp_path: Path) -> None:
    shown = (Looked("risk: queue", "metric", "risk", True, 1.0, 3.0, "count", ("risk",)),)
    keep(tmp_path, "bench", BatchRecord((RUN,)))
    keep(tmp_path, "catalogue-hazy", BatchRecord((record(fog="hazy", evidence=shown),)))
    text = page(tmp_path)
    assert "## Evidence in the record catalogue-hazy" in text
    assert "## Evidence in the record bench" not in text
    assert row(text, "catalogue-hazy")["Misdirection"]


def test_what_fog_costs_is_told_beside_the_clear_lab_of_the_same_run(tmp_path: Path) -> None:
    use = [("clear", 0.04, 0.4), ("hazy", 0.05, 0.4), ("clear", 0.06, 0.4), ("hazy", 0.05, 0.42), ("dense", 0.07, 0.4)]
    figures = [dict(zip(("level", "telemetry", "lab"), each, strict=True)) for each in use]
    (tmp_path / FOG).parent.mkdir(parents=True)
    document = {"measured_on": "2026-01-02", "machine": {"cores": 2}, "rps": 20, "seconds": 60, "use": figures}
    (tmp_path / FOG).write_text(json.dumps(document))
    text = page(tmp_path)
    assert "2 cores, 2026-01-02" in text
    assert "| clear | 0.050 | 0.400 | +0.0% |" in text
    assert "| hazy | 0.050 | 0.410 | +0.0% |" in text
    assert "| dense | 0.070 | 0.400 | +5.0% |" in text


def test_the_record_of_shortcuts_has_a_section_of_its_own(tmp_path: Path) -> None:
    keep(tmp_path, "bench", BatchRecord((RUN,)))
    before = page(tmp_path)
    (tmp_path / FOLDER / "shortcuts.json").write_text(json.dumps(RECORD))
    assert page(tmp_path) == before.rstrip("\n") + "\n\n" + section(RECORD) + "\n"
