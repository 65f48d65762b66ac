/**
 * One answer of the assistant as it grows: the events of a run (or a stored message) become a list of parts, and nothing else.
 * A part is `{kind, ...}`: text {text}, reasoning {text}, tool {callID, name, arguments, status, output}, agent {name},
 * approval {calls, isOpen}. A call's decision is null, `approve`, `reject`, or `elsewhere` when only its effect is known.
 */
export class Answer {
  parts = [];

  /** streaming, waiting, complete, stopped, failed, partial, superseded */
  status = "streaming";

  /** The `error` event that ended it. */
  failure = null;

  static stored({ calls = [], text, status }) {
    const answer = new Answer();
    for (const call of calls) answer.#addCall(call, call.status);
    answer.#grow("text", text);
    answer.status = status;
    return answer;
  }

  get text() {
    return this.parts.filter((part) => part.kind === "text").map((part) => part.text).join("\n\n");
  }

  /** Whether the person has decided about every call that waited for them. */
  get isDecided() {
    return this.parts.every((part) => part.kind !== "approval" || part.calls.every((call) => call.decision !== null));
  }

  /** A decision that lasts holds for the other open calls of the tool, too. */
  decideLike({ name, decision }) {
    for (const call of this.#openQuestion?.calls ?? []) if (call.name === name) call.decision ??= decision;
  }

  call(id) {
    return this.parts.find((part) => part.kind === "tool" && part.callID === id);
  }

  apply(event) {
    if (event.type !== "approval") this.#settle();
    switch (event.type) {
    case "delta": return this.#grow("text", event.delta);
    case "reasoning": return this.#grow("reasoning", event.delta);
    case "tool_call": return this.#addCall(event, "running");
    case "tool_result": return this.#finishCall(event);
    case "agent": return void this.parts.push({ kind: "agent", name: event.name });
    case "approval": return this.#ask(event);
    case "restart": return this.#dropVoidText();
    case "done": return this.#finish(event);
    case "stopped": return this.#end("stopped");
    case "error":
      this.failure = event;
      return this.#end("failed");
    }
  }

  #grow(kind, delta) {
    if (!delta) return;
    const last = this.parts.at(-1);
    if (last?.kind === kind) last.text += delta;
    else this.parts.push({ kind, text: delta });
  }

  #addCall(call, status) {
    if (this.call(call.call_id) !== undefined) return;
    this.parts.push({ kind: "tool", callID: call.call_id, name: call.name ?? "tool", arguments: call.arguments, status, output: call.output });
  }

  #finishCall({ call_id: id, status, output }) {
    const part = this.call(id);
    if (part !== undefined) Object.assign(part, { status, output });
  }

  /** A question behind an open one asks for the rest of it. */
  #ask({ calls }) {
    const open = this.#openQuestion;
    if (open === undefined) {
      this.parts.push({ kind: "approval", isOpen: true, calls: calls.map((call) => ({ ...call, decision: null })) });
      this.#restate(calls, "running", "waiting");
    } else {
      const left = new Set(calls.map((call) => call.call_id));
      for (const call of open.calls) if (!left.has(call.call_id)) call.decision ??= "elsewhere";
    }
    this.status = this.isDecided ? "streaming" : "waiting";
  }

  get #openQuestion() {
    return this.parts.findLast((part) => part.kind === "approval" && part.isOpen);
  }

  /** The run goes on, so everything that it asked was decided. */
  #settle() {
    const open = this.#openQuestion;
    if (open === undefined) return;
    open.isOpen = false;
    this.#restate(open.calls, "waiting", "running");
    for (const call of open.calls) call.decision ??= "elsewhere";
    if (open.calls.every((call) => call.decision === "elsewhere")) this.parts = this.parts.filter((part) => part !== open);
    if (this.status === "waiting") this.status = "streaming";
  }

  #restate(calls, from, to) {
    for (const { call_id: id } of calls) {
      const part = this.call(id);
      if (part?.status === from) part.status = to;
    }
  }

  #dropVoidText() {
    while (["text", "reasoning"].includes(this.parts.at(-1)?.kind)) this.parts.pop();
  }

  /** The output is the truth about the last turn's text; what was streamed is only its preview. */
  #finish({ output }) {
    if (output) {
      if (this.parts.at(-1)?.kind === "text") this.parts.at(-1).text = output;
      else this.#grow("text", output);
    }
    this.#end("complete");
  }

  #end(status) {
    for (const part of this.parts) {
      if (part.kind === "tool" && ["running", "waiting"].includes(part.status)) part.status = "interrupted";
    }
    this.status = status;
  }
}
