// What the server says of a panel, and of what it shows.
export interface Step {
  value?: number;
  color: string;
}

export interface Mapping {
  low?: number;
  high?: number;
  text: string;
  color: string;
  missing: boolean;
}

export interface Style {
  unit?: string;
  decimals?: number;
  min?: number;
  max?: number;
  soft_min?: number;
  soft_max?: number;
  no_value?: string;
  name?: string;
  color_mode?: string;
  color?: string;
  steps?: Step[];
  percent_steps?: boolean;
  mappings?: Mapping[];
  draw?: string;
  width?: number;
  fill?: number;
  dash?: number[];
  points?: string;
  span_gaps?: boolean;
  stack?: string;
  threshold_lines?: string;
  axis?: string;
  axis_label?: string;
  log?: number;
  hidden?: boolean;
  align?: string;
}

export interface Override {
  by: string;
  what: string;
  style: Style;
}

export interface Look {
  legend: { shown: boolean; table: boolean; figures: string[]; sort_by: string; descending: boolean };
  figure: string;
  color: string;
  curve: boolean;
  text: string;
  oldest_first: boolean;
  sort_by: string;
  descending: boolean;
  header: boolean;
}

export interface Panel {
  id: number;
  kind: string;
  title: string;
  style: Style;
  overrides: Override[];
  look: Look;
  slow: boolean;
}

export type Value = number | null;
export type Labels = Record<string, string>;
export type CurveAnswer = [key: string, ref: string, name: string, labels: Labels, values: Value[]];

export interface Line {
  at: string;
  level: string;
  service: string;
  message: string;
  trace?: string;
}

export interface PanelAnswer {
  first: number;
  curves?: CurveAnswer[];
  lines?: Line[];
  left_out?: number;
  problem?: string;
}

export interface Answer {
  first: number;
  last: number;
  step: number;
  options: Record<string, string[]>;
  panels: Record<string, PanelAnswer>;
}

export interface Series {
  key: string;
  ref: string;
  name: string;
  labels: Labels;
  values: Value[];
}

/** Return the style of one series or column: the panel's, and what overrides it, the last one most. */
export function styleOf(panel: Panel, name: string, ref = ""): Style {
  const found = { ...panel.style };
  for (const each of panel.overrides) if (isMeant(each, name, ref)) Object.assign(found, each.style);
  return found;
}

function isMeant(override: Override, name: string, ref: string): boolean {
  if (override.by === "query") return override.what === ref;
  if (override.by === "name") return override.what === name;
  const written = /^\/(.*)\/([a-z]*)$/s.exec(override.what);
  try {
    return new RegExp(written?.[1] ?? override.what, written?.[2]).test(name);
  } catch {
    return false; // no expression that a browser knows
  }
}
