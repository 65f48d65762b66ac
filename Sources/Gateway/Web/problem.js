/** An answer that is not a success, as its problem document tells it (https://www.rfc-editor.org/rfc/rfc9457). */
export class Problem extends Error {
  constructor(response, body) {
    super(body?.detail || body?.title || `The server answered ${response.status}.`);
    this.status = response.status;
    this.fields = fieldMessages(body?.errors);
    this.retryAfter = seconds(response.headers.get("retry-after"));
  }
}

/** No answer came: the server is down or the network is. */
export class Unreachable extends Error {}

/** The session is over and could not be renewed. The page already shows the sign-in form when this is thrown. */
export class SessionEnded extends Error {}

/** What went wrong, in sentences that a person can act on. */
export function explain(error) {
  if (error instanceof SessionEnded) return "The session has ended, or the browser did not keep its cookie. Sign in again.";
  if (error instanceof Unreachable) return "The server cannot be reached. Check your connection and try again.";
  if (!(error instanceof Problem)) return "Something went wrong on this page. Reload it and try again.";
  const sentences = [sentence(error.message)];
  for (const [field, message] of error.fields) sentences.push(sentence(`${field.replaceAll("_", " ")}: ${message}`));
  if ([429, 503].includes(error.status)) sentences.push(`Try again ${waitInWords(error.retryAfter)}.`);
  return sentences.join(" ");
}

/** The text with a capital letter and a full stop. */
export function sentence(text) {
  const trimmed = String(text).trim();
  return trimmed.slice(0, 1).toUpperCase() + trimmed.slice(1) + (/[.!?\u2026]$/.test(trimmed) ? "" : ".");
}

function fieldMessages(errors) {
  // A path may be written email, /email, $.email or body.email.
  const name = (path) => String(path).split(/\W+/).filter(Boolean).at(-1) ?? "";
  return new Map((Array.isArray(errors) ? errors : []).map(({ path, message }) => [name(path), String(message)]));
}

function seconds(header) {
  if (/^\d+$/.test(header)) return Number(header);
  return header === null ? null : Math.ceil((Date.parse(header) - Date.now()) / 1000);
}

function waitInWords(seconds) {
  if (!(seconds > 1)) return "in a moment";
  return seconds < 120 ? `in ${seconds} seconds` : `in ${Math.ceil(seconds / 60)} minutes`;
}
