import json

from labctl.model.measurement import Curve, Measurement
from labctl.model.signature import Judgement, Outcome
from labctl.verify.confusion import Held
from labctl.verify.decided import Looked
from labctl.verify.margin import Margin
from labctl.verify.misdirection import Anomaly
from labctl.verify.verification_record import Record, effects, links_seen, markdown
from tests.support.example_fault import EXAMPLE
from tests.support.example_record import RECORD, record

MARGIN = Margin("Slow", 1.5, "Errors", 0.75)
JUDGEMENT = Judgement(Outcome.FAIL, (), 105.0, (102.04, 103.0, None, 105.0))


def flat(start: int, count: int, value: float) -> Curve:
    return tuple((float(start + i), value) for i in range(count))


def test_links_are_dated_from_the_injection() -> None:
    seen = links_seen(EXAMPLE, JUDGEMENT, injected_at=100.0)
    assert [each.onset_s for each in seen] == [2.0, 3.0, None, 5.0]
    assert seen[0].component == "risk"


def test_effect_sizes_are_taken_from_when_the_signature_held() -> None:
    measured = {
        probe.name: Measurement(probe, flat(90, 10, 10), flat(100, 5, 10) + flat(105, 5, 40))
        for probe in EXAMPLE.signature
    }
    queue, errors, cpu = effects(EXAMPLE, measured, JUDGEMENT, 100.0)
    assert (queue.role, queue.baseline, queue.value, queue.ratio) == ("moves", 10, 40, 4)
    assert (errors.role, cpu.role) == ("moves", "stays")


def test_an_effect_without_data_or_with_a_zero_baseline_has_no_ratio() -> None:
    measured = {probe.name: Measurement(probe, flat(90, 3, 0), flat(105, 3, 1)) for probe in EXAMPLE.signature}
    assert effects(EXAMPLE, measured, JUDGEMENT, 100.0)[0].ratio is None
    empty = {probe.name: Measurement(probe, (), ()) for probe in EXAMPLE.signature}
    assert effects(EXAMPLE, empty, JUDGEMENT, 100.0)[0].value is None


def test_the_document_is_json() -> None:
    document = json.loads(json.dumps(RECORD.to_document()))
    assert document["outcome"] == "pass"
    assert document["started_at"] == "2023-11-14T22:13:20.000Z"
    assert document["timing"] == {"symptom_s": 5.0, "page_s": 9.25, "recovery_s": 14.0, "total_s": 47.5}
    assert document["effects"][0]["ratio"] == 4.0


def test_markdown_says_everything() -> None:
    page = markdown(record(outcome=Outcome.FAIL, reasons=("the page never came",)))
    for text in (
        "# example-fault: fail",
        "- the page never came",
        "Symptom after 5.0 s, page after 9.2 s (CheckoutErrorRatioHigh), recovered 14.0 s after healing began",
        "| requests queue | risk | 2.0 s | risk: queue |",
        "| they fail | clients | never | errors |",
        "| risk: queue | move: >= 2 x baseline | 10 | 40 | 4 |",
        "| payments: CPU | stay: 0.5 to 1.5 x baseline | - | - | - |",
        "| risk | 1.9.2 |",
        "| cores | 2 |",
    ):
        assert text in page


def test_markdown_says_how_wide_the_margin_is_and_what_is_narrow_about_it() -> None:
    text = markdown(record(margin=MARGIN, findings=tuple(MARGIN.findings()), calibration={"speed": 1.25}))
    assert "the symptom 1.5 (Slow), the healthy lab 0.75 (Errors)." in text
    assert [line for line in text.splitlines() if line.startswith("Narrow: ")] == [
        f"Narrow: {each}." for each in MARGIN.findings()
    ]
    assert "| speed | 1.25 |" in text
    assert "the symptom - (no alert), the healthy lab - (no alert)." in markdown(RECORD)


def test_a_kept_record_reads_as_what_it_was() -> None:
    loud = Anomaly("gateway", "errors", "ratio", 0, 0.2, 41)
    whole = record(
        **{"matrix": {"a": Held.YES}, "anomalies": (loud,), "resource_anomalies": (loud,)},
        **{"leftovers": ("a key is new",), "margin": MARGIN, "findings": tuple(MARGIN.findings())},
        **{"fog": "dense", "evidence": (Looked("a", "log", "risk", True, 0.0, 3.0, "count", ("risk",)),)},
        calibration={"scan_ms": 9.0, "statement_ms": None, "speed": 1.0, "cpu_share": 1.0},
    )
    assert Record.from_document(json.loads(json.dumps(whole.to_document()))) == whole


def test_a_record_of_before_there_was_a_matrix_reads_too() -> None:
    document = RECORD.to_document()
    later = ("matrix", "anomalies", "resource_anomalies", "leftovers", "points_elsewhere")
    for name in (*later, "margin", "findings", "calibration", "fog", "evidence"):
        del document[name]
    assert Record.from_document(document) == RECORD
