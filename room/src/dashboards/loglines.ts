// The newest log lines; one of a request leads to its trace.
import { element } from "./element";
import type { Line } from "./model";

const LEVELS = new Set(["fatal", "error", "warn", "info", "debug", "trace"]);

export function logLines(body: HTMLElement, lines: Line[], oldestFirst: boolean): void {
  const list = element("ol", "board-lines");
  list.append(...(oldestFirst ? [...lines].reverse() : lines).map(one));
  const top = body.scrollTop;
  body.replaceChildren(list);
  body.scrollTop = top;
}

function one(line: Line): HTMLElement {
  const found = element("li", `level-${LEVELS.has(line.level) ? line.level : "other"}`);
  const time = element("time", "", new Date(line.at).toLocaleTimeString([], { hour12: false }));
  time.dateTime = line.at;
  const message = element("span", "message", line.message);
  found.append(time, element("span", "service", line.service), message);
  if (line.trace) found.append(Object.assign(element("a", "", "Trace"), { href: line.trace }));
  return found;
}
