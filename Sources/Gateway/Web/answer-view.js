import { ApprovalCard } from "./approval-card.js";
import { button, icon, make } from "./dom.js";
import { showMarkdown } from "./markdown.js";
import { ToolCallView } from "./tool-call.js";

const notes = {
  stopped: "Stopped.",
  failed: "The assistant could not answer.",
  partial: "This answer was not finished.",
  superseded: "Replaced by a later answer.",
};

/** Shows an `Answer` and follows it as it grows. `decide(call, decision)` is called for approvals. */
export class AnswerView {
  #parts = make("div", { class: "parts" });
  #foot = make("div", { class: "foot" });
  #views = [];
  #decide;

  constructor(answer, decide) {
    this.answer = answer;
    this.#decide = decide;
    this.element = make("article", { class: "message", "aria-label": "Assistant", data: { role: "assistant" } }, this.#parts, this.#foot);
    this.update();
  }

  update() {
    const { parts, status } = this.answer;
    let same = 0;
    while (same < this.#views.length && this.#views[same].part === parts[same]) same += 1;
    for (const view of this.#views.splice(same)) view.element.remove();
    for (const part of parts.slice(same)) {
      const view = this.#view(part);
      this.#views.push(view);
      this.#parts.append(view.element);
    }
    for (const view of this.#views) view.update();
    this.element.dataset.status = status;
    this.element.setAttribute("aria-busy", String(status === "streaming"));
  }

  /** Puts a sentence, and perhaps a button, below the answer. Without text: how the answer ended, if that needs saying. */
  note(text = notes[this.answer.status] ?? "", action = null) {
    this.#foot.replaceChildren(...(text === "" ? [] : [make("p", { class: "note", text })]));
    if (action !== null) this.offer(action);
  }

  /** A button below the answer, in words or as a drawing. */
  offer({ label, run, icon: drawing = null }) {
    const attributes = drawing === null ? { class: "link", text: label } : { class: "plain small", "aria-label": label, title: label };
    this.#foot.append(button(run, attributes, ...(drawing === null ? [] : [icon(drawing)])));
  }

  #view(part) {
    switch (part.kind) {
    case "tool": return new ToolCallView(part);
    case "approval": return new ApprovalCard(part, this.#decide);
    case "agent": return { part, element: make("p", { class: "note", text: `${part.name} takes over.` }), update() {} };
    default: return new TextView(part);
    }
  }
}

/** The text of an answer, or its reasoning, which is folded. */
class TextView {
  #text = make("div", { class: "text" });
  #shown = null;

  constructor(part) {
    this.part = part;
    this.element = part.kind === "text" ? this.#text : make("details", { class: "note" }, make("summary", { text: "Thinking" }), this.#text);
  }

  update() {
    if (this.#shown === this.part.text) return;
    this.#shown = this.part.text;
    showMarkdown(this.#text, this.#shown);
  }
}
