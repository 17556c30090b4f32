// A graph as SVG. What is drawn again keeps its elements, so that the keyboard stays where it was.
import { type Edge, type Graph, linesOf, type Node, short } from "./graph";
import { type Box, head, LINE, layOut, path } from "./layout";

const SVG = "http://www.w3.org/2000/svg";

export type Item = Node | Edge;

function make(name: string, attributes: Record<string, string | number>, text = ""): SVGElement {
  const found = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) found.setAttribute(key, String(value));
  if (text) found.textContent = text;
  return found;
}

/** Return the words that a part of a drawing is styled by. */
export function classOf(item: Item): string {
  if ("kind" in item) return `node ${item.odd ? "odd" : ""}`.trim();
  const state = item.odd ? "odd" : "";
  return ["edge", state, item.missing ? "missing" : ""].filter(Boolean).join(" ");
}

export class Drawing {
  readonly svg: SVGElement;
  private readonly groups = new Map<string, SVGElement>();
  private readonly middles = new Map<string, number>();
  private readonly lines = make("g", { "aria-hidden": "true" });
  private readonly items = make("g", {});

  constructor(
    figure: HTMLElement,
    private readonly choose: (item: Item, at: Element) => void,
    private readonly chosen: (item: Item) => "" | "can" | "is" = () => "can",
  ) {
    this.svg = make("svg", { role: "group" });
    this.svg.append(this.lines, this.items);
    figure.append(this.svg);
  }

  draw(graph: Graph, narrow: boolean): void {
    const laid = layOut(graph, narrow);
    this.svg.setAttribute("viewBox", `0 0 ${laid.width} ${laid.height}`);
    this.svg.setAttribute("width", String(laid.width));
    this.svg.setAttribute("height", String(laid.height));
    this.lines.replaceChildren();
    const shown = new Set<string>();
    for (const node of graph.nodes) {
      const box = laid.nodes.get(node.id);
      if (box) this.show(node, box, nodeParts(node, box), shown);
    }
    for (const edge of graph.edges) {
      const placed = laid.edges.get(edge.id);
      if (!placed) continue;
      const line = make("g", { class: classOf(edge) });
      line.append(make("path", { d: path(placed.points) }), make("polygon", { points: head(placed.points) }));
      this.lines.append(line);
      this.show(edge, placed.label, edgeParts(edge, placed.label, narrow), shown);
    }
    for (const [id, group] of this.groups) {
      if (shown.has(id)) continue;
      group.remove();
      this.groups.delete(id);
    }
  }

  /** Where the middle of a part is, from the left. */
  middleOf(id: string): number {
    return this.middles.get(id) ?? 0;
  }

  private show(item: Item, box: Box, parts: SVGElement[], shown: Set<string>): void {
    const group = this.groups.get(item.id) ?? this.begin(item.id);
    const chosen = this.chosen(item);
    group.setAttribute("class", `${classOf(item)}${chosen ? ` choice ${chosen}` : ""}`);
    if (chosen) for (const [name, value] of Object.entries({ role: "button", tabindex: "0" })) group.setAttribute(name, value);
    // A title is what is read aloud, and what the pointer shows.
    const title = make("title", {});
    title.textContent = chosen === "is" ? `${item.label}, chosen` : item.label;
    group.replaceChildren(title, ...parts);
    (group as SVGElement & { item?: Item }).item = item;
    this.middles.set(item.id, box.x + box.width / 2);
    shown.add(item.id);
  }

  private begin(id: string): SVGElement {
    const group = make("g", { "data-id": id });
    const open = (): void => {
      const { item } = group as SVGElement & { item?: Item };
      if (item && this.chosen(item)) this.choose(item, group);
    };
    group.addEventListener("click", open);
    group.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      open();
    });
    this.groups.set(id, group);
    this.items.append(group);
    return group;
  }
}

function nodeParts(node: Node, box: Box): SVGElement[] {
  const middle = box.x + box.width / 2;
  const round = node.kind === "datastore" ? 18 : 5;
  return [
    make("rect", { x: box.x, y: box.y, width: box.width, height: box.height, rx: round }),
    make("text", { x: middle, y: box.y + 17, class: "name" }, short(node.name)),
    make("text", { x: middle, y: box.y + 32, class: node.remark ? "remark" : "kind" }, node.remark || node.kind),
  ];
}

function edgeParts(edge: Edge, box: Box, narrow: boolean): SVGElement[] {
  const lines = linesOf(edge, narrow);
  const middle = box.x + box.width / 2;
  const top = box.y + (box.height - lines.length * LINE) / 2;
  return [
    make("rect", { x: box.x, y: box.y, width: box.width, height: box.height, rx: 3 }),
    ...lines.map((line, at) => make("text", { x: middle, y: top + LINE * at + 11, class: line.odd ? "odd-line" : "" }, line.text)),
  ];
}
