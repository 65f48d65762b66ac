import { call, page } from "./api.js";
import { icon, make } from "./dom.js";
import { SessionEnded, explain } from "./problem.js";
import { TodoRow } from "./todo-row.js";

/** The person's todos. Sends `counted` (detail: how many are open). */
export class TodoList extends HTMLElement {
  #field = make("input", { id: "todo-title", placeholder: "Add a todo", autocomplete: "off", enterkeyhint: "done" });
  #notice = make("p", { id: "todo-notice", class: "fault", role: "alert" });
  #count = make("span", { class: "note" });
  #empty = make("p", { class: "note", id: "todos-empty", hidden: true });
  #open = make("ul", { id: "todos-open", "aria-label": "Open todos" });
  #done = make("ul", { id: "todos-done", "aria-label": "Done todos" });
  #doneCount = make("span", { class: "note" });
  #doneGroup = make("details", { hidden: true }, make("summary", {}, "Done ", this.#doneCount), this.#done);
  #rows = new Map();
  #isLoaded = false;
  #isLoading = false;
  #isStale = false;
  #edits = 0;
  #adding = null;

  connectedCallback() {
    if (this.firstChild !== null) return;
    const form = make("form", { id: "todo-add" }, make("label", { class: "visually-hidden", for: "todo-title", text: "New todo" }), this.#field,
      make("button", { class: "round", "aria-label": "Add the todo" }, icon("add")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#add();
    });
    this.append(make("section", { "aria-labelledby": "todos-heading" }, make("h2", { id: "todos-heading", class: "brand" }, "Todos ", this.#count),
      form, this.#notice, make("div", { class: "scroll" }, this.#empty, this.#open, this.#doneGroup)));
  }

  /** Takes the list from the server. Calls while it is loading become one more load at the end. */
  async refresh() {
    this.#isStale = true;
    if (this.#isLoading) return;
    this.#isLoading = true;
    await this.#attempt("The list could not be loaded.", async () => {
      while (this.#isStale) {
        this.#isStale = false;
        const edits = this.#edits;
        const todos = await everyTodo();
        // What was loaded while the person changed something may be older than the change.
        if (edits === this.#edits) this.#show(todos);
        else this.#isStale = true;
      }
    });
    this.#isLoading = false;
  }

  /** Says anew when the todos are due, for the day may have changed. */
  showDay() {
    for (const row of this.#rows.values()) row.showDay();
  }

  #show(todos) {
    const ids = new Set(todos.map((todo) => todo.id));
    for (const [id, row] of this.#rows) {
      if (!ids.has(id)) this.#remove(row);
    }
    for (const todo of todos) this.#put(todo);
    this.#isLoaded = true;
    this.#arrange();
  }

  #put(todo) {
    const known = this.#rows.get(todo.id);
    if (known !== undefined) return known.show(todo);
    this.#rows.set(todo.id, new TodoRow(todo, this.#isLoaded, (row, change) => this.#change(row, change), (row) => this.#delete(row)));
  }

  #remove(row) {
    const hadFocus = row.element.contains(document.activeElement);
    const next = row.element.nextElementSibling ?? row.element.previousElementSibling;
    this.#rows.delete(row.todo.id);
    row.element.remove();
    if (hadFocus) this.#focus(next);
  }

  /** Open ones by day, those without a day after them; done ones newest first. Rows that stay where they are are not touched. */
  #arrange() {
    const focused = this.contains(document.activeElement) ? document.activeElement : null;
    const rows = [...this.#rows.values()].sort((a, b) => (a.day ?? Infinity) - (b.day ?? Infinity) || a.todo.id - b.todo.id);
    const open = rows.filter((row) => !row.todo.completed);
    const done = rows.filter((row) => row.todo.completed).sort((a, b) => (a.todo.updated_at < b.todo.updated_at ? 1 : -1));
    place(this.#open, open);
    place(this.#done, done);
    this.#count.textContent = open.length || "";
    this.#doneCount.textContent = done.length;
    this.#doneGroup.hidden = done.length === 0;
    this.#empty.hidden = open.length > 0;
    this.#empty.textContent = done.length > 0 ? "All done." : "Nothing here yet. Add a todo above, or ask the assistant.";
    focused?.focus();
    if (focused !== null && document.activeElement !== focused) this.#focus(this.#open.firstElementChild);
    this.dispatchEvent(new CustomEvent("counted", { detail: open.length }));
  }

  #focus(row) {
    (row?.querySelector("input") ?? this.#field).focus();
  }

  #add() {
    const title = this.#field.value.trim();
    if (title === "") return;
    // The same text sent again after a lost connection must not become two todos.
    if (this.#adding?.title !== title) this.#adding = { title, key: crypto.randomUUID() };
    return this.#attempt("It was not added.", async () => {
      const todo = await call("POST", "/api/todos", { body: { title }, headers: { "idempotency-key": this.#adding.key } });
      this.#adding = null;
      if (this.#field.value.trim() === title) this.#field.value = "";
      this.#put(todo);
    });
  }

  async #change(row, change) {
    const before = row.todo;
    row.show({ ...before, ...change });
    const isKept = await this.#attempt("The change was not kept.", async () => {
      this.#put(await call("PATCH", `/api/todos/${before.id}`, { body: change }));
    });
    if (!isKept) row.show(before);
  }

  #delete(row) {
    return this.#attempt("It was not deleted.", async () => {
      await call("DELETE", `/api/todos/${row.todo.id}`);
      this.#remove(row);
    });
  }

  /** Does it and says so if it failed. Resolves to whether it worked. */
  async #attempt(failure, action) {
    try {
      this.#edits += 1;
      await action();
      this.#edits += 1;
      this.#notice.textContent = "";
      this.#arrange();
      return true;
    } catch (error) {
      if (!(error instanceof SessionEnded)) this.#notice.textContent = `${failure} ${explain(error)}`;
      if (error.status === 404) this.refresh();
      return false;
    }
  }
}

async function everyTodo() {
  const todos = [];
  let after;
  do {
    const { data, has_more: hasMore, after: next } = await page("/api/todos", 100, after);
    todos.push(...data);
    after = hasMore ? next : undefined;
  } while (after !== undefined);
  return todos;
}

function place(list, rows) {
  for (const [index, { element }] of rows.entries()) {
    if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
  }
}
