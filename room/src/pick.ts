// The component of an answer, picked on the topology: the same field as its list and its search fill.
import type { Graph } from "./graph";

const NARROW = 760;

function radio(form: Element, name: string, word: string): HTMLInputElement | undefined {
  const all = form.querySelectorAll<HTMLInputElement>('input[type="radio"]');
  return [...all].find((each) => each.name === name && each.value === word);
}

/** Choose a word of a field, as a click in its list does, and let it be seen there. */
export function pick(form: Element, name: string, word: string): boolean {
  const found = radio(form, name, word);
  if (!found) return false;
  const search = found.closest("[data-choice]")?.querySelector<HTMLInputElement>("[data-narrow]");
  if (search?.value) {
    search.value = "";
    search.dispatchEvent(new Event("input", { bubbles: true }));
  }
  found.checked = true;
  found.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

function frame(): [HTMLDialogElement, HTMLElement] {
  const dialog = Object.assign(document.createElement("dialog"), { className: "pick panel graph" });
  const title = Object.assign(document.createElement("h2"), { textContent: "Where is the root cause?" });
  const close = Object.assign(document.createElement("button"), { type: "button", className: "close", textContent: "×" });
  const scroll = Object.assign(document.createElement("div"), { className: "graph-scroll" });
  dialog.setAttribute("aria-label", "Pick a component or a link");
  close.setAttribute("aria-label", "Close");
  close.addEventListener("click", () => dialog.close());
  // A letter opens no view while somebody picks.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(title, close, scroll);
  return [dialog, scroll];
}

async function open(button: HTMLElement): Promise<void> {
  const [form, name] = [button.closest("form"), button.dataset.pick ?? ""];
  if (!form) return;
  const graph = JSON.parse(button.dataset.graph ?? "") as Graph;
  const { Drawing } = await import("./drawing");
  const [dialog, scroll] = frame();
  const is = (word: string): boolean => radio(form, name, word)?.checked ?? false;
  const drawing = new Drawing(
    scroll,
    (item) => {
      if (!pick(form, name, item.component)) return;
      dialog.close();
      radio(form, name, item.component)?.focus();
    },
    (item) => (item.component === "" ? "" : is(item.component) ? "is" : "can"),
  );
  document.body.append(dialog);
  drawing.draw(graph, window.innerWidth < NARROW);
  dialog.showModal();
  (dialog.querySelector<SVGElement>(".choice.is") ?? dialog.querySelector<SVGElement>(".choice"))?.focus();
}

function show(): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-pick]")) button.hidden = false;
}

export function startPicking(): void {
  show();
  document.body.addEventListener("htmx:load", show);
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-pick]");
    if (button) void open(button);
  });
}
