import { Unreachable } from "./problem.js";

/** Cuts a text/event-stream into events, however its bytes are split (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export class EventStreamParser {
  #decoder = new TextDecoder();
  #line = "";
  #endedInReturn = false;
  #data = [];
  #id = null;

  /** The events `{id, data}` that these bytes complete; `data` is text. */
  push(bytes) {
    const events = [];
    let text = this.#decoder.decode(bytes, { stream: true });
    if (text === "") return events;
    const endsInReturn = text.endsWith("\r");
    if (this.#endedInReturn && text[0] === "\n") text = text.slice(1);
    this.#endedInReturn = endsInReturn;
    const pieces = text.split(/\r\n|\r|\n/);
    const rest = pieces.pop();
    for (const piece of pieces) {
      this.#take(this.#line + piece, events);
      this.#line = "";
    }
    this.#line += rest;
    return events;
  }

  #take(line, events) {
    if (line === "") {
      if (this.#data.length > 0) events.push({ id: this.#id, data: this.#data.join("\n") });
      this.#data = [];
      return;
    }
    const [, name, value] = /^([^:]*):? ?([^]*)$/.exec(line);
    if (name === "data") this.#data.push(value);
    else if (name === "id") this.#id = value;
  }
}

/** Reads a response as events until its body ends. Throws `Unreachable` when it breaks or sends nothing, not even a comment, for `silence` ms. */
export async function* readEvents(response, silence) {
  const reader = response.body.getReader();
  const parser = new EventStreamParser();
  try {
    for (;;) {
      const { done, value } = await withDeadline(reader.read(), silence);
      if (done) return;
      yield* parser.push(value);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function withDeadline(promise, milliseconds) {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Unreachable());
    const timer = setTimeout(fail, milliseconds);
    promise.then(resolve, fail).finally(() => clearTimeout(timer));
  });
}
