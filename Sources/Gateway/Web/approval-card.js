import { button, make } from "./dom.js";
import { argumentsInShort, toolInWords } from "./tool-call.js";

const outcomes = { approve: "Approved", reject: "Rejected", elsewhere: "Decided" };

/** Asks the person about calls that wait for them. `decide(call, {decision, always, message})` tells the server. */
export class ApprovalCard {
  #rows;

  constructor(part, decide) {
    this.part = part;
    this.#rows = part.calls.map((call) => new ApprovalRow(call, decide));
    this.element = make("div", { class: "approval", role: "group", "aria-label": "Your decision is needed" },
      make("p", { text: "May the assistant do this?" }), make("ul", {}, ...this.#rows.map((row) => row.element)));
  }

  update() {
    for (const row of this.#rows) row.update();
  }
}

/** One call: what it would do, and the person's say. Enter in the reason rejects. */
class ApprovalRow {
  #call;
  #words;
  #decide;
  #controls = [];
  #reason = make("input", { type: "text", maxlength: "2000", placeholder: "Why not? (optional)", dir: "auto" });
  #always = make("input", { type: "checkbox" });
  #isDecided = false;

  constructor(call, decide) {
    this.#call = call;
    this.#decide = decide;
    this.#words = `${toolInWords(String(call.name))} ${argumentsInShort(call.arguments)}`.trim();
    this.#reason.setAttribute("aria-label", `Why not: ${this.#words}`);
    const buttons = ["approve", "reject"].map((decision) => {
      const text = toolInWords(decision);
      return button(() => this.#choose(decision), { text, "aria-label": `${text}: ${this.#words}`, data: { decision } });
    });
    this.#controls = [this.#reason, this.#always, ...buttons];
    const form = make("form", { class: "decision", on: { submit: (event) => {
      event.preventDefault();
      this.#choose("reject");
    } } }, make("label", {}, this.#always, `Also for later calls of ${toolInWords(String(call.name))} in this answer`), this.#reason, ...buttons);
    this.element = make("li", {}, make("span", { text: this.#words, dir: "auto" }), form);
    this.update();
  }

  update() {
    if (this.#isDecided || this.#call.decision === null) return;
    this.#isDecided = true;
    const hadFocus = this.element.contains(document.activeElement);
    const outcome = make("span", { class: "hint", role: "status", tabindex: "-1", text: outcomes[this.#call.decision] });
    this.element.replaceChildren(make("span", { text: this.#words, dir: "auto" }), outcome);
    if (hadFocus) outcome.focus();
  }

  async #choose(decision) {
    const choice = { decision };
    if (this.#always.checked) choice.always = true;
    const reason = this.#reason.value.trim();
    if (decision === "reject" && reason !== "") choice.message = reason;
    for (const control of this.#controls) control.disabled = true;
    await this.#decide(this.#call, choice);
    for (const control of this.#controls) control.disabled = false;
    this.update();
  }
}
