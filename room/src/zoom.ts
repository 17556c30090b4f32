// The time that somebody has zoomed into: kept for this tab, and handed on to every view that draws time.
import { clockTime } from "./time";

export interface Span {
  from: number;
  to: number;
}

/** How each view names its time in an address: how long, and until when. */
const VIEWS: Record<string, string> = { dashboards: "range", metrics: "range", logs: "since", traces: "since" };
const SHORTEST_S = 2;
const EVENT = "room:zoom";

function key(): string {
  return `zoom:${document.body.dataset.stream ?? ""}`;
}

/** Return the time that is zoomed into; null for none. */
export function zoomed(): Span | null {
  try {
    const [from, to] = (sessionStorage.getItem(key()) ?? "").split("-").map(Number);
    return from && to && to > from ? { from, to } : null;
  } catch {
    return null; // a browser that keeps nothing
  }
}

/** Zoom into a time, in epoch seconds; null goes back to the present. Whoever draws hears of it. */
export function zoomTo(span: Span | null): void {
  const whole = span && { from: Math.floor(span.from), to: Math.max(Math.ceil(span.to), Math.floor(span.from) + SHORTEST_S) };
  try {
    if (whole) sessionStorage.setItem(key(), `${whole.from}-${whole.to}`);
    else sessionStorage.removeItem(key());
  } catch {
    // It holds for this page only.
  }
  show();
  document.body.dispatchEvent(new CustomEvent<Span | null>(EVENT, { detail: whole }));
}

export function onZoom(hear: (span: Span | null) => void): void {
  document.body.addEventListener(EVENT, (event) => hear((event as CustomEvent<Span | null>).detail));
}

/** Return an address with the time that is zoomed into, or without one. */
export function withZoom(address: string, view: string, span: Span | null): string {
  const name = VIEWS[view];
  const url = new URL(address, location.href);
  if (!name) return address;
  if (span) {
    url.searchParams.set(name, `${span.to - span.from}s`);
    url.searchParams.set("until", new Date(span.to * 1000).toISOString());
  } else if (url.searchParams.has("until")) {
    url.searchParams.delete(name);
    url.searchParams.delete("until");
  }
  return url.pathname + url.search;
}

function show(): void {
  const span = zoomed();
  for (const link of document.querySelectorAll<HTMLAnchorElement>("#views a[data-key]")) {
    const view = link.pathname.split("/").at(-1) ?? "";
    link.setAttribute("href", withZoom(link.href, view, span));
  }
  chip(span);
}

/** In the navigation, it says what every view is zoomed into, and leads back. */
function chip(span: Span | null): void {
  const list = document.querySelector("#views ul");
  list?.querySelector(".zoomed")?.remove();
  if (!span || !list) return;
  const text = `${clockTime(span.from)} – ${clockTime(span.to)}`;
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: text, title: "Back to the present" });
  button.setAttribute("aria-label", `Zoomed to ${text}: back to the present`);
  button.addEventListener("click", () => zoomTo(null));
  const item = Object.assign(document.createElement("li"), { className: "zoomed" });
  item.append(button);
  list.append(item);
}

export function startZoom(): void {
  show();
  document.body.addEventListener("htmx:load", () => {
    if (!document.querySelector("#views .zoomed") === Boolean(zoomed())) show();
  });
  // htmx remembers where a link led when it came: what it leads to now counts.
  document.body.addEventListener("htmx:configRequest", (event) => {
    const { detail, target } = event as CustomEvent<{ path: string }>;
    if (target instanceof HTMLAnchorElement && target.matches("#views a[data-key]")) detail.path = target.pathname + target.search;
  });
  // A view that has no way of its own is read anew.
  onZoom((span) => {
    const view = document.getElementById("view")?.dataset.view?.replace("room.", "") ?? "";
    if (view === "dashboards" || !(view in VIEWS)) return;
    const there = withZoom(location.href, view, span);
    if (there !== location.pathname + location.search) location.assign(there);
  });
}
