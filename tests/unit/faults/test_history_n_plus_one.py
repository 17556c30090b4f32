from faults.history_n_plus_one import FAULT
from tests.support.corpus import answer_tests, release_test

RIGHT = (
    "payments code-release n-plus-one-queries",
    "payments-postgres code-release n-plus-one-queries",
)
WRONG = (
    # the decoy: the database is overloaded
    "postgres traffic-change overload",
    "postgres dependency-degradation slow-dependency",
    "postgres schema-migration missing-index",
    "payments code-release connection-leak",
    # right mechanism, wrong place or change
    "gateway code-release n-plus-one-queries",
    "payments traffic-change n-plus-one-queries",
    "none nothing nothing-wrong",
)


test_right, test_wrong = answer_tests(FAULT, RIGHT, WRONG)


test_it_releases_a_version_and_rolls_back = release_test(FAULT, "payments", "2.15.0")
