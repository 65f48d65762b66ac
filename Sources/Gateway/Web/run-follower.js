import { request } from "./api.js";
import { readEvents } from "./event-stream.js";
import { Problem, Unreachable } from "./problem.js";

const waits = [500, 1000, 2000, 4000, 8000];
// The server sends a comment every 15 s.
const silence = 45_000;
const endings = new Set(["done", "stopped", "error"]);

/**
 * Follows one run to its end, through lost connections. With `path` and `body` it starts the run by posting (again after a lost
 * connection, which cannot start a second one); with `runID` it follows a run that is already there, from its first event.
 */
export class RunFollower {
  #path;
  #body;
  #key = crypto.randomUUID();
  #lastID = null;
  #leaving = new AbortController();

  constructor({ path, body, runID = null }) {
    this.#path = path;
    this.#body = body;
    /** Known after the first event. */
    this.runID = runID;
  }

  get hasLeft() {
    return this.#leaving.signal.aborted;
  }

  /** Stops reading. The run itself goes on. */
  leave() {
    this.#leaving.abort();
  }

  /**
   * Reads until the run ends or waits for an approval; may be called again after an approval or an error.
   * `onEvent` gets each event once, `onWait` the milliseconds until the next try and null when connected again.
   * Throws `Unreachable` when the last try failed, else what the server answered. Returns quietly after `leave`.
   */
  async follow(onEvent, onWait) {
    let tries = null;
    while (!this.hasLeft) {
      try {
        const response = await this.#open();
        if (tries !== null) onWait(null);
        let waits = false;
        for await (const event of readEvents(response, silence)) {
          const data = this.#accept(event);
          if (this.hasLeft) return;
          if (data === null) continue;
          tries = 0;
          onEvent(data);
          if (endings.has(data.type)) return;
          waits = data.type === "approval";
        }
        // Behind an open question the server ends the stream; behind one that was decided more follows.
        if (waits) return;
      } catch (error) {
        if (this.hasLeft) return;
        // A server that is starting or full counts as a lost connection only when there was one.
        const mayPass = error instanceof Problem ? tries !== null && (error.status === 429 || error.status > 501) : error instanceof Unreachable;
        if (!mayPass) throw error;
      }
      tries ??= 0;
      if (tries === waits.length) throw new Unreachable();
      onWait(waits[tries]);
      await pause(waits[tries], this.#leaving.signal);
      tries += 1;
    }
  }

  #open() {
    const { signal } = this.#leaving;
    if (this.runID === null) return request("POST", this.#path, { body: this.#body, headers: { "idempotency-key": this.#key }, signal });
    const headers = this.#lastID === null ? {} : { "last-event-id": this.#lastID };
    return request("GET", `/api/runs/${encodeURIComponent(this.runID)}/events`, { headers, signal });
  }

  /** The event's data; null for what was seen before. */
  #accept({ id, data }) {
    if (id !== null && Number(id) <= Number(this.#lastID ?? -1)) return null;
    const event = JSON.parse(data);
    this.#lastID = id ?? this.#lastID;
    this.runID = event.run_id ?? this.runID;
    return event;
  }
}

/** Waits, but not after leaving and not once the network is back. */
function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", resolve, { once: true });
    addEventListener("online", resolve, { once: true });
  });
}
