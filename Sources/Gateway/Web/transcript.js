import { AnswerView } from "./answer-view.js";
import { button, icon, make } from "./dom.js";
import { QuestionView } from "./question-view.js";

/** The messages of a conversation. Stays at the end while it grows, unless the person has scrolled away from it. */
export class Transcript {
  #messages = make("div", { id: "messages", role: "log", "aria-live": "off", "aria-label": "Messages", tabindex: "0" });
  #latest = button(() => this.scrollToEnd(), { id: "latest", class: "round", "aria-label": "Jump to the end", hidden: true }, icon("down"));
  #isAtEnd = true;
  element = make("div", { class: "scroll" }, this.#messages, this.#latest);

  constructor() {
    this.#messages.addEventListener("scroll", () => {
      const { scrollTop, scrollHeight, clientHeight } = this.#messages;
      this.#isAtEnd = scrollHeight - scrollTop - clientHeight < 48;
      this.#latest.hidden = this.#isAtEnd;
    }, { passive: true });
  }

  get isEmpty() {
    return this.#messages.querySelector(".message") === null;
  }

  /** Removes every message; an empty conversation offers sentences to begin with. */
  clear(starters, onStart) {
    const items = starters.map((text) => make("li", {}, button(() => onStart(text), { text, data: { starter: "" } })));
    this.#messages.replaceChildren(make("div", { class: "welcome" }, make("p", { class: "heading", text: "What needs doing?" }),
      make("ul", {}, ...items)));
    this.scrollToEnd();
  }

  addQuestion(text, onEdit) {
    const view = new QuestionView(text, onEdit);
    this.#add(view.element);
    return view;
  }

  /** Removes a message and all that came after it. */
  removeFrom(element) {
    while (element !== null) {
      const next = element.nextElementSibling;
      element.remove();
      element = next;
    }
  }

  addAnswer(answer, decide) {
    const view = new AnswerView(answer, decide);
    this.#add(view.element);
    return view;
  }

  /** To be called after a message has grown. */
  follow() {
    if (this.#isAtEnd) this.scrollToEnd();
  }

  scrollToEnd() {
    this.#messages.scrollTop = this.#messages.scrollHeight;
    this.#isAtEnd = this.#latest.hidden = true;
  }

  #add(element) {
    this.#messages.querySelector(".welcome")?.remove();
    this.#messages.append(element);
    return element;
  }
}
