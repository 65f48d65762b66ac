import { dayInWords, parseDay } from "./days.js";
import { icon, make } from "./dom.js";

const outcomes = { running: "running", waiting: "waits for you", ok: "done", failed: "failed", rejected: "rejected", timed_out: "took too long",
  unknown: "outcome not known", interrupted: "not finished" };

/** One tool call as a line that opens to its arguments and output. */
export class ToolCallView {
  #mark = make("span", { class: "tool-mark" });
  #status = make("span", { class: "tool-status" });
  #body = make("div", { class: "tool-body" });

  constructor(part) {
    this.part = part;
    this.element = make("details", { class: "tool", data: { tool: part.name } },
      make("summary", {}, this.#mark, make("b", { text: toolInWords(part.name) }),
        make("span", { class: "tool-arguments", text: argumentsInShort(part.arguments), dir: "auto" }), this.#status),
      this.#body);
  }

  update() {
    const status = this.part.status in outcomes ? this.part.status : "interrupted";
    if (this.element.dataset.status === status) return;
    this.element.dataset.status = status;
    this.#status.textContent = outcomes[status];
    this.#status.classList.toggle("visually-hidden", status === "ok");
    this.#mark.replaceChildren(...(["running", "waiting"].includes(status) ? [] : [icon(status === "ok" ? "ok" : "warning")]));
    this.#body.replaceChildren(...section("Arguments", this.part.arguments), ...section("Result", this.part.output));
  }
}

/** `add_todo` as a person would read it. */
export function toolInWords(name) {
  const words = name.replace(/[_.\-/]+/g, " ").trim() || "tool";
  return words[0].toUpperCase() + words.slice(1);
}

/** The values of the arguments on one short line, days after what they are for. */
export function argumentsInShort(value) {
  const given = parse(value);
  const dayOf = (entry) => (typeof entry === "string" ? parseDay(entry) : null);
  const words = Object.entries(typeof given === "string" ? [given] : given ?? {}).filter(([, entry]) => entry !== null && entry !== "")
    .sort(([, a], [, b]) => Number(dayOf(a) !== null) - Number(dayOf(b) !== null))
    .map(([name, entry]) => {
      const day = dayOf(entry);
      return day !== null ? dayInWords(day) : typeof entry === "string" ? entry : `${name.replaceAll("_", " ")} ${JSON.stringify(entry)}`;
    })
    .join(", ");
  return words.length > 80 ? `${words.slice(0, 79)}\u2026` : words;
}

function section(title, value) {
  const content = parse(value);
  const text = typeof content === "string" ? content : JSON.stringify(content ?? {}, null, 2);
  return ["", "{}"].includes(text) ? [] : [make("p", { class: "hint", text: title }), make("pre", { text, tabindex: "0" })];
}

/** Arguments and output arrive as JSON or as text that holds JSON. */
function parse(value) {
  try {
    return typeof value === "string" ? JSON.parse(value) : value;
  } catch {
    return value;
  }
}
