// What was typed and is not saved yet is kept in this browser, so that a lost connection or a crash costs nothing.
// Every tab has a place of its own; what a tab left behind that is gone is found by the next one.

const TAB = "shipworthy tab";

export function tabName() {
  let name = sessionStorage.getItem(TAB);
  if (!name) {
    name = `tab ${crypto.getRandomValues(new Uint32Array(2)).join("")}`;
    sessionStorage.setItem(TAB, name);
  }
  return name;
}

export class Kept {
  constructor(task, tab) {
    this.prefix = `shipworthy ${task} `;
    this.own = this.prefix + tab;
  }

  write(revision, changes) {
    try {
      if (Object.keys(changes).length) localStorage.setItem(this.own, JSON.stringify({ revision, changes, at: Date.now() }));
      else localStorage.removeItem(this.own);
      return true;
    } catch {
      return false;
    }
  }

  // Return what was left behind for this task by tabs that are not alive, and forget it there.
  found(alive) {
    const places = Object.keys(localStorage).filter((key) => key.startsWith(this.prefix) && !alive.has(key));
    const all = places.map((key) => read(key)).filter(Boolean);
    for (const key of places) localStorage.removeItem(key);
    return all.sort((one, other) => other.at - one.at)[0] ?? null;
  }

  forget() {
    localStorage.removeItem(this.own);
  }
}

function read(key) {
  try {
    const value = JSON.parse(localStorage.getItem(key));
    return value && typeof value.changes === "object" ? value : null;
  } catch {
    return null;
  }
}

// Other tabs with the same task: who is alive, and a word to all when a new one opens.
export class Neighbours {
  constructor(task, place, onNeighbour) {
    this.alive = new Set([place]);
    this.channel = new BroadcastChannel(`shipworthy ${task}`);
    this.channel.addEventListener("message", ({ data }) => {
      const isNew = !this.alive.has(data.place);
      this.alive.add(data.place);
      if (data.hello) this.channel.postMessage({ place });
      if (isNew) onNeighbour();
    });
    this.channel.postMessage({ place, hello: true });
  }

  async settled() {
    await new Promise((done) => setTimeout(done, 250));
    return this.alive;
  }
}
