import { PromQLExtension } from "@prometheus-io/codemirror-promql";
import type { Kind } from "./editor";

/** Return the language, which completes metrics, labels and their values from what the room passes on. */
export function language(address: string): Kind {
  const promql = new PromQLExtension().activateLinter(true);
  promql.setComplete({ remote: { apiPrefix: address, httpMethod: "GET", requestHeaders: new Headers({ "X-Refresh": "1" }) } });
  return { extensions: promql.asExtension(), enterRuns: true };
}
