import { page } from "./api.js";
import { button, icon, make } from "./dom.js";
import { SessionEnded, explain } from "./problem.js";

/**
 * The person's conversations, newest first, and their account.
 * Sends `open-conversation` (detail: id), `new-conversation`, `sign-out` and `close`.
 */
export class ConversationList extends HTMLElement {
  #list = make("ul", { class: "conversations" });
  #notice = make("p", { class: "notice", role: "status" });
  #more = button(() => this.refresh(this.#after), { class: "link", text: "Show more" });
  #name = make("span", { dir: "auto" });
  #email = make("span", { class: "note" });
  #current = null;
  #rows = [];
  #after;
  #loads = 0;

  connectedCallback() {
    if (this.firstChild !== null) return;
    const sender = (id, attributes, ...children) => button(() => this.#send(id), { id, ...attributes }, ...children);
    this.append(make("nav", { "aria-label": "Conversations" },
      make("div", { class: "brand" }, make("span", { text: "Todo assistant" }),
        sender("close", { class: "round plain", "aria-label": "Close the menu" }, icon("close"))),
      sender("new-conversation", { class: "wide" }, icon("add"), "New conversation"),
      make("div", { class: "scroll" }, this.#list, this.#notice, this.#more),
      make("api-tokens"),
      make("div", { class: "account" }, make("div", {}, this.#name, this.#email), sender("sign-out", {}, "Sign out"))));
    this.#render();
  }

  show({ name, email }) {
    this.#name.textContent = name;
    this.#email.textContent = this.#email.title = email;
  }

  /** Marks the conversation that is open; null for a new one. */
  select(id) {
    this.#current = id;
    this.#render();
  }

  /** Puts a sentence below the list. */
  say(text) {
    this.#notice.textContent = text;
  }

  /** Loads the newest ones, or those that come after the ones shown. */
  async refresh(after) {
    const load = this.#loads += 1;
    try {
      const { data, has_more: hasMore, after: next } = await page("/api/conversations", 50, after);
      if (load !== this.#loads) return;
      this.#rows = after === undefined ? data : [...this.#rows, ...data];
      this.#after = hasMore ? next : undefined;
      this.say(this.#rows.length === 0 ? "Your conversations will be listed here." : "");
      this.#render();
    } catch (error) {
      if (!(error instanceof SessionEnded)) this.say(`The list could not be loaded. ${explain(error)}`);
    }
  }

  #render() {
    const focused = this.#list.contains(document.activeElement) ? document.activeElement.dataset.conversation : undefined;
    const buttons = this.#rows.map(({ id, title }) => button(() => this.#send("open-conversation", id), {
      text: title || "Untitled", dir: "auto", title: title ?? "", data: { conversation: id }, "aria-current": String(id === this.#current),
    }));
    this.#list.replaceChildren(...buttons.map((one) => make("li", {}, one)));
    this.#more.hidden = this.#after === undefined;
    if (focused !== undefined) buttons.find(({ dataset }) => dataset.conversation === focused)?.focus();
  }

  #send(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
