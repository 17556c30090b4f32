// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { restore, stash } from "../src/keep";
import { matches } from "../src/narrow";
import { colour, short } from "../src/series";

describe("what was opened", () => {
  it("stays open, with what was read into it, when its list is fresh", () => {
    document.body.innerHTML = `<div><details id="a" open><p>read</p></details><details id="b"></details></div>`;
    const open = stash(document.body);
    document.body.innerHTML = `<div><details id="new"></details><details id="a"><p>…</p></details></div>`;
    restore(document.body, open);
    expect(document.getElementById("a")?.textContent).toBe("read");
    expect((document.getElementById("a") as HTMLDetailsElement).open).toBe(true);
    expect(document.querySelectorAll("details")).toHaveLength(2);
  });
});

describe("a search among words", () => {
  it.each([
    ["cache-eviction the cache has too little memory", "cache memory", true],
    ["cache-eviction the cache has too little memory", "Cache Evict", true],
    ["cache-eviction", "cpu", false],
    ["anything", "", true],
  ])("%s / %s: %s", (text, search, found) => expect(matches(text, search)).toBe(found));
});

describe("a graph", () => {
  it.each([
    [0, "0"],
    [0.25, "0.25"],
    [1500, "1.5k"],
    [-20_000_000, "-20M"],
    [0.00002, "2e-5"],
  ])("shows %d as %s", (value, text) => expect(short(value)).toBe(text));

  it("has colours that differ, on both grounds", () => {
    for (const dark of [true, false]) expect(new Set([...Array(30).keys()].map((at) => colour(at, dark))).size).toBe(30);
  });
});
