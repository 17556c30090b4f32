/** Return whether every word of a search is in a text, in capitals or not, a hyphen as good as a blank. */
export function matches(text: string, search: string): boolean {
  const plain = (raw: string) => raw.toLowerCase().replaceAll("-", " ");
  const within = plain(text);
  return plain(search)
    .split(/\s+/)
    .every((word) => within.includes(word));
}

function narrow(input: HTMLInputElement): void {
  const choice = input.closest("[data-choice]");
  if (!choice) return;
  let shown = 0;
  for (const word of choice.querySelectorAll<HTMLElement>(".word")) {
    const keeps = matches(word.textContent ?? "", input.value);
    word.hidden = !keeps;
    shown += keeps ? 1 : 0;
  }
  const none = choice.querySelector<HTMLElement>(".none");
  if (none) none.hidden = shown > 0;
}

/** Go from the search into the words that are left with the arrow key, and choose the first one with Enter. */
function step(event: KeyboardEvent): void {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || !("narrow" in input.dataset)) return;
  if (event.key !== "ArrowDown" && event.key !== "Enter") return;
  event.preventDefault();
  const first = input.closest("[data-choice]")?.querySelector<HTMLInputElement>(".word:not([hidden]) input");
  if (event.key === "Enter" && first) first.checked = true;
  first?.focus();
}

export function startNarrowing(): void {
  document.addEventListener("input", (event) => {
    if (event.target instanceof HTMLInputElement && "narrow" in event.target.dataset) narrow(event.target);
  });
  document.addEventListener("keydown", step);
}
