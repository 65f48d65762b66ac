import { make } from "./dom.js";

/**
 * Shows text as light Markdown: paragraphs, headings, lists, code, bold, emphasis and links. It is built from elements and text only, so
 * markup in the text stays text. Called again with longer text it keeps the blocks that did not change.
 */
export function showMarkdown(container, text) {
  const blocks = parseBlocks(text);
  const shown = container.shownBlocks ?? [];
  let same = 0;
  while (same < blocks.length && shown[same] === source(blocks[same])) same += 1;
  while (container.childNodes.length > same) container.lastChild.remove();
  container.append(...blocks.slice(same).map(render));
  container.shownBlocks = blocks.map(source);
}

const fence = /^ {0,3}(```|~~~)/;
const heading = /^ {0,3}#{1,6}\s+/;
const item = /^(\s*)([-*+]|\d{1,9}[.)])\s+/;

/** The blocks of a text: `{kind, lines}`. */
function parseBlocks(text) {
  const blocks = [];
  let open = null;
  let closing = null;
  const add = (kind, line) => {
    if (open?.kind !== kind) blocks.push(open = { kind, lines: [] });
    open.lines.push(line);
  };
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (closing !== null) {
      if (line.trim() === closing) open = closing = null;
      else open.lines.push(line);
    } else if (fence.test(line)) {
      closing = fence.exec(line)[1];
      blocks.push(open = { kind: "code", lines: [] });
    } else if (line.trim() === "") {
      // Items with empty lines between them are one list.
      if (!isList(open)) open = null;
    } else if (heading.test(line)) {
      blocks.push({ kind: "heading", lines: [line.replace(heading, "")] });
      open = null;
    } else if (item.test(line)) {
      add(/^\s*\d/.test(line) ? "ol" : "ul", line);
    } else if (isList(open) && /^\s/.test(line)) {
      open.lines.push(`${open.lines.pop()} ${line.trim()}`);
    } else {
      add("paragraph", line);
    }
  }
  return blocks;
}

function isList(block) {
  return ["ol", "ul"].includes(block?.kind);
}

function source({ kind, lines }) {
  return `${kind}\n${lines.join("\n")}`;
}

function render({ kind, lines }) {
  if (kind === "code") return make("pre", { tabindex: "0" }, make("code", { text: lines.join("\n") }));
  if (isList({ kind })) return make(kind, { start: parseInt(lines[0], 10) || 1 }, ...lines.map(renderItem));
  return make("p", { dir: "auto", class: kind }, ...inline(lines.join("\n")));
}

function renderItem(line) {
  const [mark, indent] = item.exec(line);
  const element = make("li", { dir: "auto" }, ...inline(line.slice(mark.length)));
  element.style.marginInlineStart = `${Math.min(indent.length, 12) / 2}rem`;
  return element;
}

/** The nodes of a line. Where each mark comes next is remembered, so that no text makes this slow. */
function inline(text, depth = 0) {
  const nodes = [];
  const next = new Map();
  let plain = "";
  let at = 0;
  const find = (mark, from) => {
    const known = next.get(mark);
    if (known !== undefined && (known < 0 || known >= from)) return known;
    next.set(mark, text.indexOf(mark, from));
    return next.get(mark);
  };
  while (at < text.length) {
    const span = depth < 4 ? spanAt(text, at, find) : null;
    if (span === null) {
      plain += text[at];
      at += 1;
      continue;
    }
    const inside = span.isPlain ? [span.inside] : inline(span.inside, depth + 1);
    nodes.push(plain, make(span.tag, span.attributes, ...inside));
    plain = "";
    at = span.end;
  }
  return [...nodes, plain].filter((node) => node !== "");
}

function spanAt(text, at, find) {
  if (text[at] === "`") {
    const end = find("`", at + 1);
    return end > at + 1 ? { tag: "code", isPlain: true, inside: text.slice(at + 1, end), end: end + 1 } : null;
  }
  if (text[at] === "[") return linkAt(text, at, find);
  if (text[at] === "h" && !/\w/.test(text[at - 1] ?? "")) return addressAt(text, at);
  if (text[at] !== "*") return null;
  const [mark, tag] = text[at + 1] === "*" ? ["**", "strong"] : ["*", "em"];
  const from = at + mark.length;
  const end = find(mark, from + 1);
  if (end < 0 || /\s/.test(text[from] + text[end - 1])) return null;
  return { tag, inside: text.slice(from, end), end: end + mark.length };
}

/** `[words](address)`; an image becomes a link too, for loading it would tell its server who reads this. */
function linkAt(text, at, find) {
  const middle = find("](", at + 1);
  const end = middle < 0 ? -1 : find(")", middle + 2);
  if (end < 0 || end - at > 4000) return null;
  const attributes = linkAttributes(text.slice(middle + 2, end).trim().split(/\s/)[0]);
  return attributes === null ? null : { tag: "a", attributes, inside: text.slice(at + 1, middle) || attributes.href, end: end + 1 };
}

function addressAt(text, at) {
  const match = /^https?:\/\/[^\s<>"'`]{1,2000}/.exec(text.slice(at, at + 2010));
  const address = match?.[0].replace(/[.,;:!?)\]*_]+$/, "") ?? "";
  const attributes = linkAttributes(address);
  return attributes === null ? null : { tag: "a", attributes, isPlain: true, inside: address, end: at + address.length };
}

function linkAttributes(address) {
  const url = URL.canParse(address) ? new URL(address) : null;
  return /^https?:$/.test(url?.protocol) ? { href: url.href, rel: "noopener noreferrer", target: "_blank" } : null;
}
