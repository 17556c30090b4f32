import { describe, expect, it } from "vitest";
import { digits, reading } from "../src/time";

describe("a clock", () => {
  it.each([
    [0, "00:00"],
    [65.9, "01:05"],
    [3661, "1:01:01"],
    [-4, "00:00"],
  ])("shows %d seconds as %s", (seconds, text) => expect(digits(seconds)).toBe(text));

  it("counts on from what it read", () => {
    expect(reading("up", 58, 4).text).toBe("01:02");
    expect(reading("down", 58, 4)).toEqual({ text: "00:54", left: 54 });
    expect(reading("down", 3, 9).text).toBe("00:00");
  });

  it("says how late what was due is", () => {
    expect(reading("due", 5, 2).text).toBe("00:03");
    expect(reading("due", 5, 75).text).toBe("late 01:10");
  });
});
