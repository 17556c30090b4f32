from labctl.verify.selection import estimate, expected
from labctl.verify.verification_record import Timing
from tests.support.example_fault import EXAMPLE, example
from tests.support.example_record import RECORD, record


def test_a_fault_that_burns_slowly_takes_longer_and_so_does_a_small_load() -> None:
    assert estimate(EXAMPLE) < estimate(example(page_within_s=300.0))
    assert estimate(EXAMPLE, 20) < estimate(EXAMPLE, 5)


def test_what_was_measured_counts_and_of_that_the_longest() -> None:
    runs = [RECORD, record(timing=Timing(total_s=70.0)), record(fault="other-fault", timing=Timing(total_s=500.0))]
    assert expected(EXAMPLE, 20, runs) == 70.0


def test_without_a_measurement_it_is_estimated() -> None:
    assert expected(EXAMPLE, 20, [record(fault="other-fault")]) == estimate(EXAMPLE, 20)
