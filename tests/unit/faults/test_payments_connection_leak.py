from faults.payments_connection_leak import FAULT
from tests.support.corpus import answer_tests, release_test

RIGHT = (
    "payments code-release connection-leak",
    "payments-postgres code-release connection-leak",
)
WRONG = (
    # the decoy: the pool is too small
    "payments configuration-change connection-pool-too-small",
    "payments code-release connection-pool-too-small",
    "postgres dependency-degradation slow-dependency",
    "postgres scheduled-job row-lock-contention",
    # right mechanism, wrong place or change
    "payments configuration-change connection-leak",
    "risk code-release connection-leak",
    "payments code-release memory-leak",
    "none nothing nothing-wrong",
)


test_right, test_wrong = answer_tests(FAULT, RIGHT, WRONG)


test_it_releases_a_version_and_rolls_back = release_test(FAULT, "payments", "2.14.2")
