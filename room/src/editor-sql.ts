import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { PostgreSQL, sql } from "@codemirror/lang-sql";
import { Compartment } from "@codemirror/state";
import { ViewPlugin } from "@codemirror/view";
import type { Kind } from "./editor";

export type Names = Record<string, { label: string; detail: string }[]>;

/** Return the columns of the tables that a statement names, each once, those of more tables with all their names. */
export function columnsIn(statement: string, names: Names): Completion[] {
  const words = new Set(statement.match(/[\w.]+/g) ?? []);
  const found = new Map<string, Completion>();
  for (const [table, columns] of Object.entries(names)) {
    if (!words.has(table)) continue;
    for (const { label, detail } of columns) {
      const known = found.get(label);
      found.set(label, { label, type: "property", detail: known ? `${known.detail}, ${table}` : `${detail} · ${table}`, boost: 2 });
    }
  }
  return [...found.values()];
}

function columns(names: Names): (context: CompletionContext) => CompletionResult | null {
  return (context) => {
    const word = context.matchBefore(/\w*/);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    // After a dot come the columns of one table: the language knows them.
    if (context.state.sliceDoc(word.from - 1, word.from) === ".") return null;
    const options = columnsIn(context.state.doc.toString(), names);
    return options.length > 0 ? { from: word.from, options, validFor: /^\w*$/ } : null;
  };
}

/** Return the language, which knows the tables of this lab once they have come. */
export function language(address: string): Kind {
  const place = new Compartment();
  const known = (names: Names) => {
    const support = sql({ dialect: PostgreSQL, schema: names, upperCaseKeywords: true });
    return [support, support.language.data.of({ autocomplete: columns(names) })];
  };
  const asking = ViewPlugin.define((view) => {
    fetch(address, { headers: { "X-Refresh": "1" } })
      .then((answer) => (answer.ok ? (answer.json() as Promise<Names>) : Promise.reject(new Error(answer.statusText))))
      .then((names) => view.dispatch({ effects: place.reconfigure(known(names)) }))
      // The database is away: it is said when a statement is run, and keywords are completed meanwhile.
      .catch(() => undefined);
    return {};
  });
  return { extensions: [place.of(known({})), asking], enterRuns: false };
}
