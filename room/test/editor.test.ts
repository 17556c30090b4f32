// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { placeOf } from "../src/editor";
import { columnsIn } from "../src/editor-sql";
import { isDue, openedIn } from "../src/every";

const NAMES = {
  payments: [
    { label: "id", detail: "uuid" },
    { label: "status", detail: "text" },
  ],
  merchants: [{ label: "id", detail: "integer" }],
  outbox: [{ label: "event", detail: "jsonb" }],
};

describe("the place that a server complains of", () => {
  it.each([
    ["SELEC 1", 1, 0, 5],
    ["SELECT 'é', nothing", 13, 12, 19],
    ["SELECT '😀', nothing", 13, 13, 20],
    ["SELECT (", 8, 7, 8],
    ["SELECT", 7, 6, 6],
    ["", 99, 0, 0],
  ])("%s, %d: from %d to %d", (text, position, from, to) => expect(placeOf(text, position)).toEqual({ from, to }));
});

describe("completion of columns", () => {
  it("offers those of the tables that the statement names, each once", () => {
    const found = columnsIn("SELECT  FROM payments p JOIN merchants m", NAMES);
    expect(found.map((each) => each.label)).toEqual(["id", "status"]);
    expect(found[0]?.detail).toBe("uuid · payments, merchants");
  });

  it("offers none where no table is named", () => expect(columnsIn("SELECT pay", NAMES)).toEqual([]));
});

describe("a part that shows what is now", () => {
  it("is asked for again some seconds after it came", () => {
    expect(isDue(1000, 2999, 2)).toBe(false);
    expect(isDue(1000, 3000, 2)).toBe(true);
  });

  it("knows what somebody has opened in it", () => {
    document.body.innerHTML = `<details id="a" open></details><details id="b"></details><details open></details>`;
    expect(openedIn(document.body)).toEqual(["a"]);
  });
});
