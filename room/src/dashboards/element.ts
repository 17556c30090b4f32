/** Return a new element with its class and its text. */
export function element<K extends keyof HTMLElementTagNameMap>(tag: K, className = "", text = ""): HTMLElementTagNameMap[K] {
  const found = document.createElement(tag);
  if (className) found.className = className;
  if (text) found.textContent = text;
  return found;
}

/** Put a text into an element where it has another one: what stays the same is not drawn anew. */
export function say(into: Element, text: string): void {
  if (into.textContent !== text) into.textContent = text;
}
