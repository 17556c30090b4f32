// The choice of a variable's values: what can be chosen comes with the first answer, and counts once the list is closed.
import { element } from "./element";

export function offer(form: HTMLFormElement, options: Record<string, string[]>): void {
  for (const picker of form.querySelectorAll<HTMLElement>("[data-variable]")) {
    const name = picker.dataset.variable ?? "";
    const picks = picker.querySelector(".picks");
    const known = new Set([...(picks?.querySelectorAll("input") ?? [])].map((each) => each.value));
    for (const value of options[name] ?? []) if (!known.has(value)) picks?.append(pick(name, value));
  }
}

function pick(name: string, value: string): HTMLElement {
  const label = element("label");
  const box = Object.assign(element("input"), { type: "checkbox", name: `var-${name}`, value });
  label.append(box, ` ${value}`);
  return label;
}

export function startPickers(form: HTMLFormElement): void {
  const chosen = () => [...form.querySelectorAll<HTMLInputElement>("[data-variable] :checked")].map((each) => each.value).join();
  let before = chosen();
  for (const picker of form.querySelectorAll<HTMLDetailsElement>("[data-variable]")) {
    picker.addEventListener("toggle", () => {
      if (picker.open || chosen() === before) return;
      before = chosen();
      form.requestSubmit();
    });
    picker.addEventListener("change", (event) => {
      event.stopPropagation();
      if (!("single" in picker.dataset)) return;
      for (const each of picker.querySelectorAll<HTMLInputElement>(":checked")) if (each !== event.target) each.checked = false;
      picker.open = false;
    });
    picker.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" && event.key !== "Enter") return;
      event.preventDefault();
      picker.open = false;
      picker.querySelector("summary")?.focus();
    });
  }
  document.addEventListener("pointerdown", (event) => {
    for (const picker of form.querySelectorAll<HTMLDetailsElement>("[data-variable][open]")) if (!picker.contains(event.target as Node)) picker.open = false;
  });
  form.addEventListener("change", () => form.requestSubmit());
}
