import type { Value } from "./model";

/** The name that the head of a legend has for a figure. */
export const TITLES: Record<string, string> = {
  lastNotNull: "Last",
  last: "Last",
  firstNotNull: "First",
  first: "First",
  max: "Max",
  min: "Min",
  mean: "Mean",
  sum: "Total",
  range: "Range",
  count: "Count",
};

/** Return one number of a curve; gaps don't count, but for the very first or last value. */
export function figure(kind: string, values: Value[]): Value {
  const known = values.filter((each): each is number => each !== null);
  if (kind === "count") return known.length;
  if (kind === "last" || kind === "first") return values.at(kind === "last" ? -1 : 0) ?? null;
  if (known.length === 0) return null;
  switch (kind) {
    case "firstNotNull":
      return known[0] ?? null;
    case "max":
      return Math.max(...known);
    case "min":
      return Math.min(...known);
    case "sum":
      return known.reduce((one, other) => one + other, 0);
    case "mean":
      return known.reduce((one, other) => one + other, 0) / known.length;
    case "range":
      return Math.max(...known) - Math.min(...known);
    default:
      return known.at(-1) ?? null;
  }
}
