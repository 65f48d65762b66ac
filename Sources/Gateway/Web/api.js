import { Problem, SessionEnded, Unreachable } from "./problem.js";

/** Sends `ended` when a request found the session over and it could not be renewed. */
export const session = new EventTarget();

let refreshing = null;

/**
 * One request to this origin. An expired access token is renewed once and the request sent again.
 * Throws `Problem`, `Unreachable`, `SessionEnded` or, when `signal` is aborted, an `AbortError`.
 */
export async function request(method, path, { body, headers, signal, renews = true } = {}) {
  const options = { method, headers: { ...headers }, signal };
  if (body !== undefined) {
    options.headers["content-type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let response = await send(path, options);
  if (response.status === 401 && renews) {
    // One renewal serves all requests that wait for it.
    refreshing ??= refresh().finally(() => { refreshing = null; });
    if (await refreshing) response = await send(path, options);
    if (response.status === 401) {
      session.dispatchEvent(new Event("ended"));
      throw new SessionEnded();
    }
  }
  if (!response.ok) throw await problem(response);
  return response;
}

/** Like `request`, for answers in JSON; undefined when there is no body. */
export async function call(method, path, options) {
  const response = await request(method, path, options);
  let text;
  try {
    text = await response.text();
  } catch (error) {
    throw error.name === "AbortError" ? error : new Unreachable();
  }
  return text === "" ? undefined : JSON.parse(text);
}

/** One page of a list: `{data, has_more, after}`. */
export function page(path, limit, after) {
  return call("GET", `${path}?limit=${limit}${after === undefined ? "" : `&after=${encodeURIComponent(after)}`}`);
}

async function send(path, options) {
  try {
    return await fetch(path, { credentials: "same-origin", cache: "no-store", redirect: "error", ...options });
  } catch (error) {
    throw error.name === "AbortError" ? error : new Unreachable();
  }
}

async function refresh() {
  const response = await send("/api/auth/refresh", { method: "POST" });
  if (response.status === 429 || response.status >= 500) throw await problem(response);
  return response.ok;
}

async function problem(response) {
  // Without a document the status alone has to do.
  return new Problem(response, await response.json().catch(() => null));
}
