// What every page does: it says that something is under way, opens dialogs, and tells our server the reader's time zone.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || event.defaultPrevented) return;
  if (form.dataset.sent === "yes") {
    event.preventDefault();
    return;
  }
  if (form.dataset.again !== "yes" && form.method === "post") form.dataset.sent = "yes";
  const pressed = event.submitter;
  if (pressed) pressed.setAttribute("aria-busy", "true");
});

// A page that comes back out of the browser's memory must be usable again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const busy of document.querySelectorAll("button[aria-busy]")) busy.removeAttribute("aria-busy");
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (!form) return;
  delete form.dataset.sent;
  for (const busy of form.querySelectorAll("button[aria-busy]")) busy.removeAttribute("aria-busy");
});
document.addEventListener("htmx:sendError", () => {
  const faults = document.getElementById("faults");
  if (!faults) return;
  const words = document.createElement("p");
  words.textContent = "The server cannot be reached. Check the connection and try again; nothing was changed.";
  const notice = document.createElement("div");
  notice.className = "notice fault";
  notice.append(words);
  faults.replaceChildren(notice);
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      dialog.showModal();
    }
  }
  const closer = event.target.closest?.("[data-closes]");
  if (closer) closer.closest("dialog")?.close();
});

// On a narrow screen the places and tabs lie in a row that scrolls: the present one has to be in sight.
for (const here of document.querySelectorAll(".places [aria-current], .tabs [aria-current]")) {
  const row = here.closest(".places, .tabs");
  row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const field of document.querySelectorAll("input[data-time-zone]")) {
  if (!field.value) field.value = zone;
}

// A box that ticks all others of its group.
document.addEventListener("change", (event) => {
  const box = event.target.closest?.("input[data-ticks]");
  if (!box) return;
  for (const other of document.querySelectorAll(`input[type="checkbox"][name="${CSS.escape(box.dataset.ticks)}"]`)) {
    other.checked = box.checked;
  }
});

// Tabs whose panels are on the page already: arrows move between them.
for (const list of document.querySelectorAll('[role="tablist"]')) {
  const tabs = [...list.querySelectorAll('[role="tab"]')];
  const choose = (tab) => {
    for (const other of tabs) {
      const chosen = other === tab;
      other.setAttribute("aria-selected", String(chosen));
      other.tabIndex = chosen ? 0 : -1;
      const panel = document.getElementById(other.getAttribute("aria-controls"));
      if (panel) panel.hidden = !chosen;
    }
  };
  list.addEventListener("click", (event) => {
    const tab = event.target.closest('[role="tab"]');
    if (tab) choose(tab);
  });
  list.addEventListener("keydown", (event) => {
    const at = tabs.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const tab = tabs[(to + tabs.length) % tabs.length];
    choose(tab);
    tab.focus();
  });
}
