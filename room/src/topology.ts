// The topology is drawn beside the table that the server renders, and drawn again when that is newer.
import htmx from "htmx.org";
import type { Graph } from "./graph";

const NARROW = 760;
const drawn = new WeakMap<HTMLElement, (graph: Graph) => void>();

async function draw(figure: HTMLElement): Promise<void> {
  const source = document.getElementById(figure.dataset.graphOf ?? "");
  if (!source?.dataset.graph) return;
  const graph = JSON.parse(source.dataset.graph) as Graph;
  const [{ Drawing }, { Card }] = await Promise.all([import("./drawing"), import("./card")]);
  const again = drawn.get(figure);
  if (again) return again(graph);
  figure.hidden = false;
  const scroll = Object.assign(document.createElement("div"), { className: "graph-scroll" });
  figure.append(scroll);
  const card = new Card(figure);
  const drawing = new Drawing(scroll, (item, at) => card.open(item, at));
  let [last, narrow] = [graph, figure.clientWidth < NARROW];
  const show = (newer: Graph): void => {
    last = newer;
    drawing.draw(newer, narrow);
    const open = [...newer.nodes, ...newer.edges].find((each) => each.id === card.id);
    if (open) card.fill(open);
  };
  const centre = (): void => {
    scroll.scrollLeft = drawing.middleOf(last.nodes[0]?.id ?? "") - scroll.clientWidth / 2;
  };
  drawn.set(figure, show);
  show(graph);
  centre();
  new ResizeObserver(() => {
    if (figure.clientWidth === 0 || narrow === figure.clientWidth < NARROW) return;
    narrow = !narrow;
    card.close();
    show(last);
    centre();
  }).observe(figure);
}

function drawAll(): void {
  for (const figure of document.querySelectorAll<HTMLElement>("[data-graph-of]")) void draw(figure);
}

// Figures have no topic of the stream: they are always new. Nobody asks while nobody sees the tab.
function refresh(): void {
  if (document.hidden) return;
  for (const figure of document.querySelectorAll<HTMLElement>("[data-graph-of][data-refresh]")) {
    const source = document.getElementById(figure.dataset.graphOf ?? "");
    const passed = Date.now() - Number(figure.dataset.asked ?? 0);
    if (!source || passed < Number(figure.dataset.refresh) * 1000) continue;
    if (figure.dataset.asked) htmx.trigger(source, "refresh");
    figure.dataset.asked = String(Date.now());
  }
}

export function startTopology(): void {
  drawAll();
  document.body.addEventListener("htmx:load", drawAll);
  refresh();
  setInterval(refresh, 1000);
}
