export interface Graph {
  times: number[];
  series: { name: string; values: (number | null)[] }[];
}

/** Return one of some colours that can be told apart on both grounds; they come again after the last. */
export function colour(at: number, dark: boolean): string {
  const hues = [222, 28, 152, 340, 190, 52, 275, 105, 10, 205];
  const round = Math.floor(at / hues.length) % 3;
  const lightness = (dark ? 70 : 42) + (dark ? -9 : 9) * round;
  return `hsl(${hues[at % hues.length]} ${dark ? 62 : 58}% ${lightness}%)`;
}

/** Return a number as an axis shows it: 1.5k, 20M, 0.002. */
export function short(value: number): string {
  const size = Math.abs(value);
  for (const [factor, unit] of [[1e9, "G"], [1e6, "M"], [1e3, "k"]] as const) {
    if (size >= factor) return `${trimmed(value / factor)}${unit}`;
  }
  return size !== 0 && size < 0.001 ? value.toExponential(0) : trimmed(value);
}

function trimmed(value: number): string {
  return String(Number(value.toPrecision(3)));
}
