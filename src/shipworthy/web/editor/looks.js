// The editor's colours are the page's: custom properties reach into the element, so light, dark and print need no code.

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const COLOURS = [
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.modifier], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--code-number)" },
  { tag: [tags.comment, tags.meta], color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.function(tags.variableName), tags.definition(tags.variableName), tags.definition(tags.propertyName)], color: "var(--code-name)" },
  { tag: [tags.className, tags.typeName, tags.propertyName, tags.attributeName, tags.tagName], color: "var(--code-type)" },
  { tag: tags.heading, fontWeight: "650" },
  { tag: tags.strong, fontWeight: "650" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: [tags.link, tags.url], textDecoration: "underline" },
  { tag: tags.invalid, color: "var(--danger)" },
];

const THEME = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--field)", color: "var(--ink)", fontSize: "0.9rem" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)", padding: "0.6rem 0" },
  ".cm-line": { padding: "0 0.8rem 0 0.5rem" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--muted)", border: "0", borderRight: "1px solid var(--line)" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 0.55rem 0 0.75rem" },
  ".cm-activeLine": { backgroundColor: "var(--code-line)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--code-line)", color: "var(--ink)" },
  ".cm-matchingBracket": { backgroundColor: "var(--accent-soft)", outline: "1px solid var(--accent)" },
  ".cm-nonmatchingBracket": { color: "var(--danger)" },
  ".cm-searchMatch": { backgroundColor: "var(--caution-soft)", outline: "1px solid var(--caution)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--accent-soft)", outline: "2px solid var(--accent)" },
  ".cm-selectionMatch": { backgroundColor: "var(--accent-soft)" },
  ".cm-specialChar": { color: "var(--danger)" },
  ".cm-panels": { backgroundColor: "var(--panel)", color: "var(--ink)", borderColor: "var(--line)" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-panel.cm-search": { padding: "0.6rem 2rem 0.6rem 0.6rem", fontSize: "0.85rem" },
  ".cm-panel.cm-search label": { fontSize: "0.85rem", display: "inline-flex", alignItems: "center" },
  ".cm-textfield": { backgroundColor: "var(--field)", color: "var(--ink)", border: "1px solid var(--field-line)", borderRadius: "0.35rem", padding: "0.3rem 0.5rem", fontSize: "0.85rem" },
  ".cm-button": { backgroundImage: "none", backgroundColor: "var(--panel)", color: "var(--ink)", border: "1px solid var(--field-line)", borderRadius: "0.35rem", padding: "0.3rem 0.6rem", fontSize: "0.85rem" },
  ".cm-panel.cm-search [name=close]": { color: "var(--ink)", fontSize: "1.2rem", padding: "0 0.5rem" },
});

export const looks = [THEME, syntaxHighlighting(HighlightStyle.define(COLOURS))];
