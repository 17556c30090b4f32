import { describe, expect, it } from "vitest";
import { format } from "../../src/dashboards/units";

describe("a number in its unit", () => {
  it.each([
    [0.0123, "percentunit", undefined, "1.23%"],
    [0.0123, "percentunit", 0, "1%"],
    [50, "percent", undefined, "50%"],
    [0.34, "s", undefined, "340 ms"],
    [0.0000021, "s", undefined, "2.1 µs"],
    [1.2345, "s", undefined, "1.23 s"],
    [0, "s", undefined, "0 s"],
    [90, "s", undefined, "1.5 min"],
    [250, "ms", undefined, "250 ms"],
    [3930, "dtdurations", undefined, "1 h 5 min"],
    [0, "dtdurations", undefined, "0 s"],
    [86400 * 3 + 60, "dtdurations", undefined, "3 d"],
    [1536, "bytes", undefined, "1.5 KiB"],
    [3 * 2 ** 30, "bytes", 1, "3.0 GiB"],
    [2048, "Bps", undefined, "2 KiB/s"],
    [4.5, "reqps", undefined, "4.5 req/s"],
    [4500, "ops", undefined, "4.5k ops/s"],
    [12, "cps", undefined, "12/s"],
    [1500, "short", undefined, "1.5k"],
    [1500, "none", undefined, "1500"],
    [12345, "none", undefined, "12,345"],
    [2.5, "none", 0, "3"],
    [0.00004, "none", undefined, "4.0e-5"],
    [-3, "short", undefined, "-3"],
    [7, "widgets", undefined, "7 widgets"],
    [1, "bool_yes_no", undefined, "yes"],
  ])("%d as %s", (value, unit, decimals, text) => expect(format(value, unit, decimals)).toBe(text));

  it("is a dash where there is none", () => {
    expect(format(null, "s")).toBe("–");
    expect(format(NaN)).toBe("–");
  });
});
