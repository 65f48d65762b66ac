import { button, make } from "./dom.js";
import { argumentsInShort, toolInWords } from "./tool-call.js";

/** Asks the person about calls that wait for them. `decide(call, decision)` tells the server. */
export class ApprovalCard {
  constructor(part, decide) {
    this.part = part;
    const rows = part.calls.map((call) => this.#row(call, decide));
    this.element = make("div", { class: "approval", role: "group", "aria-label": "Your decision is needed" },
      make("p", { text: "May the assistant do this?" }), make("ul", {}, ...rows));
  }

  update() {}

  #row(call, decide) {
    const words = `${toolInWords(String(call.name))} ${argumentsInShort(call.arguments)}`;
    const row = make("li", {}, make("span", { text: words, dir: "auto" }));
    const choose = async (decision) => {
      for (const one of buttons) one.disabled = true;
      await decide(call, decision);
      if (call.decision === null) for (const one of buttons) one.disabled = false;
      else row.replaceChildren(words, make("span", { class: "hint", role: "status", text: decision === "approve" ? "Approved" : "Rejected" }));
    };
    const buttons = ["approve", "reject"].map((decision) => {
      const text = toolInWords(decision);
      return button(() => choose(decision), { text, "aria-label": `${text}: ${words}`, data: { decision } });
    });
    row.append(...buttons);
    return row;
  }
}
