function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}

const SHORTCUTS = "#views [data-key], #pin:not([hidden]) [data-key]";

/** What a key stands for: a view, the button that pins what is in sight, or the search. */
function meant(key: string): HTMLElement | null {
  if (key === "/") return document.querySelector("[data-search], [data-narrow]");
  return [...document.querySelectorAll<HTMLElement>(SHORTCUTS)].find((each) => each.dataset.key === key) ?? null;
}

/** Do what a key stands for: a letter opens its view, "/" goes to the search, Escape leaves a field. */
function press(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && isTyping(event.target)) (event.target as HTMLElement).blur();
  if (isTyping(event.target)) return;
  const found = meant(event.key);
  if (!found) return;
  event.preventDefault();
  if (event.key === "/") found.focus();
  else found.click();
}

export function startKeys(): void {
  document.addEventListener("keydown", press);
}
