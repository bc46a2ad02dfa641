// The way to the workspace. What a person does carries a key, so that it can be sent again when the line breaks.

import { keepInTab, recall } from "./memory.js";

const ROOT = "/playground/api";

const PATIENCE = 20_000;
const PAUSES = [300, 700, 1500, 3000];

/** The workspace did not answer in time; what was done may be done again. */
export class OfflineError extends Error {}

/** The workspace refused; `status` says how. */
export class RefusedError extends Error {
  constructor(status) {
    super(`refused: ${status}`);
    this.status = status;
  }
}

async function read(response) {
  if (!response.ok) throw new RefusedError(response.status);
  return response.json();
}

const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

async function patiently(ask) {
  const deadline = performance.now() + PATIENCE;
  for (let tries = 0; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      const passing = error instanceof TypeError || (error instanceof RefusedError && error.status >= 502);
      if (!passing) throw error;
      if (performance.now() > deadline) throw new OfflineError();
      await sleep(PAUSES[Math.min(tries, PAUSES.length - 1)]);
    }
  }
}

/** Asks for something. Throws RefusedError or OfflineError. */
export function get(path, query = {}) {
  const search = new URLSearchParams(query);
  return patiently(async () => read(await fetch(`${ROOT}/${path}?${search}`, { headers: { Accept: "application/json" } })));
}

/** Tells something; sent again with the same key while the line is broken. Throws RefusedError or OfflineError. */
export function post(path, body) {
  const sent = JSON.stringify(body);
  return patiently(async () =>
    read(await fetch(`${ROOT}/${path}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: sent })),
  );
}

/** A new key for something a person does. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** One act of one person. What is written stays at hand until it has arrived, even if the page is closed meanwhile. */
export async function act(person, what) {
  if (what.kind !== "say") return post("acts", { key: newKey(), person, what });
  const sent = { key: givenBack.take(person, what) ?? newKey(), person, what };
  unsent.add(sent);
  try {
    return await post("acts", sent);
  } catch (error) {
    if (error instanceof OfflineError) givenBack.add(sent);
    throw error;
  } finally {
    unsent.remove(sent);
  }
}

/**
 * What went back into its box because no answer came in time. It may have arrived all the same: sent again as it was, it
 * has its old key, so that it stands there once.
 */
const givenBack = {
  list() {
    return recall("given-back", []);
  },
  add(sent) {
    keepInTab("given-back", [...this.list(), sent]);
  },
  take(person, what) {
    const same = (one) => one.person === person && JSON.stringify(one.what) === JSON.stringify(what);
    const found = this.list().find(same);
    if (found) keepInTab("given-back", this.list().filter((one) => !same(one)));
    return found?.key;
  },
};

/** Sends what an earlier page of this tab could not; the keys see to it that nothing arrives twice. */
export async function sendUnsent() {
  for (const sent of unsent.list()) {
    try {
      await post("acts", sent);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
    }
    unsent.remove(sent);
  }
}

const unsent = {
  list() {
    return recall("unsent", []);
  },
  add(sent) {
    keepInTab("unsent", [...unsent.list(), sent]);
  },
  remove({ key }) {
    keepInTab("unsent", unsent.list().filter((other) => other.key !== key));
  },
};

/**
 * Hears of every change: `onChange` is called with the number of the last one, also after a break, and `onLine` with
 * whether the line stands. A hidden tab lets go of the line, so that many tabs don't starve one another.
 */
export function listen(since, onChange, onLine) {
  let source = null;
  const open = () => {
    source?.close();
    source = new EventSource(`${ROOT}/stream?since=${since()}`);
    source.onopen = () => onLine(true);
    source.onmessage = (event) => onChange(Number(event.lastEventId));
    source.onerror = () => {
      onLine(false);
      // The browser reconnects by itself unless the answer was an error.
      if (source.readyState === EventSource.CLOSED) setTimeout(open, 2000);
    };
  };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") open();
    else source?.close();
  });
  open();
}
