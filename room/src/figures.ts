import { short } from "./series";

export type Point = [number, number | null];

/** Return a figure with its unit: 250 ms, 1.2 s, 3.4%, 12 req/s. */
export function figure(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined) return "–";
  if (unit === "s") return Math.abs(value) < 0.9995 ? `${short(value * 1000)} ms` : `${short(value)} s`;
  if (unit === "ratio") return `${short(value * 100)}%`;
  return `${short(value)}${unit === "count" ? "" : ` ${unit}`}`.trim();
}

/** Return the points with a gap where the measurements have one. */
export function withGaps(points: [number, number][]): Point[] {
  const steps = points.slice(1).map((point, at) => point[0] - (points[at]?.[0] ?? 0)).sort((one, other) => one - other);
  const usual = steps[Math.floor(steps.length / 2)] ?? 1;
  return points.flatMap((point, at): Point[] => {
    const before = points[at - 1];
    return before && point[0] - before[0] > 3.5 * usual ? [[point[0] - usual, null], point] : [point];
  });
}
