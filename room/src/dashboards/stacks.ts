import type { Series, Style, Value } from "./model";

/** Return the values as they are drawn: those that are stacked upon those before them. A gap stays a gap. */
export function stacked(series: Series[], styles: Style[], shown: boolean[]): Value[][] {
  const within = (at: number) => shown[at] !== false && ["normal", "percent"].includes(styles[at]?.stack ?? "");
  const count = series[0]?.values.length ?? 0;
  const below = new Array<number>(count).fill(0);
  const totals = totalsOf(series.filter((_, at) => within(at)), count);
  return series.map((each, at) => {
    if (!within(at)) return each.values;
    const whole = styles[at]?.stack === "percent" ? totals : null;
    return each.values.map((value, moment) => {
      if (value === null) return null;
      const part = whole ? value / (whole[moment] || 1) : value;
      below[moment] = (below[moment] ?? 0) + part;
      return below[moment] ?? null;
    });
  });
}

function totalsOf(series: Series[], count: number): number[] {
  return Array.from({ length: count }, (_, at) => series.reduce((sum, each) => sum + (each.values[at] ?? 0), 0));
}
