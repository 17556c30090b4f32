// A part of a page that is kept fresh leaves what somebody has opened open, with what was read into it.
export function stash(root: ParentNode): Map<string, Element> {
  const open = new Map<string, Element>();
  for (const each of root.querySelectorAll("details[id][open]")) open.set(each.id, each);
  return open;
}

export function restore(root: ParentNode, open: Map<string, Element>): void {
  for (const each of root.querySelectorAll("details[id]")) {
    const kept = open.get(each.id);
    if (kept) each.replaceWith(kept);
  }
}

function isTyping(root: ParentNode): boolean {
  return [...root.querySelectorAll("textarea")].some((each) => each.value !== each.defaultValue);
}

export function keepOpen(): void {
  let open = new Map<string, Element>();
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const { target, requestConfig } = (event as CustomEvent).detail;
    const fresh = requestConfig?.headers?.["X-Refresh"] === "1";
    open = fresh && target instanceof Element && target.matches("[data-keep-open]") ? stash(target) : new Map();
    // Nobody's half-written text is taken away.
    if (fresh && target instanceof Element && isTyping(target)) (event as CustomEvent).detail.shouldSwap = false;
  });
  document.body.addEventListener("htmx:afterSwap", () => {
    if (open.size > 0) restore(document, open);
    open = new Map();
  });
}
