import { HighlightStyle } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** The room's own colours, which follow light and dark by themselves. */
export const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], color: "var(--accent)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--green)" },
  { tag: [tags.number, tags.bool, tags.null, tags.literal], color: "var(--amber)" },
  { tag: [tags.comment, tags.lineComment, tags.blockComment], color: "var(--quiet)" },
  { tag: [tags.function(tags.variableName), tags.standard(tags.name), tags.typeName], color: "var(--accent)" },
  { tag: tags.labelName, color: "var(--text)", fontWeight: "600" },
  { tag: tags.invalid, color: "var(--red)" },
]);

const box = { backgroundColor: "var(--panel)", color: "var(--text)", border: "1px solid var(--strong-line)", borderRadius: "var(--radius)" };

/** How an editor looks; one for several lines has room for some. */
export function looks(tall: boolean): Extension {
  return EditorView.theme({
    "&": { color: "var(--text)", backgroundColor: "transparent", fontSize: "12px" },
    "&.cm-focused": { outline: "none" },
    ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5", maxHeight: "40vh", minHeight: tall ? "108px" : "27px" },
    ".cm-content": { caretColor: "var(--text)", padding: tall ? "6px 0" : "4px 0" },
    ".cm-line": { padding: "0 8px" },
    ".cm-cursor": { borderLeftColor: "var(--text)" },
    ".cm-placeholder": { color: "var(--quiet)" },
    "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--accent-ground)" },
    "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-ground)", outline: "1px solid var(--accent)" },
    "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--red-ground)" },
    ".cm-tooltip": { ...box, zIndex: "5", maxWidth: "min(560px, 92vw)" },
    ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "16em", minWidth: "200px", maxWidth: "min(560px, 92vw)" },
    ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "2px 8px" },
    ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--accent-ground)", color: "var(--text)" },
    ".cm-tooltip.cm-completionInfo": { ...box, padding: "6px 10px", fontFamily: "var(--sans)" },
    ".cm-completionMatchedText": { textDecoration: "none", color: "var(--accent)", fontWeight: "650" },
    ".cm-completionDetail": { color: "var(--quiet)", fontStyle: "normal" },
    ".cm-diagnostic": { padding: "4px 10px", fontFamily: "var(--sans)", maxWidth: "520px" },
    ".cm-diagnostic-error": { borderLeft: "3px solid var(--red)" },
    ".cm-diagnostic-warning": { borderLeft: "3px solid var(--amber)" },
    ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--red)", textUnderlineOffset: "3px" },
    ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--amber)", textUnderlineOffset: "3px" },
    ".cm-lintPoint::after": { borderBottomColor: "var(--red)" },
  });
}
