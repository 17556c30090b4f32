// What the server says of a graph: components and their connections, all text ready to be shown.
export interface Link {
  text: string;
  href: string;
}

export interface Figure {
  name: string;
  now: string;
  healthy: string;
  odd: string;
  line: string;
}

interface Item {
  id: string;
  odd: boolean;
  label: string;
  /** Its word of the vocabulary; empty where it has none. */
  component: string;
  links: Link[];
}

export interface Node extends Item {
  name: string;
  kind: string;
  remark: string;
}

export interface Edge extends Item {
  start: string;
  end: string;
  via: string;
  figures: Figure[];
  missing: string;
}

export interface Graph {
  nodes: Node[];
  edges: Edge[];
}

const LONGEST = 15;

/** Return a name as short as a node is wide; the label has the whole one. */
export function short(name: string): string {
  return name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
}

/** Return the lines that stand on an edge: its figures, or what it goes by; where it is narrow, the first and odd ones. */
export function linesOf(edge: Edge, narrow = false): { text: string; odd: boolean }[] {
  const figures = edge.figures.filter((each) => each.now !== "").map((each) => ({ text: each.line, odd: each.odd !== "" }));
  const lines = edge.missing ? [{ text: edge.missing, odd: edge.odd }, ...figures] : figures;
  if (lines.length === 0) return [{ text: edge.via, odd: false }];
  return narrow ? lines.filter((line, at) => at === 0 || line.odd) : lines;
}
