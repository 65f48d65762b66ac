import { button, icon, isTouch, make } from "./dom.js";
import { draft } from "./memory.js";

/** The field for the next message, with the sentences that concern it. `onSend(text)` is called with what is not blank. */
export class Composer {
  #notice = make("p", { id: "chat-notice", class: "notice", role: "status" });
  #field = make("textarea", { id: "message", rows: "1", placeholder: "Message", autocomplete: "off", dir: "auto" });
  #send = make("button", { id: "send", class: "round primary", "aria-label": "Send" }, icon("send"));
  #stop;

  constructor({ onSend, onStop, note }) {
    this.#stop = button(onStop, { id: "stop", class: "round", "aria-label": "Stop the answer" }, icon("stop"));
    const form = make("form", { id: "composer" },
      make("label", { class: "visually-hidden", for: "message", text: "Message" }), this.#field, this.#stop, this.#send);
    this.element = make("div", { class: "composer" }, this.#notice, form, make("p", { id: "model-note", class: "note", text: note }));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.text.trim() !== "") onSend(this.text.trim());
    });
    this.#field.addEventListener("input", () => { this.text = this.text; });
    this.#field.addEventListener("keydown", (event) => {
      // While an input method composes, Enter is its own (229 is how Safari says so).
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229 || isTouch()) return;
      event.preventDefault();
      form.requestSubmit();
    });
  }

  /** What is typed; it survives a reload of the tab. */
  get text() {
    return this.#field.value;
  }

  set text(text) {
    if (this.#field.value !== text) this.#field.value = text;
    draft.write(text || null);
    this.#field.style.height = "auto";
    this.#field.style.height = `${this.#field.scrollHeight}px`;
  }

  focus() {
    if (!isTouch()) this.#field.focus();
  }

  /** Shows a sentence above the field, with a button if there is something to do. */
  say(text, action = null) {
    this.#notice.textContent = text;
    if (action !== null) this.#notice.append(" ", button(action.run, { class: "link", text: action.label }));
  }

  /** While an answer is written the person can stop it instead of sending. */
  show({ isBusy, isStopping }) {
    this.#send.hidden = isBusy;
    this.#stop.hidden = !isBusy;
    this.#stop.disabled = isStopping;
  }
}
