import { call } from "./api.js";
import { button, icon, make } from "./dom.js";
import { SessionEnded, explain } from "./problem.js";

/** A button that opens the person's API tokens: it lists them, makes one, whose text is shown once, and revokes them. */
export class APITokens extends HTMLElement {
  #list = make("ul", { class: "tokens" });
  #notice = make("p", { class: "notice", role: "status" });
  #name = make("input", { id: "token-name", maxlength: 100, autocomplete: "off", dir: "auto" });
  #text = make("input", { id: "token-text", readonly: true, "aria-label": "The new token", on: { focus: () => this.#text.select() } });
  #made = make("div", { class: "field", hidden: true }, make("p", { class: "hint", text: "Copy it now: it is not shown again." }), this.#text);
  #submit = make("button", { class: "primary", text: "Make a token" });
  #dialog;

  connectedCallback() {
    if (this.firstChild !== null) return;
    const form = make("form", { id: "token-form", novalidate: true, method: "post" },
      make("div", { class: "field" }, make("label", { for: "token-name", text: "What the program is called" }), this.#name), this.#submit);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#create();
    });
    this.#dialog = make("dialog", { id: "tokens", "aria-labelledby": "tokens-title", on: { close: () => this.#forget() } },
      make("div", { class: "brand" }, make("span", { id: "tokens-title", text: "API tokens" }),
        button(() => this.#dialog.close(), { class: "round plain", "aria-label": "Close" }, icon("close"))),
      make("p", { class: "hint", text: "A program with a token chats and works with your todos as you do. It cannot change your account." }),
      this.#list, form, this.#made, this.#notice);
    this.append(button(() => this.#open(), { id: "open-tokens", class: "link", text: "API tokens" }), this.#dialog);
  }

  #open() {
    this.#dialog.showModal();
    this.#do(() => this.#refresh());
  }

  /** A token's text goes with the dialog. */
  #forget() {
    this.#text.value = this.#notice.textContent = "";
    this.#made.hidden = true;
  }

  #create() {
    this.#forget();
    this.#submit.disabled = true;
    this.#do(async () => {
      const { token } = await call("POST", "/api/tokens", { body: { name: this.#name.value.trim() } });
      this.#name.value = "";
      this.#text.value = token;
      this.#made.hidden = false;
      this.#text.focus();
      await this.#refresh();
    }).finally(() => { this.#submit.disabled = false; });
  }

  #revoke({ id, name }) {
    if (!confirm(`Revoke "${name}"? The program that has it will be refused.`)) return;
    this.#forget();
    this.#do(async () => {
      await call("DELETE", `/api/tokens/${encodeURIComponent(id)}`);
      await this.#refresh();
    });
  }

  async #refresh() {
    const { data } = await call("GET", "/api/tokens");
    this.#list.replaceChildren(...data.map((token) => make("li", { class: "token", data: { token: token.id } },
      make("div", {}, make("span", { text: token.name, dir: "auto" }), make("p", { class: "note", text: facts(token) })),
      button(() => this.#revoke(token), { text: "Revoke", "aria-label": `Revoke ${token.name}` }))));
    this.#list.hidden = data.length === 0;
  }

  async #do(work) {
    try {
      await work();
    } catch (error) {
      // The form to sign in is behind the dialog.
      if (error instanceof SessionEnded) this.#dialog.close();
      else this.#notice.textContent = explain(error);
    }
  }
}

function facts({ scopes, last_used_at: used, expires_at: end }) {
  const day = (instant) => new Date(instant).toLocaleDateString();
  const isOver = end !== undefined && new Date(end) <= new Date();
  const ending = end === undefined ? [] : [`${isOver ? "expired" : "expires"} ${day(end)}`];
  return [scopes.join(", "), used === undefined ? "never used" : `last used ${day(used)}`, ...ending].join(" · ");
}
