/**
 * One answer of the assistant as it grows: the events of a run (or a stored message) become a list of parts, and nothing else.
 * A part is `{kind, ...}`: text {text}, reasoning {text}, tool {callID, name, arguments, status, output}, agent {name}, approval {calls}.
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

  call(id) {
    return this.parts.find((part) => part.kind === "tool" && part.callID === id);
  }

  apply(event) {
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

  #ask({ calls }) {
    this.parts.push({ kind: "approval", calls: calls.map((call) => ({ ...call, decision: null })) });
    this.status = "waiting";
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
      if (part.kind === "tool" && part.status === "running") part.status = "interrupted";
    }
    if (!this.isDecided) this.parts = this.parts.filter((part) => part.kind !== "approval");
    this.status = status;
  }
}
