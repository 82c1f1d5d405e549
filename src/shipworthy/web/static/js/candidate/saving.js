// Saves what changed, on top of the revision that it was made from. One save at a time; what fails is tried again.

const IDLE = 1500;
const LONGEST = 9000;
const KEEPALIVE_BYTES = 60_000;

export class Saver {
  // `changes()` gives what is not saved yet, `on` is told what came of it.
  constructor(address, { token, tab, changes, on }) {
    Object.assign(this, { address, token, tab, changes, on });
    this.revision = 0;
    this.flying = null;
    this.timer = null;
    this.since = null;
    this.wait = 0;
    this.stopped = false;
  }

  soon() {
    if (this.stopped) return;
    this.since ??= performance.now();
    clearTimeout(this.timer);
    const left = Math.max(0, LONGEST - (performance.now() - this.since));
    this.timer = setTimeout(() => this.now(), Math.max(this.wait, Math.min(IDLE, left)));
  }

  // Save at once; resolves to true when nothing is left unsaved.
  async now({ last = false } = {}) {
    clearTimeout(this.timer);
    if (this.flying) await this.flying;
    if (this.stopped) return false;
    const changes = this.changes();
    if (!Object.keys(changes).length) return true;
    this.since = null;
    this.flying = this.send(changes, last);
    const done = await this.flying;
    this.flying = null;
    if (done && Object.keys(this.changes()).length) this.soon();
    return done && !Object.keys(this.changes()).length;
  }

  async send(changes, last) {
    this.on.saving();
    const body = JSON.stringify({ revision: this.revision, files: changes });
    let answer;
    try {
      answer = await fetch(`${this.address}/changes/save`, {
        method: "POST", body, keepalive: last && body.length < KEEPALIVE_BYTES, signal: AbortSignal.timeout(20_000),
        headers: { "Content-Type": "application/json", "X-CSRF-Token": this.token, "X-Tab": this.tab, "HX-Request": "true" },
      });
    } catch {
      return this.later();
    }
    return this.took(answer, changes);
  }

  async took(answer, changes) {
    if ([408, 429].includes(answer.status) || answer.status >= 500) return this.later();
    const isJson = answer.headers.get("content-type")?.startsWith("application/json");
    if (answer.ok && isJson) {
      const saved = await answer.json();
      const wasAway = this.wait > 0;
      this.revision = saved.revision;
      this.wait = 0;
      this.on.saved(saved, changes, wasAway);
      return true;
    }
    if (answer.status === 409 && isJson) this.on.conflict(await answer.json());
    else if (answer.status === 422) this.on.refused(await words(answer));
    else {
      this.stopped = true;
      this.on.ended(answer.status, await words(answer));
    }
    return false;
  }

  later() {
    this.wait = Math.min(30_000, Math.max(2000, this.wait * 2));
    this.on.away();
    this.timer = setTimeout(() => this.now(), this.wait);
    return false;
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
  }
}

async function words(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.body.textContent.trim().replace(/\s+/g, " ");
}
