/** Makes an element from attributes, its `text`, listeners (`on`), a dataset (`data`) and children. Nothing is ever read as HTML. */
export function make(tag, { text = "", on = {}, data = {}, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null) element.setAttribute(name, value === true ? "" : value);
  }
  Object.assign(element.dataset, data);
  for (const [name, listener] of Object.entries(on)) element.addEventListener(name, listener);
  element.append(...(text === "" ? children : [text, ...children]));
  return element;
}

export function button(onClick, attributes, ...children) {
  return make("button", { type: "button", on: { click: onClick }, ...attributes }, ...children);
}

const drawings = {
  add: "M12 5v14M5 12h14",
  again: "M5 12a7 7 0 1 0 2.5-5.4M5 4v4h4",
  close: "M6 6l12 12M18 6L6 18",
  edit: "M5 19l1-4L16 5l3 3L9 18z",
  down: "M12 5v14M6 13l6 6 6-6",
  menu: "M4 7h16M4 12h16M4 17h16",
  send: "M12 19V5M6 11l6-6 6 6",
  stop: "M8 8h8v8H8z",
  ok: "M5 12.5l4.5 4.5L19 7.5",
  warning: "M12 7v6M12 16.5v.5",
};

/** A small line drawing that assistive technology passes over: the control beside it has the words. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const attributes = { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  svg.appendChild(document.createElementNS(space, "path")).setAttribute("d", drawings[name]);
  return svg;
}

/** Whether the person most likely types on glass: there the keyboard must not jump up by itself, and Enter starts a new line. */
export function isTouch() {
  return matchMedia("(pointer: coarse)").matches;
}
