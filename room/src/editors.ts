// An editor in place of a field that has `data-editor`. It is loaded when there is one; the field is what a form sends.
export type Field = HTMLInputElement | HTMLTextAreaElement;

async function open(field: Field): Promise<void> {
  const languages = { sql: () => import("./editor-sql"), promql: () => import("./editor-promql") };
  const { language } = await languages[field.dataset.editor as keyof typeof languages]();
  const { openEditor } = await import("./editor");
  const kind = language(field.dataset.names ?? "");
  if (field.isConnected) openEditor(field, kind);
}

function openAll(): void {
  for (const field of document.querySelectorAll<Field>("[data-editor]:not([data-opened])")) {
    field.dataset.opened = "";
    // Without the editor, as when the room went away, the field itself stays.
    open(field).catch(() => delete field.dataset.opened);
  }
}

export function startEditors(): void {
  openAll();
  document.body.addEventListener("htmx:load", openAll);
}
