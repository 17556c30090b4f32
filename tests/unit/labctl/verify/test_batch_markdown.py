from labctl.model.signature import Outcome
from labctl.verify.batch_markdown import markdown
from labctl.verify.batch_record import BatchRecord
from labctl.verify.confusion import Held
from labctl.verify.decided import Looked
from labctl.verify.margin import Margin
from labctl.verify.misdirection import Anomaly
from labctl.verify.soak import Soak
from tests.support.example_record import RECORD, record

LOUD = (Anomaly("gateway", "errors", "ratio", 0, 0.2, 41),)
ROW = {"example-fault": Held.YES, "other-fault": Held.NO, "third-fault": Held.UNKNOWN}
BUSY = (Anomaly("risk", "throttled periods", "ratio", 0, 0.5, 101),)
FIRST = record(
    matrix=ROW,
    anomalies=LOUD,
    resource_anomalies=BUSY,
    root_cause="risk",
    points_elsewhere=True,
    resources_point_elsewhere=False,
)
OTHER = record(
    fault="other-fault",
    outcome=Outcome.FAIL,
    matrix={"example-fault": Held.YES, "other-fault": Held.NO, "third-fault": Held.NO},
    anomalies=LOUD,
    root_cause="gateway",
    points_elsewhere=False,
)
SOAK = Soak("lab", 20, 900, started_at=0, seconds=900, faults=("example-fault", "other-fault"), pages=["Page"])


def test_one_verification_is_its_own_page() -> None:
    assert markdown(BatchRecord((RECORD,))).startswith("# example-fault: pass\n")


def test_the_summary_comes_first_then_the_rest() -> None:
    page = markdown(BatchRecord((FIRST, OTHER), soak=SOAK))
    parts = [
        "# Verification: fail",
        "2 runs: 1 pass, 1 fail, 0 unknown.",
        "| 1 | `example-fault` | 1 of 1 | 5.0 s (5.0) | 9.2 s (9.2) | 14.0 s (14.0) | 47.5 s (47.5) | gateway: err",
        "## Confusion matrix",
        "## Misdirection",
        "## Healthy soak",
        "# example-fault: pass",
        "# other-fault: fail",
    ]
    assert [page.index(part) for part in parts] == sorted(page.index(part) for part in parts)


def test_the_matrix_shows_what_held_where_it_should_not() -> None:
    page = markdown(BatchRecord((FIRST, OTHER)))
    assert "| 1 | `example-fault` | 1/1 | · | ? 1/1 |" in page
    assert "| 2 | `other-fault` | **1/1** | **0/1** | · |" in page
    assert "Column 3: `third-fault`." in page


def test_what_held_in_one_run_is_not_hidden_by_what_nobody_knows_of_another() -> None:
    held = record(matrix={"example-fault": Held.UNKNOWN, "third-fault": Held.YES})
    assert "| 1 | `example-fault` | 1/2 ? 1/2 | **1/2** ? 1/2 |" in markdown(
        BatchRecord((held, record(matrix={"example-fault": Held.YES, "third-fault": Held.UNKNOWN})))
    )


def test_a_run_without_a_matrix_is_a_question_mark() -> None:
    assert "| 2 | `sick-fault` | ? | ? |" in markdown(
        BatchRecord((record(matrix={"example-fault": Held.YES}), record(fault="sick-fault")))
    )


def test_the_misdirection_is_told_with_its_share() -> None:
    page = markdown(BatchRecord((FIRST, OTHER)))
    assert "on the service overview 1 of 2, 50%, on the dashboard of the resources 0 of 1, 0%" in page
    assert "| risk | gateway: errors | elsewhere | risk: throttled periods | at the root cause |" in page
    assert "| `other-fault` | gateway | gateway: errors | at the root cause | - | - |" in page


def test_margins_are_told_with_the_side_that_is_narrow() -> None:
    def row(margin: Margin | None) -> str:
        page = markdown(BatchRecord((record(margin=margin), RECORD)))
        table = page[page.index("## Margins") : page.index("## Confusion matrix")]
        return next(line for line in table.splitlines() if line.startswith("| `example-fault` |"))

    assert row(Margin("Slow", 3.04, "Errors", 0.25)) == "| `example-fault` | Slow | 3.0 x | Errors | 0.25 x | none |"
    assert row(Margin("Slow", 1.5, "Errors", 0.25)).endswith("| symptom |")
    assert row(Margin("Slow", 3.0, "Errors", 0.75)).endswith("| healthy |")
    assert row(Margin("Slow", 1.5, "Errors", 0.75)).endswith("| symptom, healthy |")
    assert row(None) == "| `example-fault` | - | - | - | - | none |"


def test_nothing_judged_and_no_soak() -> None:
    page = markdown(BatchRecord((RECORD, RECORD)))
    assert "nothing could be judged" in page
    assert "No soak was made." in page


def test_a_soak_says_what_it_found() -> None:
    page = markdown(BatchRecord((RECORD,), soak=SOAK))
    assert "15 minutes, 2 signatures: fail. Page paged in the healthy lab." in page


def test_what_was_not_run_is_named() -> None:
    page = markdown(BatchRecord((RECORD,), not_run=("other-fault", "third-fault", "other-fault"), soak_not_run=True))
    assert "Not run: other-fault (2 times), third-fault, the soak." in page


def test_why_a_fault_was_not_run_is_told() -> None:
    page = markdown(BatchRecord((RECORD,), not_run=("b",), why_not={"b": "the host is too fast"}))
    assert "Not run: b. b: the host is too fast." in page


def test_evidence_in_fog_has_a_section_of_its_own() -> None:
    shown = (
        Looked("risk: queue", "metric", "risk", True, 1.0, 3.0, "count", ("risk",)),
        Looked("risk: lines with /a|b/", "log", "risk", False, 0.0, 1.0, "count"),
    )
    page = markdown(BatchRecord((record(fog="hazy", evidence=shown), OTHER)))
    assert "## Evidence" in page
    assert "| `example-fault` | hazy | pass | 1 of 2 | metric | risk: lines with /a\\|b/ |" in page
    assert "Fog: hazy." in page
    assert "## Evidence" not in markdown(BatchRecord((FIRST, OTHER)))
