import { describe, expect, it } from "vitest";
import { lineColours, stepColour, stepOf } from "../../src/dashboards/colours";
import { figure } from "../../src/dashboards/figures";
import { Frame, times } from "../../src/dashboards/frames";
import { entries } from "../../src/dashboards/legend";
import { type CurveAnswer, type Panel, type Series, styleOf, type Value } from "../../src/dashboards/model";
import { stacked } from "../../src/dashboards/stacks";
import { path, written } from "../../src/dashboards/stat";
import { columns } from "../../src/dashboards/table";

const series = (name: string, ...values: Value[]): Series => ({ key: `A${name}`, ref: "A", name, labels: { job: name }, values });
const curve = (name: string, ...values: Value[]): CurveAnswer => [`A${name}`, "A", name, { job: name }, values];
const panel = (more: Partial<Panel> = {}): Panel => ({
  id: 1,
  kind: "timeseries",
  title: "T",
  style: {},
  overrides: [],
  look: {
    legend: { shown: true, table: true, figures: ["lastNotNull", "max"], sort_by: "", descending: false },
    figure: "lastNotNull",
    color: "value",
    curve: true,
    text: "auto",
    oldest_first: false,
    sort_by: "",
    descending: false,
    header: true,
  },
  slow: false,
  ...more,
});

describe("what a panel knows", () => {
  it("moves on with time, overwrites what was asked again, forgets what is too old", () => {
    const frame = new Frame();
    frame.take({ first: 0, curves: [curve("a", 1, 2, 3, 4)] }, { first: 0, last: 3, step: 1 });
    frame.take({ first: 3, curves: [curve("a", 9, 5)] }, { first: 1, last: 4, step: 1 });
    expect(frame.series[0]?.values).toEqual([2, 3, 9, 5]);
    expect(frame.last).toBe(4);
  });

  it("has a gap where nothing came, never a zero", () => {
    const frame = new Frame();
    frame.take({ first: 0, curves: [curve("a", 1, null, 3), curve("b", 1, 1, 1)] }, { first: 0, last: 4, step: 2 });
    frame.take({ first: 6, curves: [curve("b", 2)] }, { first: 2, last: 6, step: 2 });
    expect(frame.series.map((each) => each.values)).toEqual([
      [null, 3, null],
      [1, 1, 2],
    ]);
  });

  it("has a series that comes later from its beginning on, and none that is all gaps", () => {
    const frame = new Frame();
    frame.take({ first: 0, curves: [curve("a", 1, null)] }, { first: 0, last: 1, step: 1 });
    frame.take({ first: 1, curves: [curve("b", null, 7)] }, { first: 1, last: 2, step: 1 });
    expect(frame.series.map((each) => [each.name, each.values])).toEqual([["b", [null, 7]]]);
  });

  it("begins anew after a time that nobody looked", () => {
    const frame = new Frame();
    frame.take({ first: 0, curves: [curve("a", 1, 2)] }, { first: 0, last: 1, step: 1 });
    frame.take({ first: 10, curves: [curve("a", 3, 4)] }, { first: 10, last: 11, step: 1 });
    expect(frame.series[0]?.values).toEqual([3, 4]);
  });

  it("is on common moments", () => expect(times({ first: 10, last: 16, step: 3 })).toEqual([10, 13, 16]));
});

describe("figures", () => {
  it.each([
    ["lastNotNull", 2],
    ["last", null],
    ["firstNotNull", 4],
    ["first", null],
    ["max", 6],
    ["min", 2],
    ["mean", 4],
    ["sum", 12],
    ["range", 4],
    ["count", 3],
  ])("%s leaves gaps out", (kind, value) => expect(figure(kind, [null, 4, 6, 2, null])).toBe(value));

  it("are none of a curve of gaps", () => expect(figure("max", [null])).toBeNull());
});

describe("the legend", () => {
  const three = [series("a", 1, 5), series("b", 9, 2), series("c", null, null)];

  it("has figures in the unit of each series", () => {
    const [first] = entries(panel().look.legend, three, [{ unit: "s" }, {}, {}], ["red"]);
    expect(first).toMatchObject({ name: "a", colour: "red", texts: ["5 s", "5 s"] });
  });

  it.each([
    [true, ["b", "a", "c"]],
    [false, ["a", "b", "c"]],
  ])("is sorted by a figure, what has none last", (descending, names) => {
    const look = { ...panel().look.legend, sort_by: "Max", descending };
    expect(entries(look, three, [], []).map((each) => each.name)).toEqual(names);
  });
});

describe("styles", () => {
  it("are overridden by name, by expression, by query; what is no expression matches nothing", () => {
    const overrides = [
      { by: "name", what: "a", style: { unit: "s" } },
      { by: "regexp", what: "/^b/i", style: { unit: "bytes" } },
      { by: "query", what: "C", style: { unit: "ops" } },
      { by: "regexp", what: "(", style: { unit: "percent" } },
    ];
    const units = [["a"], ["Bb"], ["x", "C"], ["x"]].map(([name, ref]) => styleOf(panel({ style: { unit: "none" }, overrides }), name ?? "", ref).unit);
    expect(units).toEqual(["s", "bytes", "ops", "none"]);
  });

  it("a threshold colours from its value on", () => {
    const style = { steps: [{ color: "green" }, { color: "orange", value: 0.2 }, { color: "red", value: 0.3 }] };
    expect([0.1, 0.2, 0.29, 5].map((value) => stepOf(value, style)?.color)).toEqual(["green", "orange", "orange", "red"]);
    expect(stepColour(null, style, false)).toBe("");
    expect(stepColour(1, { steps: [{ color: "transparent" }] }, false)).toBe("");
    expect(stepOf(60, { ...style, percent_steps: true, max: 200, steps: [{ color: "green" }, { color: "red", value: 25 }] })?.color).toBe("red");
  });

  it("a name has the same colour in every panel, a fixed one its own", () => {
    const styles = [{ color_mode: "palette-classic-by-name" }, { color_mode: "palette-classic-by-name" }];
    const [one, other] = lineColours([series("risk"), series("payments")], styles, false);
    expect(lineColours([series("payments"), series("risk")], styles, false)).toEqual([other, one]);
    expect(lineColours([series("risk")], [{ color_mode: "fixed", color: "#123456" }], false)).toEqual(["#123456"]);
  });

  it("a value is shown by its mapping, or as what is said where there is none", () => {
    const style = { mappings: [{ low: 0, high: 0, text: "closed", color: "", missing: false }, { text: "gone", color: "", missing: true }], unit: "s" };
    expect([0, 2, null].map((value) => written(value, style))).toEqual(["closed", "2 s", "gone"]);
    expect(written(null, { no_value: "calm" })).toBe("calm");
    expect(written(null, {})).toBe("No data");
  });
});

describe("stacks", () => {
  it("add up those that are stacked and shown; a gap stays a gap", () => {
    const found = stacked([series("a", 1, null), series("b", 2, 2), series("c", 5, 5)], [{ stack: "normal" }, { stack: "normal" }, {}], [true, true, true]);
    expect(found).toEqual([
      [1, null],
      [3, 2],
      [5, 5],
    ]);
  });

  it("leave out what is hidden, and are shares of the whole in percent", () => {
    const percent = [{ stack: "percent" }, { stack: "percent" }];
    expect(stacked([series("a", 1), series("b", 3)], percent, [true, true])).toEqual([[0.25], [1]]);
    expect(stacked([series("a", 1), series("b", 3)], percent, [false, true])).toEqual([[1], [1]]);
  });
});

it("a small curve ends before a gap and begins anew after it", () => {
  expect(path([1, 1, null, 1]).match(/[ML]/g)?.join("")).toBe("MLM");
});

it("a table has a column for each label and one for the value; what is hidden is left out, what is renamed sorted by that", () => {
  const overrides = [
    { by: "name", what: "Time", style: { hidden: true } },
    { by: "name", what: "job", style: { name: "Service" } },
    { by: "name", what: "Value", style: { name: "For", unit: "s" } },
  ];
  const look = { ...panel().look, sort_by: "For", descending: true };
  const found = columns(panel({ overrides, look }), [series("a", 1), series("b", 30, null)], 0);
  expect(found.map((each) => [each.title, each.cells])).toEqual([
    ["Service", ["b", "a"]],
    ["For", [30, 1]],
  ]);
});
