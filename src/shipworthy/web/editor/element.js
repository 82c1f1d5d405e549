// <code-editor>: an editor for one file that people with and without a mouse, a screen or scripts can use.
//
//   <code-editor label="train.py" filename="train.py"><textarea name="content">...</textarea></code-editor>
//
// Without scripts the text area inside is what people get. With them it stays in the page, unseen, and always holds the
// text, so that a form sends the same either way. `value` reads and sets the text; `edited` is fired on every change.

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import {
  EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers, rectangularSelection,
} from "@codemirror/view";

import { languageOf, load } from "./languages.js";
import { looks } from "./looks.js";

const KEYS = "Tab indents. To leave with the keyboard, press Escape and then Tab.";
// What hides or reorders text is shown as a mark, so that a file cannot look like another one.
const HIDDEN = /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufff9-\ufffb]/gu;

const SHEET = new CSSStyleSheet();
SHEET.replaceSync(`
  :host { display: block; border: 1px solid var(--field-line); border-radius: var(--radius); overflow: hidden; background: var(--field); min-height: 12rem; }
  :host([hidden]) { display: none; }
  :host(:focus-within) { outline: 3px solid var(--focus); outline-offset: 2px; }
  .frame { display: flex; flex-direction: column; height: 100%; min-height: inherit; max-height: inherit; }
  .place { flex: 1 1 auto; min-height: 0; overflow: hidden; display: flex; flex-direction: column; }
  .place > * { flex: 1 1 auto; min-height: 0; }
  .keys { margin: 0; padding: 0.3rem 0.8rem; border-top: 1px solid var(--line); background: var(--sunken); color: var(--muted); font-size: 0.8rem; visibility: hidden; }
  :host(:focus-within) .keys { visibility: visible; }
  @media print { :host { border: 0; overflow: visible; } .keys { display: none; } }
`);

class CodeEditor extends HTMLElement {
  static observedAttributes = ["label", "filename", "readonly"];

  #view = null;
  #language = new Compartment();
  #naming = new Compartment();
  #reading = new Compartment();

  connectedCallback() {
    if (this.#view) return;
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [SHEET];
    const frame = made("div", "frame");
    const place = made("div", "place");
    const keys = made("p", "keys");
    keys.id = "keys";
    keys.textContent = KEYS;
    frame.append(place, keys);
    root.replaceChildren(frame);
    this.#view = new EditorView({ root, parent: place, state: this.#stateOf(this.#area?.value ?? "") });
    this.#speak();
  }

  disconnectedCallback() {
    this.#view?.destroy();
    this.#view = null;
  }

  attributeChangedCallback() {
    if (!this.#view) return;
    this.#view.dispatch({ effects: [this.#naming.reconfigure(this.#names()), this.#reading.reconfigure(this.#reads())] });
    this.#speak();
  }

  get value() {
    return this.#view ? this.#view.state.doc.toString() : (this.#area?.value ?? "");
  }

  // A new text has no past: what another file held cannot come back with undo.
  set value(text) {
    if (this.#area) this.#area.value = text;
    if (!this.#view) return;
    this.#view.setState(this.#stateOf(text));
    this.#speak();
  }

  focus() {
    this.#view?.focus();
  }

  get #area() {
    return this.querySelector("textarea");
  }

  #stateOf(text) {
    return EditorState.create({
      doc: text,
      extensions: [
        this.#naming.of(this.#names()),
        this.#reading.of(this.#reads()),
        this.#language.of([]),
        lineNumbers(), highlightActiveLine(), highlightActiveLineGutter(), rectangularSelection(),
        highlightSpecialChars({ addSpecialChars: HIDDEN }), highlightSelectionMatches(),
        history(), indentOnInput(), bracketMatching(), search(),
        indentUnit.of("    "), EditorState.tabSize.of(4),
        keymap.of([...searchKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
        EditorView.updateListener.of((update) => update.docChanged && this.#tell()),
        looks,
      ],
    });
  }

  #tell() {
    if (this.#area) this.#area.value = this.value;
    this.dispatchEvent(new CustomEvent("edited", { bubbles: true }));
  }

  #names() {
    const label = this.getAttribute("label") || this.getAttribute("filename") || "File";
    return EditorView.contentAttributes.of({
      "aria-label": label, "aria-describedby": "keys", tabindex: "0", spellcheck: "false", autocorrect: "off", autocapitalize: "off",
    });
  }

  #reads() {
    const still = this.hasAttribute("readonly");
    return [EditorState.readOnly.of(still), EditorView.contentAttributes.of({ "aria-readonly": String(still) })];
  }

  async #speak() {
    const language = languageOf(this.getAttribute("filename") ?? "");
    const view = this.#view;
    const loaded = await load(language);
    const same = view === this.#view && language === languageOf(this.getAttribute("filename") ?? "");
    if (same && view) view.dispatch({ effects: this.#language.reconfigure(loaded) });
  }
}

function made(kind, name) {
  const element = document.createElement(kind);
  element.className = name;
  return element;
}

customElements.define("code-editor", CodeEditor);
