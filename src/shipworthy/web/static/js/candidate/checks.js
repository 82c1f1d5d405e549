// Public checks: run them without leaving the page, and show what they say while they run.

import { element } from "./parts.js";

export function wireChecks(address, token, saveFirst) {
  const form = document.querySelector("[data-run-checks]");
  const shown = document.querySelector("[data-checks]");
  const live = document.querySelector("[data-live]");
  if (!form || !shown || !live) return;
  const button = form.querySelector("button");

  const listen = () => {
    button.setAttribute("aria-disabled", "true");
    live.textContent = "";
    live.hidden = false;
    shown.replaceChildren(element("p", { class: "loading", role: "status" }, "Waiting for a free place …"));
    const events = new EventSource(`${address}/checks/live`);
    events.addEventListener("line", ({ data }) => {
      live.append(`${spelled(JSON.parse(data))}\n`);
      live.scrollTop = live.scrollHeight;
    });
    events.addEventListener("state", ({ data }) => {
      if (JSON.parse(data).state === "running") shown.querySelector(".loading")?.replaceChildren("Running …");
    });
    const ended = async () => {
      events.close();
      await show();
      button.removeAttribute("aria-disabled");
    };
    events.addEventListener("end", ended);
    events.addEventListener("error", () => {
      if (events.readyState === EventSource.CLOSED) ended();
      else live.textContent = "";
    });
  };

  const show = async () => {
    try {
      const answer = await fetch(`${address}/checks`, { headers: { "HX-Request": "true" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      shown.replaceChildren(...page.body.childNodes);
      live.hidden = live.textContent === "";
    } catch {
      shown.replaceChildren(element("p", {}, "The connection was lost. Load the page again to see what the checks said."));
    }
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    if (!(await saveFirst())) {
      button.removeAttribute("aria-disabled");
      return;
    }
    try {
      const answer = await fetch(`${address}/checks`, { method: "POST", headers: { "X-CSRF-Token": token, "HX-Request": "true" } });
      if (answer.ok) return void listen();
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      shown.replaceChildren(...page.body.childNodes);
    } catch {
      shown.replaceChildren(element("p", {}, "The server cannot be reached. Try again when the connection is back."));
    }
    button.removeAttribute("aria-disabled");
  });
  if (shown.dataset.underWay === "yes") listen();
}

function spelled(line) {
  const at = line.seconds === undefined ? "" : `${line.seconds.toFixed(1).padStart(6)} s  `;
  if (line.kind === "check") {
    const outcome = { passed: "passed", failed: "failed" }[line.outcome] ?? "our fault";
    return `${at}${outcome}: ${line.text}${line.message ? `\n          ${line.message}` : ""}`;
  }
  return `${at}${line.text}`;
}
