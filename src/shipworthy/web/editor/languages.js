// Which language a file is in, by its name. Each is fetched when the first file of its kind is opened.

const LOADERS = {
  json: async () => (await import("@codemirror/lang-json")).json(),
  markdown: async () => (await import("@codemirror/lang-markdown")).markdown(),
  python: async () => (await import("@codemirror/lang-python")).python(),
  sql: async () => (await import("@codemirror/lang-sql")).sql(),
  toml: async () => legacy((await import("@codemirror/legacy-modes/mode/toml")).toml),
  yaml: async () => (await import("@codemirror/lang-yaml")).yaml(),
};

const ENDINGS = {
  json: "json", jsonl: "json", ipynb: "json", md: "markdown", markdown: "markdown", py: "python", pyi: "python",
  sql: "sql", toml: "toml", cfg: "toml", ini: "toml", yaml: "yaml", yml: "yaml",
};

async function legacy(mode) {
  const { StreamLanguage } = await import("@codemirror/language");
  return StreamLanguage.define(mode);
}

export function languageOf(filename) {
  const ending = /\.([a-z]+)$/i.exec(filename)?.[1].toLowerCase();
  return ENDINGS[ending] ?? "text";
}

export async function load(language) {
  const loader = LOADERS[language];
  return loader ? loader() : [];
}
