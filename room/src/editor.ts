// The editor itself. It lives in a shadow root: there its styles are adopted style sheets, which the page's policy lets
// in without a nonce, and the keys of the room's views don't reach into it.
import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, completionStatus } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, syntaxHighlighting } from "@codemirror/language";
import { setDiagnostics } from "@codemirror/lint";
import { EditorState, type Extension, Prec } from "@codemirror/state";
import { drawSelection, EditorView, keymap, placeholder } from "@codemirror/view";
import { colours, looks } from "./editor-looks";
import type { Field } from "./editors";

export interface Kind {
  extensions: Extension;
  /** Whether Enter alone runs, as for a query that is one line. */
  enterRuns: boolean;
}

const open = new Map<EditorView, Field>();

export function openEditor(field: Field, kind: Kind): EditorView {
  closeGone();
  const host = Object.assign(document.createElement("div"), { className: "editor" });
  const root = host.attachShadow({ mode: "open", delegatesFocus: true });
  const hadFocus = document.activeElement === field;
  const label = field.labels?.[0];
  const run = (): boolean => {
    field.form?.requestSubmit();
    return true;
  };
  const state = EditorState.create({
    doc: field.value,
    extensions: [
      Prec.highest(keymap.of([{ key: "Mod-Enter", run }, { key: "Ctrl-Enter", run }, { key: "Tab", run: acceptCompletion }])),
      kind.enterRuns ? Prec.high(keymap.of([{ key: "Enter", run: (view) => completionStatus(view.state) !== "active" && run() }])) : [],
      history(),
      drawSelection(),
      bracketMatching(),
      closeBrackets(),
      autocompletion({ icons: false, interactionDelay: 0 }),
      keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
      syntaxHighlighting(colours),
      looks(field instanceof HTMLTextAreaElement),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": label?.textContent ?? "", autocapitalize: "off", spellcheck: "false" }),
      placeholder(field.placeholder),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) field.value = update.state.doc.toString();
      }),
      kind.extensions,
    ],
  });
  const view = new EditorView({ state, parent: root, root });
  if (open.size === 0) document.body.addEventListener("htmx:afterSettle", showRefusals);
  open.set(view, field);
  field.hidden = true;
  field.after(host);
  host.toggleAttribute("data-search", field.hasAttribute("data-search"));
  field.removeAttribute("data-search");
  // Left to the browser, the focus goes to what scrolls, where nobody can type.
  host.focus = () => view.focus();
  label?.addEventListener("click", () => view.focus());
  host.addEventListener("keydown", (event) => keepKeys(event, view));
  showRefusals();
  if (hadFocus) view.focus();
  return view;
}

// A letter that is typed here opens no view. Escape, when there is nothing else to close, leaves the editor.
function keepKeys(event: KeyboardEvent, view: EditorView): void {
  if (event.key === "Escape" && !event.defaultPrevented) view.contentDOM.blur();
  event.stopPropagation();
}

function showRefusals(): void {
  for (const [view, field] of open) if (view.dom.isConnected) showRefusal(view, field);
}

/** Mark the place that the server complains of, in the text that it was asked. */
function showRefusal(view: EditorView, field: Field): void {
  const refused = document.querySelector<HTMLElement>(`[data-error-for="${field.id}"][data-error-at]`);
  // A language that checks by itself keeps its own marks.
  if (!refused && field.dataset.editor !== "sql") return;
  const place = refused ? placeOf(view.state.doc.toString(), Number(refused.dataset.errorAt)) : null;
  const message = refused?.querySelector("strong")?.textContent?.split("\n")[0] ?? "";
  view.dispatch(setDiagnostics(view.state, place ? [{ ...place, severity: "error", message }] : []));
}

/** Return the word at a character of a text, from 1; the server counts whole characters, a string here their halves. */
export function placeOf(text: string, position: number): { from: number; to: number } {
  const before = [...text].slice(0, Math.max(0, position - 1)).join("").length;
  const word = /^[\p{L}\p{N}_]+/u.exec(text.slice(before))?.[0].length ?? 1;
  return { from: Math.min(before, text.length), to: Math.min(before + word, text.length) };
}

function closeGone(): void {
  for (const view of open.keys()) {
    if (view.dom.isConnected) continue;
    view.destroy();
    open.delete(view);
  }
}
