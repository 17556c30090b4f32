// Pinning what is in sight: the button says which look-up that is, and the choice where to pin it stays.
const CHOSEN = "room.pin-to";

/** Return where to pin: what was chosen if that is still there, else what the server takes to be likely. */
export function target(chosen: string | null, offered: readonly string[], likely: string): string {
  return chosen !== null && offered.includes(chosen) ? chosen : likely;
}

/** Let the button pin a look-up by its number, as an answer's header says it; anything else changes nothing. */
export function show(form: HTMLFormElement, number: string | null): void {
  if (!number || !/^\d{1,6}$/.test(number)) return;
  const field = form.elements.namedItem("number");
  if (field instanceof HTMLInputElement) field.value = number;
  form.querySelector(".which")?.replaceChildren(`#${number}`);
  form.hidden = false;
}

function form(): HTMLFormElement | null {
  return document.querySelector<HTMLFormElement>("#pin");
}

function select(): HTMLSelectElement | null {
  return document.querySelector<HTMLSelectElement>("#pin select");
}

/** Say in every place that pins where it goes. */
function choose(): void {
  const found = select();
  if (!found) return;
  const offered = [...found.options].map((each) => each.value);
  const likely = [...found.options].find((each) => each.defaultSelected)?.value ?? "";
  found.value = target(sessionStorage.getItem(CHOSEN), offered, likely);
  for (const each of document.querySelectorAll<HTMLInputElement>("[data-pin-to]")) each.value = found.value;
}

let fading = 0;

function fade(): void {
  clearTimeout(fading);
  fading = window.setTimeout(() => document.getElementById("toast")?.replaceChildren(), 5000);
}

export function startPins(): void {
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail;
    const found = form();
    if (found) show(found, xhr.getResponseHeader("X-Look-Up"));
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if ((event.target as Element).id === "toast") fade();
    choose();
  });
  document.addEventListener("change", (event) => {
    if (event.target !== select()) return;
    sessionStorage.setItem(CHOSEN, (event.target as HTMLSelectElement).value);
    choose();
  });
  document.body.addEventListener("htmx:load", choose);
  choose();
}
