import { call } from "./api.js";
import { button, make } from "./dom.js";
import { explain, sentence } from "./problem.js";

const modes = {
  "sign-in": { title: "Sign in", path: "/api/auth/login", question: "New here?", other: "register" },
  register: { title: "Create an account", path: "/api/auth/register", question: "Already have an account?", other: "sign-in" },
};

/** Signs a person in or registers them. Sends `signed-in` (detail: user). */
export class SignIn extends HTMLElement {
  #mode = "sign-in";
  #title = make("h1", { id: "auth-title" });
  #message = make("p", { id: "auth-message", role: "alert" });
  #submit = make("button", { id: "auth-submit", class: "primary wide" });
  #question = make("span");
  #switch = button(() => this.#show(modes[this.#mode].other), { id: "auth-switch", class: "link" });
  #fields = [
    new Field("name", "Name", { autocomplete: "name" }),
    new Field("email", "Email", { type: "email", autocomplete: "username", autocapitalize: "none" }),
    new Field("password", "Password", { type: "password" }, "At least 12 characters. A few words in a row are long and easy to remember."),
    new Field("new_password", "New password", { type: "password", autocomplete: "new-password" }, "The password that you were given is good once."),
  ];

  connectedCallback() {
    const form = make("form", { id: "auth-form", novalidate: true, method: "post", "aria-labelledby": "auth-title" },
      make("p", { class: "brand", text: "Todo assistant" }), this.#title, this.#message, ...this.#fields.map((field) => field.element), this.#submit,
      make("p", { class: "switch" }, this.#question, " ", this.#switch));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.append(make("main", {}, form));
    this.#show("sign-in");
  }

  /** Opens the form, with a sentence above it if there is something to say. */
  begin({ message = "", email = "" } = {}) {
    this.#fields[1].input.value = email;
    this.#message.textContent = message;
    this.#focus();
  }

  get #shown() {
    return this.#fields.filter((field) => !field.element.hidden);
  }

  #show(mode) {
    this.#mode = mode;
    const isNew = mode === "register";
    const [name, , password, newPassword] = this.#fields;
    this.firstChild.firstChild.dataset.mode = mode;
    this.#title.textContent = this.#submit.textContent = modes[mode].title;
    this.#question.textContent = modes[mode].question;
    this.#switch.textContent = modes[modes[mode].other].title;
    name.element.hidden = password.hint.hidden = !isNew;
    newPassword.element.hidden = true;
    password.input.autocomplete = isNew ? "new-password" : "current-password";
    this.#clear();
    this.#focus();
  }

  #clear() {
    this.#message.textContent = "";
    for (const field of this.#fields) field.fault("");
  }

  async #send() {
    this.#clear();
    const body = Object.fromEntries(this.#shown.map(({ name, input }) => [name, name.endsWith("password") ? input.value : input.value.trim()]));
    this.#submit.disabled = true;
    try {
      await call("POST", modes[this.#mode].path, { body, renews: false });
      this.dispatchEvent(new CustomEvent("signed-in", { detail: await call("GET", "/api/auth/verify") }));
    } catch (error) {
      this.#explain(error);
    } finally {
      this.#submit.disabled = false;
    }
  }

  /** Each fault at its field, everything else above the form. */
  #explain(error) {
    // A password that is good once is exchanged as one signs in.
    if (error.fields?.has("new_password")) this.#fields[3].element.hidden = false;
    const faulty = this.#shown.filter((field) => error.fields?.has(field.name));
    for (const field of faulty) field.fault(sentence(error.fields.get(field.name)));
    if (faulty.length === 0 || faulty.length < error.fields.size) this.#message.textContent = explain(error);
    faulty[0]?.input.focus();
  }

  #focus() {
    (this.#shown.find(({ input }) => input.value === "") ?? this.#shown.at(-1)).input.focus();
  }
}

class Field {
  #fault;

  constructor(name, label, attributes, hint = "") {
    const id = `auth-${name}`;
    this.name = name;
    this.input = make("input", { id, name, required: true, "aria-describedby": `${id}-hint ${id}-fault`, ...attributes });
    this.hint = make("p", { id: `${id}-hint`, class: "hint", text: hint });
    this.#fault = make("p", { id: `${id}-fault`, class: "fault" });
    this.element = make("div", { class: "field" }, make("label", { for: id, text: label }), this.input, this.hint, this.#fault);
  }

  /** Shows what is wrong; nothing when empty. */
  fault(text) {
    this.#fault.textContent = text;
    this.input.setAttribute("aria-invalid", String(text !== ""));
  }
}
