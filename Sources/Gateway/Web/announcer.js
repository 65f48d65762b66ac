import { make } from "./dom.js";

/** Reads a growing answer to assistive technology sentence by sentence, instead of letter by letter or all over again. */
export class Announcer {
  element = make("div", { id: "announcer", class: "visually-hidden", "aria-live": "polite" });
  #said = 0;

  /** Begins a new answer; what was said before is cleared. */
  begin() {
    this.#said = 0;
    this.element.replaceChildren();
  }

  /** Says the sentences of `text` that are complete and were not said yet; with `isFinal` the rest too. */
  follow(text, isFinal = false) {
    if (text.length < this.#said) this.#said = text.length;
    const rest = text.slice(this.#said);
    const end = isFinal ? rest.length : endOfSentences(rest);
    if (end === 0) return;
    this.#said += end;
    this.say(rest.slice(0, end));
  }

  say(text) {
    const words = text.replace(/[*_`#~]+/g, "").trim();
    if (words !== "") this.element.append(make("p", { text: words }));
  }
}

function endOfSentences(text) {
  let end = 0;
  for (const match of text.matchAll(/[.!?\u2026:](?=\s)|\n/g)) end = match.index + 1;
  return end;
}
