// Where everything is: layers from who calls to who is called, by dagre, which is loaded with the first graph.
import * as dagre from "@dagrejs/dagre";
import { type Edge, type Graph, linesOf } from "./graph";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

export interface Layout {
  width: number;
  height: number;
  nodes: Map<string, Box>;
  edges: Map<string, { points: Point[]; label: Box }>;
}

export const LINE = 14;
const [CHARACTER, BOLD] = [6.3, 7.1];

/** Return the size of what stands on an edge. */
export function labelSize(edge: Edge, narrow: boolean): { width: number; height: number } {
  const lines = linesOf(edge, narrow);
  const longest = Math.max(0, ...lines.map((line) => line.text.length * (line.odd ? BOLD : CHARACTER)));
  return { width: longest + 8, height: lines.length * LINE + 4 };
}

/** Lay a graph out: from left to right, or from the top down where it is narrow. */
export function layOut(graph: Graph, narrow: boolean): Layout {
  const laid = new dagre.graphlib.Graph({ multigraph: true });
  laid.setGraph({ rankdir: narrow ? "TB" : "LR", nodesep: narrow ? 8 : 26, edgesep: narrow ? 4 : 8, ranksep: narrow ? 20 : 34, marginx: 4, marginy: 4 });
  const known = new Set(graph.nodes.map((node) => node.id));
  for (const node of graph.nodes) laid.setNode(node.id, { width: narrow ? 92 : 116, height: 40 });
  const edges = graph.edges.filter((edge) => known.has(edge.start) && known.has(edge.end));
  for (const edge of edges) laid.setEdge(edge.start, edge.end, { ...labelSize(edge, narrow), labelpos: "c" }, edge.id);
  dagre.layout(laid);
  const size = laid.graph();
  return {
    width: size.width ?? 0,
    height: size.height ?? 0,
    nodes: new Map(graph.nodes.map((node) => [node.id, corner(laid.node(node.id) as Box)])),
    edges: new Map(edges.map((edge) => [edge.id, place(laid.edge({ v: edge.start, w: edge.end, name: edge.id }) as Placed)])),
  };
}

interface Placed extends Box {
  points: Point[];
}

function place(edge: Placed): { points: Point[]; label: Box } {
  return { points: edge.points, label: corner(edge) };
}

// dagre says where the middle is.
function corner(box: Box): Box {
  return { x: box.x - box.width / 2, y: box.y - box.height / 2, width: box.width, height: box.height };
}

/** Return the path of an edge, rounded at its bends. */
export function path(points: Point[]): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (!first || !last) return "";
  const steps = rest.slice(0, -1).map((point, at) => {
    const next = rest[at + 1] ?? last;
    return `Q${point.x},${point.y} ${(point.x + next.x) / 2},${(point.y + next.y) / 2}`;
  });
  return [`M${first.x},${first.y}`, ...steps, `L${last.x},${last.y}`].join(" ");
}

/** Return the corners of an edge's head: a triangle that points where the edge goes. */
export function head(points: Point[], size = 7): string {
  const [from, to] = points.slice(-2);
  if (!from || !to) return "";
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const [bx, by] = [to.x - dx * size, to.y - dy * size];
  const half = size * 0.5;
  return `${to.x},${to.y} ${bx - dy * half},${by + dx * half} ${bx + dy * half},${by - dx * half}`;
}
