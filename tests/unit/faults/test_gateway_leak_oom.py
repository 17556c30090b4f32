from faults.gateway_leak_oom import FAULT
from tests.support.corpus import answer_tests, release_test

RIGHT = (
    "gateway code-release memory-leak",
    "gateway code-release out-of-memory-kill",
)
WRONG = (
    # the decoy: the network is flaky
    "gateway-payments infrastructure-failure packet-loss",
    "gateway infrastructure-failure packet-loss",
    "gateway traffic-change overload",
    "gateway configuration-change out-of-memory-kill",
    "gateway code-release connection-leak",
    # right mechanism, wrong place
    "payments code-release memory-leak",
    "clients code-release memory-leak",
    "none nothing nothing-wrong",
)


test_right, test_wrong = answer_tests(FAULT, RIGHT, WRONG)


test_it_releases_a_version_and_rolls_back = release_test(FAULT, "gateway", "3.9.0")
