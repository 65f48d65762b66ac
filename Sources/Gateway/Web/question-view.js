import { button, icon, make } from "./dom.js";

/** What the person said, and may say otherwise. `onEdit(text)` is told of the new text. */
export class QuestionView {
  #text;
  #onEdit;

  /** The server's id of the message; null until it is known. */
  messageID = null;

  constructor(text, onEdit) {
    this.#text = text;
    this.#onEdit = onEdit;
    this.element = make("article", { class: "message", "aria-label": "You", data: { role: "user" }, dir: "auto" });
    this.#show();
  }

  get text() {
    return this.#text;
  }

  #show() {
    const edit = button(() => this.#edit(), { class: "plain small edit", "aria-label": "Edit your message", title: "Edit" }, icon("edit"));
    this.element.replaceChildren(make("span", { text: this.#text }), edit);
  }

  /** Escape leaves the text as it was; Control and Enter, or Command and Enter, send it. */
  #edit() {
    if (this.messageID === null) return;
    const field = make("textarea", { rows: "3", maxlength: "16000", "aria-label": "Your message", dir: "auto" });
    field.value = this.#text;
    const leave = () => {
      this.#show();
      this.element.querySelector(".edit").focus();
    };
    const form = make("form", { class: "edit-form", on: {
      submit: (event) => {
        event.preventDefault();
        if (field.value.trim() === "") return;
        const text = field.value;
        this.#show();
        this.#onEdit(text);
      },
      keydown: (event) => {
        if (event.key === "Escape") leave();
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
      },
    } }, field, make("button", { type: "submit", text: "Send" }), button(leave, { text: "Cancel" }));
    this.element.replaceChildren(form);
    field.focus();
  }
}
