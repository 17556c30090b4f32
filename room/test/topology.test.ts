// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { Card } from "../src/card";
import { classOf, Drawing } from "../src/drawing";
import { type Edge, type Graph, linesOf, type Node, short } from "../src/graph";
import { head, layOut, path } from "../src/layout";
import { pick } from "../src/pick";

const node = (id: string, more: Partial<Node> = {}): Node => ({
  id, name: id, kind: "service", remark: "", odd: false, label: `${id}, service`, component: id, links: [], ...more,
});
const figure = (line: string, odd = "", now = "1") => ({ name: "calls", now, healthy: "2", odd, line });
const edge = (start: string, end: string, more: Partial<Edge> = {}): Edge => ({
  id: `${start} to ${end}`, start, end, via: "HTTP", figures: [figure("5.0/s"), figure("▲ 3% err", "more than healthy")],
  missing: "", odd: true, label: `${start} to ${end}`, component: "", links: [], ...more,
});
const graph: Graph = {
  nodes: [node("a"), node("b"), node("c")],
  edges: [edge("a", "b"), edge("b", "c"), edge("a", "c", { figures: [], missing: "not measured", odd: false })],
};

describe("the lines on an edge", () => {
  it("are its figures, and where it is narrow only the first and the odd ones", () => {
    expect(linesOf(edge("a", "b")).map((line) => line.text)).toEqual(["5.0/s", "▲ 3% err"]);
    const calm = edge("a", "b", { figures: [figure("5.0/s"), figure("0% err")] });
    expect(linesOf(calm, true).map((line) => line.text)).toEqual(["5.0/s"]);
  });
  it("say what is missing, and leave out what has no value", () => {
    const gone = edge("a", "b", { missing: "no figures now", figures: [figure("", "missing", "")] });
    expect(linesOf(gone)).toEqual([{ text: "no figures now", odd: true }]);
    expect(linesOf(edge("a", "b", { figures: [], odd: false }))).toEqual([{ text: "HTTP", odd: false }]);
  });
});

describe("a layout", () => {
  it("has callers before those that they call, from left to right", () => {
    const laid = layOut(graph, false);
    const [a, b, c] = ["a", "b", "c"].map((id) => laid.nodes.get(id)?.x ?? NaN) as [number, number, number];
    expect(a).toBeLessThan(b);
    expect(b).toBeLessThan(c);
    expect(laid.edges.size).toBe(3);
  });
  it("goes from the top down where it is narrow, within its size", () => {
    const laid = layOut(graph, true);
    const boxes = [...laid.nodes.values()];
    expect(boxes[0]?.y).toBeLessThan(boxes[1]?.y ?? 0);
    for (const box of boxes) expect(box.x + box.width).toBeLessThanOrEqual(laid.width);
  });
  it("stands a circle of calls, and an edge to nowhere", () => {
    const odd = { nodes: graph.nodes, edges: [...graph.edges, edge("c", "a"), edge("a", "a"), edge("a", "gone")] };
    expect(layOut(odd, false).edges.size).toBe(5);
  });
  it("is the same every time", () => {
    expect(layOut(graph, false)).toEqual(layOut(graph, false));
  });
});

it("an edge is a path with a head at its end", () => {
  const points = [{ x: 0, y: 0 }, { x: 10, y: 10 }, { x: 20, y: 10 }];
  expect(path(points)).toBe("M0,0 Q10,10 15,10 L20,10");
  expect(path([])).toBe("");
  expect(head(points, 4)).toBe("20,10 16,12 16,8");
});

it("long names are cut", () => {
  expect(short("postgres")).toBe("postgres");
  expect(short("a-name-that-nobody-planned")).toHaveLength(15);
});

describe("a drawing", () => {
  it("keeps its elements, and the keyboard's place, when it is drawn again", () => {
    document.body.replaceChildren();
    const drawing = new Drawing(document.body, () => undefined);
    drawing.draw(graph, false);
    const first = document.querySelector<SVGElement>('[data-id="a to b"]');
    first?.focus();
    drawing.draw({ ...graph, edges: [edge("a", "b", { label: "newer" })] }, false);
    expect(document.activeElement).toBe(first);
    expect(first?.querySelector("title")?.textContent).toBe("newer");
    expect(document.querySelectorAll('[role="button"]')).toHaveLength(4);
  });
  it("opens by Enter and by a click, and only what can be chosen", () => {
    document.body.replaceChildren();
    const opened: string[] = [];
    const drawing = new Drawing(document.body, (item) => opened.push(item.id), (item) => (item.component ? "can" : ""));
    drawing.draw(graph, false);
    const at = (id: string) => document.querySelector(`[data-id="${id}"]`);
    at("a")?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
    at("b")?.dispatchEvent(new MouseEvent("click"));
    at("a to b")?.dispatchEvent(new MouseEvent("click"));
    expect(opened).toEqual(["a", "b"]);
    expect(at("a to b")?.hasAttribute("tabindex")).toBe(false);
  });
  it("tells by class what is odd and what is missing", () => {
    expect(classOf(edge("a", "b", { missing: "no figures now" }))).toBe("edge odd missing");
    expect(classOf(node("a"))).toBe("node");
  });
});

it("a card closes by Escape, and gives the keyboard back", () => {
  document.body.replaceChildren();
  const drawing = new Drawing(document.body, (item, at) => card.open(item, at));
  const card = new Card(document.body);
  const links = [{ text: "Logs", href: "/logs" }];
  drawing.draw({ ...graph, nodes: [node("a", { links }), ...graph.nodes.slice(1)] }, false);
  const opener = document.querySelector<SVGElement>('[data-id="a"]');
  opener?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  expect(document.activeElement?.textContent).toBe("Logs");
  card.fill(node("a", { links: [{ text: "Newer", href: "/logs" }] }));
  expect(document.activeElement?.textContent).toBe("Newer");
  card.box.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
  expect(card.box.hidden).toBe(true);
  expect(document.activeElement).toBe(opener);
});

it("what is picked is chosen in the list, though a search hid it", () => {
  document.body.innerHTML = `<form><fieldset data-choice><input type="search" data-narrow value="xyz">
    <label class="word" hidden><input type="radio" name="component" value="risk"></label></fieldset></form>`;
  const form = document.querySelector("form") as HTMLFormElement;
  expect(pick(form, "component", "risk")).toBe(true);
  expect(new FormData(form).get("component")).toBe("risk");
  expect(form.querySelector<HTMLInputElement>("[data-narrow]")?.value).toBe("");
  expect(pick(form, "component", "nothing-known")).toBe(false);
});
