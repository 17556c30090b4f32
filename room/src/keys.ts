function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** What a letter stands for: a view, or the button that pins what is in sight. */
function shortcut(key: string): string {
  const own = `[data-key="${CSS.escape(key)}"]`;
  return `#views ${own}, #pin:not([hidden]) ${own}`;
}

/** Do what a key stands for: a letter opens its view, "/" goes to the search, Escape leaves a field. */
function press(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && isTyping(event.target)) (event.target as HTMLElement).blur();
  if (isTyping(event.target)) return;
  const wanted = event.key === "/" ? "[data-search], [data-narrow]" : shortcut(event.key);
  const found = document.querySelector<HTMLElement>(wanted);
  if (!found) return;
  event.preventDefault();
  if (event.key === "/") found.focus();
  else found.click();
}

export function startKeys(): void {
  document.addEventListener("keydown", press);
}
