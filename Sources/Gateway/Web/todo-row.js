import { dayInWords, parseDay, today } from "./days.js";
import { button, icon, make } from "./dom.js";

/** One todo as a line: a box to check it off, its title to rename, its day, and a way to delete it. */
export class TodoRow {
  #box = make("input", { type: "checkbox" });
  #title = button(() => this.#rename(), { class: "todo-title plain", dir: "auto" });
  #notes = make("p", { dir: "auto" });
  #number = make("span");
  #due = make("span", { class: "todo-due" });
  #delete;
  #change;

  /** `onChange(row, change)` is called with what the person changed, `onDelete(row)` when they delete it. */
  constructor(todo, isNew, onChange, onDelete) {
    this.#change = (change) => onChange(this, change);
    this.#box.addEventListener("change", () => this.#change({ completed: this.#box.checked }));
    this.#delete = button(() => onDelete(this), { class: "round plain todo-delete" }, icon("close"));
    this.element = make("li", { class: isNew ? "todo arrived" : "todo", data: { todo: todo.id } }, this.#box,
      make("div", { class: "todo-body" }, this.#title, make("div", { class: "note" }, this.#notes, this.#number, this.#due)), this.#delete);
    this.element.addEventListener("animationend", () => this.element.classList.remove("arrived"));
    this.show(todo);
  }

  /** The number of the day it is due, or null. */
  get day() {
    return parseDay(this.todo.due);
  }

  show(todo) {
    this.todo = todo;
    const { id, title, notes, completed } = todo;
    this.element.dataset.completed = completed;
    this.#box.checked = completed;
    this.#box.setAttribute("aria-label", `Done: ${title}`);
    this.#title.textContent = title;
    this.#title.setAttribute("aria-label", `Rename: ${title}`);
    this.#delete.setAttribute("aria-label", `Delete: ${title}`);
    this.#notes.textContent = notes ?? "";
    this.#number.textContent = `#${id}`;
    this.showDay();
  }

  /** Says anew when it is due, since words like tomorrow age. */
  showDay() {
    const { day } = this;
    const isOverdue = day !== null && day < today() && !this.todo.completed;
    this.element.classList.toggle("overdue", isOverdue);
    this.#due.textContent = day === null ? "" : `${isOverdue ? "Overdue: " : ""}${dayInWords(day)}`;
    this.#due.title = this.todo.due ?? "";
  }

  #rename() {
    const { title } = this.todo;
    const field = make("input", { class: "todo-edit", "aria-label": `New title for: ${title}`, dir: "auto" });
    const finish = (isKept, isByKey = true) => {
      field.onblur = null;
      field.replaceWith(this.#title);
      if (isByKey) this.#title.focus();
      const text = field.value.trim();
      if (isKept && text !== "" && text !== title) this.#change({ title: text });
    };
    field.value = title;
    field.onblur = () => finish(true, false);
    field.addEventListener("keydown", (event) => {
      if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
      // Else the same key press would open the title again.
      event.preventDefault();
      finish(event.key === "Enter");
    });
    this.#title.replaceWith(field);
    field.focus();
    field.select();
  }
}
