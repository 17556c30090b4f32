import pytest

from faults import no_fault, risk_cache_ttl_cut
from labctl.catalogue import shipped
from labctl.model.fault import Fault
from labctl.model.verdict import Finding
from labctl.model.vocabulary import Component
from labctl.play.bearing import calm_places, cause_places, chain_places, finding
from labctl.play.evidence import Kind, Looked

FAULT, CALM = risk_cache_ttl_cut.FAULT, no_fault.FAULT
SERVICES = frozenset(str(each) for each in Component if "-" not in each)


def found(kind: Kind, differs: bool, *places: str, fault: Fault = FAULT, paged: str = "gateway") -> Finding:
    return finding(Looked(kind, differs, frozenset(places)), fault, paged)


@pytest.mark.parametrize(
    ("kind", "differs", "places", "expected"),
    [
        (Kind.PROMQL, True, ("risk",), Finding.COUNTS),
        (Kind.PROMQL, True, ("postgres",), Finding.COUNTS),
        (Kind.PROMQL, False, ("risk",), Finding.UNMOVED),
        (Kind.PROMQL, True, ("ledger",), Finding.ELSEWHERE),
        (Kind.PROMQL, True, ("risk", "ledger"), Finding.ELSEWHERE),
        (Kind.PROMQL, True, ("",), Finding.ELSEWHERE),
        (Kind.PROMQL, True, (), Finding.ELSEWHERE),
        (Kind.LOG, True, ("payments",), Finding.COUNTS),
        (Kind.LOG, True, ("gateway", "payments"), Finding.COUNTS),
        (Kind.LOG, True, ("gateway",), Finding.SYMPTOM),
        (Kind.LOG, True, ("jobs",), Finding.ELSEWHERE),
        (Kind.TRACE, True, ("gateway", "payments", "acquirer"), Finding.COUNTS),
        (Kind.TRACE, True, ("gateway",), Finding.SYMPTOM),
        (Kind.TRACE, False, ("risk",), Finding.UNMOVED),
    ],
)
def test_what_bears_on_the_answer(kind: Kind, differs: bool, places: tuple[str, ...], expected: Finding) -> None:
    assert found(kind, differs, *places) is expected


def test_the_paged_services_own_lines_count_where_the_cause_sits_there() -> None:
    assert found(Kind.LOG, True, "gateway", fault=shipped.load("gateway-leak-oom")) is Finding.COUNTS


@pytest.mark.parametrize(
    ("kind", "differs", "places", "expected"),
    [
        (Kind.PROMQL, False, ("clients",), Finding.COUNTS),
        (Kind.LOG, False, ("ledger",), Finding.COUNTS),
        (Kind.TRACE, False, ("ledger", "payments"), Finding.COUNTS),
        (Kind.PROMQL, True, ("clients",), Finding.MOVED),
        (Kind.PROMQL, False, ("jobs",), Finding.ELSEWHERE),
        (Kind.TRACE, False, (), Finding.ELSEWHERE),
    ],
)
def test_where_nothing_is_wrong_calm_counts(
    kind: Kind, differs: bool, places: tuple[str, ...], expected: Finding
) -> None:
    assert found(kind, differs, *places, fault=CALM, paged="ledger") is expected


@pytest.mark.parametrize("fault", shipped.load_all(), ids=lambda fault: fault.id)
def test_every_fault_of_the_catalogue_has_places_for_evidence(fault: Fault) -> None:
    places = chain_places(fault)
    assert cause_places(fault) <= places <= calm_places(fault)
    assert places & SERVICES
    assert places <= SERVICES | {"balances"}
    # Something is left beside the service that the page names and the clients.
    assert places - {"clients"}
