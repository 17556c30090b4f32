// Forms: of a choice of requests, only the fields that the chosen one takes; what takes long says so.
export function showFields(form: ParentNode): void {
  const chosen = form.querySelector<HTMLInputElement>("[data-fields]:checked");
  const wanted = new Set(chosen?.dataset.fields?.split(" ") ?? []);
  for (const each of form.querySelectorAll<HTMLElement>("[data-field]")) each.hidden = !wanted.has(each.dataset.field ?? "");
}

function showAll(): void {
  for (const each of document.querySelectorAll("[data-kinds]")) showFields(each);
}

function sayBusy(event: Event): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.dataset.busy) return;
  const button = form.querySelector("button");
  if (!button) return;
  button.dataset.label = button.textContent;
  button.textContent = form.dataset.busy;
  // The form is sent as it was; a second press must not send it again.
  setTimeout(() => (button.disabled = true));
}

export function startForms(): void {
  showAll();
  document.body.addEventListener("htmx:load", showAll);
  document.addEventListener("change", (event) => {
    const form = (event.target as Element).closest("[data-kinds]");
    if (form) showFields(form);
  });
  document.addEventListener("submit", sayBusy);
  // A refused form is there to be sent again.
  document.body.addEventListener("htmx:responseError", () => {
    for (const each of document.querySelectorAll<HTMLButtonElement>("[data-busy] button:disabled")) {
      each.disabled = false;
      each.textContent = each.dataset.label ?? each.textContent;
    }
  });
}
