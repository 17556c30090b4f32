// The postmortem's editor: what is typed is saved in the lab a moment later, and again until it is.
const PAUSE_MS = 700;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 10_000;
const ITEM = ".item";

/** Return how long to wait before the nth attempt in a row to save. */
export function retryMs(failures: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, failures - 1));
}

/** Return what a form would send, as one text: two states of it are alike when their texts are. */
export function written(form: HTMLFormElement): string {
  const values = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (name !== "version" && typeof value === "string") values.append(name, value);
  return values.toString();
}

class Editor {
  private saved: string;
  private timer = 0;
  private failures = 0;
  private busy = false;
  private conflict = false;

  constructor(private readonly form: HTMLFormElement) {
    this.saved = written(form);
    form.addEventListener("input", () => this.later(PAUSE_MS));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      void this.save();
    });
    form.addEventListener("click", (event) => this.click(event.target as Element));
  }

  get dirty(): boolean {
    return written(this.form) !== this.saved;
  }

  get version(): number {
    return Number(this.field("version").value);
  }

  get gone(): boolean {
    return !this.form.isConnected;
  }

  /** Save what is not saved yet, though the page goes away. */
  flush(): void {
    if (this.dirty && !this.conflict) void this.send(true);
  }

  async save(): Promise<void> {
    clearTimeout(this.timer);
    if (this.busy || this.conflict || !this.dirty) return;
    this.busy = true;
    this.say("Saving…");
    const sent = written(this.form);
    try {
      const answer = await this.send(false);
      if (answer.ok) await this.take(answer, sent);
      else if (answer.status === 409) this.meanwhile(await answer.text());
      else this.failed(await reason(answer), answer.status === 429 || answer.status >= 500);
    } catch {
      this.failed("the room gives no answer", true);
    } finally {
      this.busy = false;
    }
    if (this.failures === 0 && this.dirty) this.later(PAUSE_MS);
  }

  /** Show another browser's text, where nothing here would be lost. */
  async follow(): Promise<void> {
    if (this.dirty || this.busy || this.conflict) return;
    const page = await another();
    const other = page?.querySelector<HTMLFormElement>("[data-postmortem]");
    if (!page || !other || Number(other.dataset.version) === this.version || this.dirty || this.busy) return;
    const inside = this.form.contains(document.activeElement);
    this.replace(page);
    if (inside) document.querySelector<HTMLElement>("[data-postmortem] [name=title]")?.focus({ preventScroll: true });
  }

  private send(leaving: boolean): Promise<Response> {
    const key = this.field("change_key").value;
    const headers = { "X-Change-Key": key, "X-Autosave": "1", "Content-Type": "application/x-www-form-urlencoded" };
    const body = `${written(this.form)}&version=${this.version}`;
    // A browser keeps at most 64 kB for a page that has gone; more has to arrive before.
    // Not `form.action`: in a form with a field of that name, this is the field.
    return fetch(this.form.getAttribute("action") ?? "", { method: "POST", headers, body, keepalive: leaving && body.length < 60_000 });
  }

  private async take(answer: Response, sent: string): Promise<void> {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const check = page.querySelector<HTMLElement>("[data-version]");
    this.field("version").value = check?.dataset.version ?? "";
    this.saved = sent;
    this.failures = 0;
    document.querySelector("[data-review]")?.replaceChildren(...page.body.children);
    this.say(`Saved at ${check?.dataset.at ?? ""}`);
  }

  private failed(why: string, again: boolean): void {
    this.failures += 1;
    this.say(`Not saved: ${why}${again ? "; trying again" : ""}`, true);
    if (again) this.later(retryMs(this.failures));
  }

  private meanwhile(text: string): void {
    // The incident may be another one by now: then there is nothing to choose, and the text stays here.
    if (!text) return;
    this.conflict = true;
    this.say("Not saved", true);
    this.box.hidden = false;
  }

  private click(target: Element): void {
    if (target.closest("[data-add]")) this.add();
    if (target.closest("[data-remove]")) this.remove(target.closest<HTMLElement>(ITEM));
    if (target.closest("[data-take]")) void another().then((page) => page && this.replace(page));
    if (target.closest("[data-keep]")) void this.keep();
  }

  /** Save this text over another browser's. */
  private async keep(): Promise<void> {
    const other = (await another())?.querySelector<HTMLFormElement>("[data-postmortem]");
    if (!other) return;
    this.field("version").value = other.dataset.version ?? "";
    this.conflict = false;
    this.box.hidden = true;
    await this.save();
  }

  private add(): void {
    const items = this.form.querySelector("[data-items]");
    const item = document.createElement("div");
    item.className = "item";
    const action = Object.assign(document.createElement("textarea"), { name: "action", rows: 2, placeholder: "What is to be done" });
    const owner = Object.assign(document.createElement("input"), { name: "owner", placeholder: "Owner", autocomplete: "off" });
    const due = Object.assign(document.createElement("input"), { name: "due", type: "date" });
    const remove = Object.assign(document.createElement("button"), { type: "button", className: "remove", textContent: "×" });
    remove.dataset.remove = "";
    for (const [each, label] of [[action, "Action"], [owner, "Owner"], [due, "Due date"], [remove, "Remove this action item"]] as const) {
      each.setAttribute("aria-label", label);
    }
    item.append(action, owner, due, remove);
    items?.append(item);
    action.focus();
  }

  private remove(item: HTMLElement | null): void {
    const near = item?.nextElementSibling ?? item?.previousElementSibling;
    item?.remove();
    (near?.querySelector<HTMLElement>("[data-remove]") ?? this.form.querySelector<HTMLElement>("[data-add]"))?.focus();
    this.later(PAUSE_MS);
  }

  private replace(page: Document): void {
    const fresh = page.querySelector("#postmortem");
    clearTimeout(this.timer);
    this.saved = written(this.form);
    if (fresh) document.getElementById("postmortem")?.replaceWith(document.adoptNode(fresh));
    startEditor();
  }

  private later(wait: number): void {
    clearTimeout(this.timer);
    if (!this.conflict) this.timer = window.setTimeout(() => void this.save(), wait);
    if (this.failures === 0 && this.dirty) this.say("Not saved yet");
  }

  private say(text: string, bad = false): void {
    const place = this.form.querySelector<HTMLElement>("[data-saved]");
    if (!place) return;
    place.textContent = text;
    place.classList.toggle("bad", bad);
  }

  private field(name: string): HTMLInputElement {
    return this.form.elements.namedItem(name) as HTMLInputElement;
  }

  private get box(): HTMLElement {
    return this.form.querySelector<HTMLElement>("[data-conflict]") ?? this.form;
  }
}

async function reason(answer: Response): Promise<string> {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector(".problem strong")?.textContent ?? `the room answers ${answer.status}`;
}

async function another(): Promise<Document | null> {
  try {
    const answer = await fetch(location.href, { headers: { "X-Refresh": "1" } });
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  } catch {
    return null; // the bar says that the room is away
  }
}

let editor: Editor | null = null;

function startEditor(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-postmortem]:not([data-started])");
  if (!form) return;
  form.dataset.started = "";
  editor = new Editor(form);
}

export function startPostmortem(): void {
  startEditor();
  const { body } = document;
  body.addEventListener("htmx:load", startEditor);
  body.addEventListener("htmx:beforeSwap", () => {
    if (editor && !editor.gone) editor.flush();
  });
  body.addEventListener("room:postmortem", () => void (editor?.gone ? undefined : editor?.follow()));
  window.addEventListener("pagehide", () => (editor?.gone ? undefined : editor?.flush()));
  window.addEventListener("beforeunload", (event) => {
    if (editor && !editor.gone && editor.dirty) event.preventDefault();
  });
}
