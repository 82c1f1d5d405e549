// A task in the browser: files in an editor, saved by themselves, with nothing ever lost to another tab or a lost connection.

import { wireChecks } from "./checks.js";
import { setSecondsLeft } from "./clock.js";
import { Kept, Neighbours, tabName } from "./keeping.js";
import { element, notice, visible } from "./parts.js";
import { Saver } from "./saving.js";

const bench = document.querySelector("[data-bench]");
const address = bench.dataset.bench;
const token = document.querySelector('meta[name="csrf-token"]').content;
const given = JSON.parse(document.querySelector("[data-state]").textContent);
const saving = document.querySelector("[data-saving]");
const list = document.querySelector("[data-files]");
const form = document.querySelector("[data-editing]");
const clash = document.querySelector("[data-conflict]");
const nameFault = document.querySelector("[data-name-fault]");
const tab = tabName();
const kept = new Kept(address, tab);

// What the server has, and what is here; null in `here` is a file that was deleted. Files that are no text stay as they are.
let there = new Map();
let here = new Map();
let sizes = new Map();
let chosen = null;
let conflict = null;
let undoing = null;

let editor = form.querySelector("code-editor");
document.documentElement.classList.add("has-scripts");

function take(state) {
  there = new Map();
  sizes = new Map();
  for (const [path, file] of Object.entries(state.files)) {
    if (file.text === null) sizes.set(path, file.size);
    else there.set(path, file.text);
  }
  saver.revision = state.revision;
  setSecondsLeft(state.seconds_left);
}

function changes() {
  const changed = {};
  if (conflict) return changed;
  for (const [path, text] of here) if (there.get(path) !== text) changed[path] = text;
  for (const path of there.keys()) if (!here.has(path)) changed[path] = null;
  for (const path of gone) changed[path] = null;
  return changed;
}

// Files that are no text and were deleted here.
const gone = new Set();

const saver = new Saver(address, {
  token, tab, changes,
  on: {
    saving: () => say("Saving …", "going"),
    saved(saved, sent, wasAway) {
      for (const [path, text] of Object.entries(sent)) {
        if (text === null) {
          there.delete(path);
          sizes.delete(path);
          gone.delete(path);
        } else there.set(path, text);
      }
      undoing = null;
      setSecondsLeft(saved.seconds_left);
      keep();
      if (!Object.keys(changes()).length) say(`Saved ${new Date(saved.saved_at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}`);
      if (wasAway) tell("reconnected");
      nameFault.textContent = "";
    },
    away() {
      say(keep() ? "Offline: kept in this browser" : "Offline: not saved", "wrong");
    },
    conflict: (state) => meet(state),
    refused(words) {
      say("Not saved", "wrong");
      nameFault.textContent = words;
      undoing?.();
      undoing = null;
    },
    ended(status, words) {
      keep();
      say("Not saved", "wrong");
      if (status === 409) return void location.reload();
      clash.replaceChildren(notice("fault", `${words} What you typed since then is kept in this browser.`));
      readOnly();
    },
  },
});

function say(words, tone = "") {
  saving.textContent = words;
  saving.dataset.tone = tone;
}

function keep() {
  if (conflict) return true;
  return kept.write(saver.revision, changes());
}

function edited() {
  keep();
  say("Not saved yet", "going");
  saver.soon();
}

function tell(kind) {
  fetch(`${address}/told`, {
    method: "POST", body: JSON.stringify({ kind }), keepalive: true,
    headers: { "Content-Type": "application/json", "X-CSRF-Token": token },
  }).catch(() => {});
}

// Files

function paths() {
  return [...new Set([...here.keys(), ...[...sizes.keys()].filter((path) => !gone.has(path))])].sort();
}

function choose(path) {
  chosen = path;
  if (path !== null) {
    if (!editor) {
      editor = element("code-editor", {}, element("textarea", { name: "content" }));
      form.querySelector(".empty")?.replaceWith(editor);
      editor.addEventListener("edited", onEdited);
    }
    editor.hidden = false;
    editor.setAttribute("filename", path);
    editor.setAttribute("label", visible(path));
    editor.value = here.get(path);
  } else if (editor) editor.hidden = true;
  drawFiles();
}

function onEdited() {
  if (chosen === null || conflict) return;
  here.set(chosen, editor.value);
  edited();
}

function drawFiles() {
  list.replaceChildren(...paths().map((path) => {
    const isText = here.has(path);
    const name = element("bdi", {}, visible(path));
    const file = isText
      ? element("button", { type: "button", class: "file", "aria-current": path === chosen && "true", click: () => choose(path) }, name)
      : element("span", { class: "file" }, name, element("span", { class: "muted small" }, ` ${Math.ceil(sizes.get(path) / 1024)} kB, no text`));
    const acts = path === chosen || !isText
      ? [
        isText && element("button", { type: "button", class: "act", click: () => rename(path), "aria-label": `Rename ${visible(path)}` }, "Rename"),
        element("button", { type: "button", class: "act", click: () => remove(path), "aria-label": `Delete ${visible(path)}` }, "Delete"),
      ].filter(Boolean)
      : [];
    return element("li", { class: path === chosen && "chosen" }, file, ...acts);
  }));
}

function add(path, text = "") {
  if (here.has(path) || sizes.has(path)) return fault(`${path} is there already.`);
  const before = chosen;
  here.set(path, text);
  choose(path);
  undoing = () => {
    here.delete(path);
    choose(here.has(before) ? before : first());
    keep();
  };
  edited();
  saver.now();
  return true;
}

function rename(path) {
  const field = element("input", { value: path, "aria-label": `New name of ${visible(path)}`, spellcheck: "false", autocomplete: "off" });
  const item = [...list.children].find((each) => each.classList.contains("chosen"));
  const end = (accepted) => {
    if (!field.isConnected) return;
    const to = field.value.trim();
    if (accepted && to && to !== path) moveTo(path, to);
    else drawFiles();
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      end(true);
    }
    if (event.key === "Escape") end(false);
  });
  field.addEventListener("blur", () => end(true));
  item.replaceChildren(field);
  field.focus();
  field.select();
}

function moveTo(path, to) {
  if (here.has(to) || sizes.has(to)) {
    drawFiles();
    return fault(`${to} is there already.`);
  }
  const text = here.get(path);
  here.delete(path);
  here.set(to, text);
  choose(to);
  undoing = () => {
    here.delete(to);
    here.set(path, text);
    choose(path);
    keep();
  };
  edited();
  saver.now();
  return true;
}

function remove(path) {
  const dialog = document.getElementById("delete-file");
  dialog.querySelector("[data-delete-name]").textContent = visible(path);
  dialog.querySelector("[data-delete-now]").onclick = () => {
    dialog.close();
    removeNow(path);
  };
  dialog.showModal();
}

function removeNow(path) {
  const text = here.get(path);
  if (text === undefined) gone.add(path);
  here.delete(path);
  choose(first());
  edited();
  saver.now();
  const back = notice("done", `${visible(path)} was deleted.`, element("button", {
    type: "button", class: "quiet", click() {
      back.remove();
      if (text !== undefined) add(path, text);
    },
  }, "Undo"));
  if (text !== undefined) {
    back.classList.add("files-undo");
    list.after(back);
  }
}

function first() {
  return [...here.keys()].sort()[0] ?? null;
}

function fault(words) {
  nameFault.textContent = words;
  return false;
}

// Two versions

function meet(state) {
  const mine = new Map(here);
  take(state);
  if (same(mine, there)) {
    keep();
    return void say("Saved");
  }
  conflict = { mine, theirs: new Map(there) };
  kept.write(state.revision, Object.fromEntries([...mine].filter(([path, text]) => there.get(path) !== text)));
  say("Two versions", "wrong");
  readOnly(true);
  drawClash();
}

function same(one, other) {
  return one.size === other.size && [...one].every(([path, text]) => other.get(path) === text);
}

function drawClash() {
  const { mine, theirs } = conflict;
  const differing = [...new Set([...mine.keys(), ...theirs.keys()])].filter((path) => mine.get(path) !== theirs.get(path)).sort();
  const version = (name, files) => element("div", {}, element("h3", {}, name), ...differing.map((path) => element("div", {},
    element("p", { class: "small muted" }, element("bdi", {}, visible(path))),
    element("pre", { class: "output", tabindex: "0" }, files.has(path) ? files.get(path) : "(not there)"))));
  const box = element("div", { class: "notice fault", role: "alert", tabindex: "-1" },
    element("p", {}, element("strong", {}, "The files were changed in another tab or on another machine."), " Choose which version to go on with. The other one can be brought back until you change something."),
    element("div", { class: "versions" }, version("In this tab", mine), version("Saved elsewhere", theirs)),
    element("button", { type: "button", click: () => settle(mine, theirs) }, "Go on with this tab's version"),
    element("button", { type: "button", click: () => settle(theirs, mine) }, "Go on with the other version"));
  clash.replaceChildren(box);
  box.focus();
}

function settle(taken, left) {
  conflict = null;
  here = new Map(taken);
  readOnly(false);
  choose(here.has(chosen) ? chosen : first());
  keep();
  const back = notice("done", "That version is open now.", element("button", {
    type: "button", class: "quiet", click: () => settle(left, taken),
  }, "Take the other one after all"));
  clash.replaceChildren(back);
  if (Object.keys(changes()).length) saver.now();
  else say("Saved");
}

function readOnly(still = true) {
  if (editor) editor.toggleAttribute("readonly", still);
}

// The rest of the page

async function saveFirst() {
  if (conflict) return fault("Choose a version first.");
  if (await saver.now()) return true;
  return fault("Not everything is saved yet. Try again in a moment.");
}

document.querySelector("[data-new-file]").addEventListener("submit", (event) => {
  event.preventDefault();
  const field = event.target.querySelector("input[name=path]");
  const path = field.value.trim();
  nameFault.textContent = "";
  if (path && !conflict && add(path)) {
    field.value = "";
    editor.focus();
  }
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  saver.now();
});
document.querySelector("[data-hand-in]").addEventListener("click", async (event) => {
  event.preventDefault();
  if (await saveFirst()) location.href = event.target.href;
});
document.querySelector("[data-upload]").addEventListener("submit", async (event) => {
  if (!Object.keys(changes()).length && !conflict) return void kept.forget();
  event.preventDefault();
  const sending = event.target;
  if (await saveFirst()) {
    delete sending.dataset.sent;
    sending.requestSubmit();
  }
});
addEventListener("online", () => saver.now());
addEventListener("offline", () => say(keep() ? "Offline: kept in this browser" : "Offline", "wrong"));
addEventListener("pagehide", () => {
  keep();
  if (!conflict && !saver.stopped) saver.now({ last: true });
});
document.addEventListener("keydown", (event) => {
  if (event.key === "s" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    saver.now();
  }
});
document.addEventListener("time-over", async () => {
  readOnly();
  await saver.now({ last: true });
  saver.stop();
  kept.forget();
  say("Time is over", "wrong");
  clash.replaceChildren(notice("caution", "The time is over. What was saved last is handed in; this takes half a minute."));
  setTimeout(() => location.reload(), (given.grace + 2) * 1000);
});

async function begin() {
  await customElements.whenDefined("code-editor");
  take(given);
  here = new Map(there);
  editor?.addEventListener("edited", onEdited);
  const wanted = new URLSearchParams(location.search).get("file");
  choose(here.has(wanted) ? wanted : here.has(form.querySelector("[name=path]")?.value) ? form.querySelector("[name=path]").value : first());
  say("Saved");
  wireChecks(address, token, saveFirst);
  if (performance.getEntriesByType("navigation")[0]?.type === "reload") tell("reloaded");
  const neighbours = new Neighbours(address, kept.own, () => {
    tell("second_tab");
    clash.prepend(notice("caution", "This task is open in another tab too. Work in one of them: what is changed in both has to be sorted out by hand."));
  });
  const alive = await neighbours.settled();
  const mine = kept.found(new Set([...alive].filter((place) => place !== kept.own)));
  if (mine) putBack(mine);
  bench.dataset.ready = "yes";
}

// What this browser still had: the same as what is saved, newer on top of it, or another version of it.
function putBack({ revision, changes: left }) {
  const restored = new Map(here);
  for (const [path, text] of Object.entries(left)) {
    if (text === null) restored.delete(path);
    else restored.set(path, text);
  }
  if (same(restored, there)) return;
  here = restored;
  if (revision === saver.revision) {
    choose(here.has(chosen) ? chosen : first());
    clash.prepend(notice("done", "What this browser had kept is back, and is saved now."));
    edited();
    saver.now();
  } else meet({ ...given });
}

begin();
