import { call, session } from "./api.js";
import { button, icon, make } from "./dom.js";
import { draft, lastConversation } from "./memory.js";
import { SessionEnded, explain } from "./problem.js";

/** The whole page: signed out, or the three panels of a signed-in person. `data-state` says which. */
export class AgentApp extends HTMLElement {
  #user = null;
  #signIn = null;
  #workspace = null;
  #conversations = null;
  #chat = null;
  #todos = null;
  #menu = null;

  connectedCallback() {
    session.addEventListener("ended", () => this.#onSessionEnded());
    document.addEventListener("visibilitychange", () => this.#onVisible());
    document.addEventListener("keydown", ({ key }) => {
      if (key === "Escape" && this.dataset.menu === "open") this.#showMenu(false);
    });
    this.#begin();
  }

  async #begin() {
    this.dataset.state = "loading";
    try {
      this.#enter(await call("GET", "/api/auth/verify"));
    } catch (error) {
      if (error instanceof SessionEnded) return this.#askToSignIn();
      this.dataset.state = "unreachable";
      this.replaceChildren(make("main", { class: "page" }, make("p", { role: "alert", text: explain(error) }),
        button(() => this.#begin(), { class: "primary", text: "Try again" })));
    }
  }

  // Signing in and out

  #askToSignIn(options) {
    this.dataset.state = "signed-out";
    if (this.#workspace === null) this.replaceChildren();
    else this.#workspace.hidden = true;
    this.#signIn = make("sign-in", { on: { "signed-in": ({ detail }) => this.#enter(detail) } });
    this.append(this.#signIn);
    this.#signIn.begin(options);
  }

  /** The panels stay behind the form, so that a person who signs in again finds everything as it was. */
  #onSessionEnded() {
    if (this.dataset.state !== "signed-in") return;
    this.#askToSignIn({ message: "Your session has ended. Sign in again to go on; what you typed is kept.", email: this.#user.email });
  }

  #enter(user) {
    this.#signIn?.remove();
    this.dataset.state = "signed-in";
    const isBack = this.#user?.id === user.id;
    if (isBack) {
      this.#workspace.hidden = false;
      this.#chat.resume();
    } else {
      if (this.#user !== null) draft.write(null);
      this.#user = user;
      this.#build();
    }
    if (this.#chat.conversation === null) this.#openLast();
    this.#conversations.show(user);
    this.#conversations.refresh();
    this.#todos.refresh();
  }

  async #signOut() {
    try {
      await call("POST", "/api/auth/logout");
    } catch (error) {
      if (!(error instanceof SessionEnded)) return this.#conversations.say(`You are still signed in. ${explain(error)}`);
    }
    draft.write(null);
    this.#user = this.#workspace = null;
    document.title = "Todo assistant";
    this.#askToSignIn({ message: "You are signed out." });
  }

  /** Back in this tab: another one may have changed the list, or the account. */
  async #onVisible() {
    if (document.hidden || this.dataset.state !== "signed-in") return;
    this.#todos.showDay();
    const user = await call("GET", "/api/auth/verify").catch(() => null);
    if (user === null || this.#user === null) return;
    if (user.id !== this.#user.id) return location.reload();
    this.#todos.refresh();
    this.#conversations.refresh();
  }

  // The panels

  #build() {
    this.#conversations = make("conversation-list", { id: "conversations", on: {
      "open-conversation": ({ detail }) => this.#open(detail),
      "new-conversation": () => this.#open(null),
      "sign-out": () => this.#signOut(),
      close: () => this.#showMenu(false),
    } });
    this.#chat = make("chat-panel", { id: "chat", on: {
      "conversation-opened": ({ detail }) => {
        lastConversation(this.#user.id).write(detail);
        this.#conversations.select(detail);
      },
      "conversations-changed": () => this.#conversations.refresh(),
      "todos-changed": () => this.#todos.refresh(),
    } });
    this.#todos = make("todo-list", { id: "todos", on: { counted: ({ detail }) => this.#showCount(detail) } });
    const title = make("h1", { class: "visually-hidden", text: "Todo assistant" });
    this.#workspace = make("main", { class: "workspace" }, title, this.#bar(), this.#conversations,
      make("div", { class: "backdrop", on: { click: () => this.#showMenu(false) } }), this.#chat, this.#todos);
    this.replaceChildren(this.#workspace);
    this.#showMenu(false);
    this.#showView("chat");
  }

  #bar() {
    this.#menu = button(() => this.#showMenu(true), { id: "menu", class: "round plain", "aria-label": "Conversations and account" }, icon("menu"));
    const views = [["chat", "Chat"], ["todos", "Todos"]].map(([view, text]) => button(() => this.#showView(view), { text, data: { view } }));
    return make("header", { class: "bar" }, this.#menu, make("div", { class: "views", role: "group", "aria-label": "View" }, ...views));
  }

  /** On a narrow screen one panel is seen at a time. */
  #showView(view) {
    this.dataset.view = view;
    for (const button of this.querySelectorAll(".views button")) button.setAttribute("aria-pressed", button.dataset.view === view);
  }

  #showMenu(isOpen) {
    const wasOpen = this.dataset.menu === "open";
    this.dataset.menu = isOpen ? "open" : "closed";
    this.#menu.setAttribute("aria-expanded", isOpen);
    if (isOpen) this.querySelector("#new-conversation").focus();
    else if (wasOpen) this.#menu.focus();
  }

  async #openLast() {
    const id = lastConversation(this.#user.id).read();
    if (id !== null) return this.#open(id);
    this.#chat.focusField();
  }

  /** Opens a conversation; null, or one that is gone, opens a new one. */
  async #open(id) {
    this.#showMenu(false);
    this.#showView("chat");
    if (id === null || !await this.#chat.open(id)) {
      lastConversation(this.#user.id).write(null);
      this.#chat.fresh();
    }
    this.#chat.focusField();
  }

  #showCount(count) {
    this.querySelector(".views [data-view=todos]").textContent = `Todos ${count || ""}`;
    document.title = `${count ? `(${count}) ` : ""}Todo assistant`;
  }
}
