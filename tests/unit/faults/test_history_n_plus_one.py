import json
import subprocess
import sys
from pathlib import Path

from faults.history_n_plus_one import FAULT
from labctl.images import releases
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


PAGE = 20
# Runs inside of the release's own source, whose modules have the names of ours.
LOOKS_AT_A_PAGE = f"""
import collections, datetime, json, threading, uuid
from services.payments import gathering, history
from services.payments.custom import Custom
from services.payments.figures import NONE, Patience
from services.payments.model import Payment

class Store:
    asked = collections.Counter()

    def history(self, merchant_id, before, limit):
        at = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)
        return [Payment(uuid.UUID(int=n), n, 2, 100, "EUR", "visa", "captured", at) for n in range(limit - 1)]

    def figures(self, merchant_id, seconds):
        return NONE

    def by_id(self, statement, ids):
        self.asked[statement.summary] += 1
        return {{each: {{"payments": 1, "refunded_minor": 7}} for each in ids}}

store = Store()
page = history.page(store, Custom(store), 2, None, {PAGE}, patience=Patience(0.05, 3, 0.0))

asked = []
gathered = gathering.Gathered(lambda ids: asked.append(sorted(ids)) or {{each: {{"is": each}} for each in ids}})
found = {{}}
others = [threading.Thread(target=lambda each=each: found.update({{each: gathered.get(each)}})) for each in "bc"]
def join(seconds):
    for other in others:
        other.start()
    while len(gathered._open.ids) < 3:
        pass
gathering.time.sleep = join
found["a"] = gathered.get("a")
for other in others:
    other.join()
print(json.dumps({{"asked": store.asked, "items": page["items"], "gathered": asked, "found": found}}))
"""


def test_a_page_asks_for_each_payment_by_itself_and_only_what_meets_in_a_moment_is_gathered(
    tmp_path: Path,
) -> None:
    releases.write_sources(releases.files("payments", "2.15.0"), tmp_path)
    run = subprocess.run(
        [sys.executable, "-c", LOOKS_AT_A_PAGE], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    told = json.loads(run.stdout)
    assert len(told["asked"]) == 4
    assert set(told["asked"].values()) == {PAGE}
    assert len(told["items"]) == PAGE
    assert all(each["refunded_minor"] == 7 and each["customer"]["payments"] == 1 for each in told["items"])
    assert told["gathered"] == [["a", "b", "c"]]
    assert told["found"] == {each: {"is": each} for each in "abc"}
