import json
from dataclasses import replace
from pathlib import Path

from labctl.confusion import Holds
from labctl.measured import FOLDER, page
from labctl.misdirection import Anomaly
from labctl.series_record import SeriesRecord
from labctl.soak import Soak
from tests.support.example_record import record

RUN = record(
    matrix={"example-fault": Holds.YES},
    anomalies=(Anomaly("gateway", "errors", "ratio", 0, 0.2, 41),),
    root_cause="risk",
    points_elsewhere=True,
)


def keep(root: Path, name: str, series: SeriesRecord) -> None:
    (root / FOLDER).mkdir(parents=True, exist_ok=True)
    (root / FOLDER / f"{name}.json").write_text(json.dumps(series.to_document()))


def test_without_records_it_says_so(tmp_path: Path) -> None:
    assert "No record is kept yet." in page(tmp_path)


def test_every_record_has_its_row(tmp_path: Path) -> None:
    keep(tmp_path, "bench", SeriesRecord((RUN, replace(RUN, fault="another-fault", points_elsewhere=False))))
    keep(tmp_path, "empty", SeriesRecord(soak=Soak("lab", 20, 60, seconds=60)))
    text = page(tmp_path)
    assert "| bench | 2 cores | 20 | 2 | 2 | 0 | 0 | 9.2 s | 9.2 s | 47.5 s | 1 of 2, 50% | - |" in text
    assert "| empty | - |  | 0 | 0 | 0 | 0 | never | never | - | nothing could be judged | 1 min: pass |" in text
    assert "## Confusion matrix" not in text


def test_the_catalogues_record_is_told_in_full(tmp_path: Path) -> None:
    keep(tmp_path, "catalogue", SeriesRecord((RUN,)))
    text = page(tmp_path)
    assert "| 1 | `example-fault` | 1/1 |" in text
    assert "on the service overview 1 of 1, 100%" in text


def test_what_the_runs_say_together_is_summed_up_anew(tmp_path: Path) -> None:
    keep(tmp_path, "catalogue", SeriesRecord((RUN,)))
    before = page(tmp_path)
    path = tmp_path / FOLDER / "catalogue.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "faults": {}, "matrix": {}, "misdirection": {}}))
    assert page(tmp_path) == before
