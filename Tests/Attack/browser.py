"""The page as a real browser shows it, and what a browser lets pages of other origins do."""

import json
from contextlib import contextmanager

from chromium import Chromium
from client import Client
from ground import PASSWORD, STORY, Address, Ground, Person, SlowStories
from listener import Listener
from places import free_port
from tls import certified

HTML = {
    "onerror": """<img src=x onerror="ran.push('onerror')">""",
    "script": "<script>ran.push('script')</script>",
    "onload": """<svg onload="ran.push('onload')"></svg>""",
    "ontoggle": """<details open ontoggle="ran.push('ontoggle')"><summary>more</summary></details>""",
    "srcdoc": """<iframe srcdoc="<script>parent.ran.push('srcdoc')</script>"></iframe>""",
    "link": """<a id="link" href="javascript:ran.push('link')">words</a>""",
    "/leak-image": '<img src="{listener}/leak-image">',
    "/leak-sheet": '<link rel="stylesheet" href="{listener}/leak-sheet">',
    "/leak-frame": '<iframe src="{listener}/leak-frame"></iframe>',
}
"""What each would do, in `ran` or as a request, on a page that takes text for markup."""

MARKDOWN = [
    "[words](javascript:ran.push('markdown'))",
    "[words](JaVaScRiPt&colon;ran.push('markdown'))",
    "[words](\tjavascript:ran.push('markdown'))",
    "[words](java\u0001script:ran.push('markdown'))",
    "[words](data:text/html,<script>opener.ran.push('markdown')</script>)",
    """[words](https://example.com/"onmouseover="ran.push('markdown'))""",
    "<javascript:ran.push('markdown')>",
    "![words]({listener}/leak-markdown)",
    "[![words]({listener}/leak-nested)]({listener}/leak-link)",
    '![words]({listener}/leak-titled "words")',
    "[words]: {listener}/leak-reference\n\n![words]",
]

COMING = "as it comes"

ACTIVE = """
const found = [];
for (const element of document.querySelectorAll("agent-app *")) {
  const name = element.localName;
  if (["img", "script", "iframe", "object", "embed", "link", "style", "base", "meta", "audio", "video", "template"].includes(name)) found.push(name);
  if (name === "svg" && !element.matches("button > .icon, .tool-mark > .icon")) found.push("svg");
  for (const { name: attribute, value } of element.attributes) {
    if (attribute.startsWith("on") || attribute === "srcdoc") found.push(`${name} ${attribute}`);
    if (!["href", "src", "action", "formaction", "xlink:href"].includes(attribute)) continue;
    if (!/^https?:$/.test(URL.parse(value, location)?.protocol)) found.push(`${name} ${attribute}=${value}`);
  }
}
return found;
"""
"""Elements and attributes of the page that could do something which the page itself does not mean to."""


@contextmanager
def known(ground: Ground, name: str, address: Address | None = None, environment: dict | None = None):
    """A gateway that a browser can open at its own address."""
    own = ground.beside(name, environment, address=address or Address(free_port()))
    try:
        yield own
        if faults := own.is_alive():
            raise AssertionError(faults)
    finally:
        own.end()


def test_r005_signing_out_leaves_no_cookie_in_the_jar(ground: Ground, person: Person) -> list[str]:
    """In clear, and over TLS with the names that only there are taken."""
    faults = []
    for address in [Address(free_port()), certified(ground.folder / "browser-certificates")]:
        with known(ground, f"cookies-{address.url[:5]}", address) as own, Chromium() as chromium:
            faults += [f"{address.url}: {fault}" for fault in signed_in_and_out(own, chromium, own.person())]
    return faults


def signed_in_and_out(own: Ground, chromium: Chromium, person: Person) -> list[str]:
    is_secure = own.url.startswith("https")
    chromium.sign_in(own.url, person.email, PASSWORD)
    cookies = {cookie["name"]: cookie for cookie in chromium.cookies()}
    names = {"__Host-agent", "__Secure-agent-refresh"} if is_secure else {"agent", "agent-refresh"}
    faults = [] if set(cookies) == names else [f"signed in it keeps {set(cookies)}, not {names}"]
    for name, cookie in cookies.items():
        kept = (cookie["httpOnly"], cookie.get("sameSite"), cookie["secure"], cookie["session"])
        if kept != (True, "Lax", is_secure, False):
            faults.append(f"{name} is kept with HttpOnly, SameSite, Secure, session: {kept}")
    if read := chromium.run("return document.cookie"):
        faults.append(f"a script reads {read}")
    session = {name: cookie["value"] for name, cookie in cookies.items()}
    if (status := verified(own, session)) != 200:
        faults.append(f"the cookies of the jar are answered {status} while signed in")
    chromium.find("#sign-out").click()
    chromium.until_state("signed-out")
    if left := [cookie["name"] for cookie in chromium.cookies()]:
        faults.append(f"signed out it still keeps {left}")
    if (status := verified(own, session)) != 401:
        faults.append(f"the cookies that were there are answered {status} after signing out")
    chromium.open(own.url)
    chromium.until_state("signed-out")
    return faults


def verified(own: Ground, cookies: dict) -> int:
    access = {name: value for name, value in cookies.items() if "refresh" not in name}
    return Client([own.url], access, origin=own.address.origin, trust=own.address.trust).call("GET", "/api/auth/verify")[0]


class Repeating(SlowStories):
    """A model that says what it was told to, in its reasoning, its calls and its answer, a few characters at a time."""

    def __init__(self, text: str, titles: list[str]):
        super().__init__(pause=0)
        self.text, self.titles = text, titles

    def answer(self, turn: int, number: int, message: str):
        if message == STORY:
            yield from super().answer(turn, number, message)
            return
        for field in ["reasoning_content", "content"]:
            for start in range(0, len(self.text), 11):
                yield {field: self.text[start : start + 11]}, None
        calls = [("add_todo", {"title": title, "notes": self.text[:900]}) for title in self.titles[:3]] + [("list_todos", {})] if turn == 1 else []
        for index, (name, arguments) in enumerate(calls):
            function = {"name": name, "arguments": json.dumps(arguments)}
            yield {"tool_calls": [{"index": index, "id": f"call_{number}_{index}", "type": "function", "function": function}]}, None
        yield {}, "tool_calls" if calls else "stop"


def test_r089_what_people_and_models_write_is_text_to_the_page(ground: Ground, person: Person) -> list[str]:
    """As todos, messages, reasoning, calls, their output, answers and names; while it comes, and as it is stored."""
    with Listener() as listener, known(ground, "markup") as own, Chromium() as chromium:
        html = {name: text.replace("{listener}", listener.url()) for name, text in HTML.items()}
        faults = control(chromium, listener, html)
        titles = [*html.values(), *(text.replace("{listener}", listener.url()).split("\n")[0] for text in MARKDOWN)]
        titles = [title.replace("\t", "").replace("\u0001", "") for title in titles]
        text = "\n\n".join([*html.values(), *MARKDOWN]).replace("{listener}", listener.url())
        own.models.play("attack", Repeating(text, titles))
        person = Person(own.url, "marked", own.address.origin)
        person.expect(200, "GET", "/api/auth/verify")
        for title in titles:
            person.expect(201, "POST", "/api/todos", {"title": title, "notes": text[:900]})
        person.expect(201, "POST", "/api/tokens", {"name": html["onerror"]})
        chromium.sign_in(own.url, person.email, PASSWORD)
        chromium.say(text.replace("\u0001", ""))
        faults += harmless(COMING, chromium, listener, html, titles)
        chromium.open(own.url)
        chromium.until_state("signed-in")
        chromium.until_answered()
        faults += harmless("as it is stored", chromium, listener, html, titles)
        if faults:
            chromium.screenshot(own.folder / "markup.png")
        return faults


def control(chromium: Chromium, listener: Listener, html: dict[str, str]) -> list[str]:
    """That each of these texts would be noticed: on a page without protection all of them work."""
    listener.pages["/unprotected"] = "<!DOCTYPE html>" + "".join(html.values())
    chromium.open(listener.url("/unprotected"))
    chromium.run("document.querySelector('#link').click()")
    scripts = [name for name in html if not name.startswith("/")]
    chromium.until("all that is hostile works", "return arguments[0].every((name) => ran.includes(name))", scripts)
    faults = [f"{name} is not asked for by a page without protection" for name in html if name.startswith("/") and f"GET {name}" not in listener.asked]
    listener.asked.clear()
    chromium.refusals()
    return faults


def harmless(when: str, chromium: Chromium, listener: Listener, html: dict[str, str], titles: list[str]) -> list[str]:
    """Everything is shown, and nothing of it does anything. Of a stored answer there is no reasoning."""
    chromium.find("#open-tokens").click()
    chromium.until("the tokens are shown", "return document.querySelector('#tokens li') !== null")
    chromium.run("document.querySelector('#tokens').close(); for (const details of document.querySelectorAll('details')) details.open = true")
    chromium.until("the todos are shown", "return document.querySelectorAll('#todos-open li').length >= arguments[0]", len(titles) + 3)
    faults = [f"ran: {name}" for name in chromium.run("return ran")]
    faults += [f"the policy had to stop {violation}" for violation in chromium.run("return violations") + chromium.refusals()]
    faults += [f"asked for: {request}" for request in listener.asked]
    faults += [f"active: {element}" for element in chromium.run(ACTIVE)]
    shown = chromium.texts("#todos-open .todo-title")
    faults += [f"no todo is shown as {title}" for title in titles if title not in shown]
    reasoning = [".parts > details.note .text"] if when == COMING else []
    for place in ["[data-role=user] span", ".parts > .text:last-child", ".todo .note p", *reasoning]:
        text = "".join(chromium.texts(place))
        faults += [f"{place} does not show {one}" for one in list(html.values())[:3] if one not in text]
    for place in ["[data-tool=add_todo] .tool-body", "[data-tool=list_todos] .tool-body"]:
        text = "".join(chromium.texts(place))
        faults += [f"{place} does not show {one}" for one in list(html.values())[:3] if json.dumps(one)[1:-1] not in text]
    for place in ["#tokens li", "[data-conversation]"]:
        if html["onerror"] not in "".join(chromium.texts(place)):
            faults.append(f"{place} does not show {html['onerror']}")
    return [f"{when}: {fault}" for fault in faults]


BREAK_OUT = """
const [listener, done] = arguments;
const put = (name, attributes, text = "") => document.body.append(Object.assign(document.createElement(name), attributes, { textContent: text }));
put("script", {}, "ran.push('an inline script')");
put("script", { src: `${listener}/script` });
put("style", {}, "body { --applied: yes }");
put("img", { src: `${listener}/image` });
put("iframe", { src: `${listener}/frame` });
put("object", { data: `${listener}/object` });
put("a", { id: "out", href: "javascript:ran.push('a javascript: link')" });
document.querySelector("#out").click();
document.body.insertAdjacentHTML("beforeend", `<p onclick="ran.push('an inline listener')"></p>`);
document.body.lastChild.click();
document.head.insertAdjacentHTML("beforeend", `<base href="${listener}/">`);
// Later, for what a driver itself runs may do so.
setTimeout(() => { try { ran.push(eval("'eval'")); } catch {} });
if (getComputedStyle(document.body).getPropertyValue("--applied")) ran.push("an inline style");
if (document.baseURI.startsWith(listener)) ran.push("another base");
const form = Object.assign(document.createElement("form"), { action: `${listener}/form`, method: "post", target: "elsewhere" });
document.body.append(form);
form.submit();
new Worker(URL.createObjectURL(new Blob(["0"]))).onerror = () => {};
fetch(`${listener}/fetch`, { mode: "no-cors" }).then(() => ran.push("fetch"), () => {}).finally(() => setTimeout(done, 500));
"""
"""What somebody tries who could put markup into the page after all."""

STOPPED = {"script-src-elem inline", "script-src-attr inline", "style-src-elem inline", "script-src eval", "base-uri", "img-src", "frame-src", "object-src",
           "form-action", "connect-src", "script-src-elem", "worker-src"}


def test_r071_the_policy_of_the_page_holds_in_a_browser(ground: Ground, person: Person) -> list[str]:
    """Nothing inline runs and nothing of elsewhere is loaded or sent to, and no other page may frame it."""
    with Listener() as listener, known(ground, "policy") as own, Chromium() as chromium:
        chromium.open(own.url)
        chromium.until_state("signed-out")
        chromium.driver.execute_async_script(BREAK_OUT, listener.url())
        faults = [f"it lets through {name}" for name in chromium.run("return ran")]
        violations = chromium.run("return violations")
        noticed = {violation.split()[0] for violation in violations} | set(violations)
        faults += [f"it does not report {name}: {sorted(violations)}" for name in sorted(STOPPED - noticed)]
        faults += [f"it lets through {request}" for request in listener.asked]
        listener.pages["/frame-it"] = f'<!DOCTYPE html><iframe src="{own.url}"></iframe>'
        chromium.open(listener.url("/frame-it"))
        if not any("frame-ancestors" in line for line in chromium.refusals()):
            faults.append("another page may frame it")
        return faults


ASK = """
const [url, options, done] = arguments;
fetch(url, options).then(async (response) => done([response.type, response.status, await response.text()]), (error) => done(["refused", 0, String(error)]));
"""


def asked(chromium: Chromium, url: str, method: str = "GET", body: dict | None = None, **options) -> tuple[str, int, str]:
    """What the page that is open gets to see of it: the type of the answer, its status and its body."""
    fields = {"content-type": "application/json", "idempotency-key": "of-a-page"} if body is not None and "mode" not in options else {}
    wanted = {"method": method, "credentials": "include", "headers": fields} | ({"body": json.dumps(body)} if body is not None else {}) | options
    return tuple(chromium.driver.execute_async_script(ASK, url, wanted))


def test_r038_r041_pages_of_other_origins_may_what_they_were_allowed(ground: Ground, person: Person) -> list[str]:
    """The cookies go along from every port of this machine, so it is the origin alone that tells one page from another."""
    with Listener() as listed, Listener() as unlisted:
        for listener in (listed, unlisted):
            listener.pages["/page"] = "<!DOCTYPE html><title>A page of somebody else's</title>"
        with known(ground, "origins", environment={"AGENT_ALLOWED_ORIGINS": listed.url()}) as own, Chromium() as chromium:
            person = own.person()
            first = person.expect(201, "POST", "/api/todos", {"title": "of the person"})["id"]
            chromium.sign_in(own.url, person.email, PASSWORD)
            chromium.open(listed.url("/page"))
            faults = allowed(chromium, own)
            # One of the same site, with which cookies go along, and one of another.
            for page in [unlisted.url("/page"), unlisted.url("/page", host="localhost"), listed.url("/page", host="localhost")]:
                chromium.open(page)
                faults += [f"{page}: {fault}" for fault in refused(chromium, own, first)]
            titles = [todo["title"] for todo in person.expect(200, "GET", "/api/todos")["data"]]
            if titles != ["of the person", "changed by the page"]:
                faults.append(f"in the end there are the todos {titles}")
            chromium.open(own.url)
            if (state := chromium.state()) != "signed-in":
                faults.append(f"in the end the person is {state}")
            return faults


def allowed(chromium: Chromium, own: Ground) -> list[str]:
    """A page that is listed reads and writes, also what needs a preflight."""
    kind, status, text = asked(chromium, own.url + "/api/todos")
    faults = [] if (kind, status) == ("cors", 200) and "of the person" in text else [f"a listed page that reads gets {kind} {status} {text}"]
    kind, status, text = asked(chromium, own.url + "/api/todos", "POST", {"title": "of the page"})
    if (kind, status) != ("cors", 201):
        return [*faults, f"a listed page that writes gets {kind} {status} {text}"]
    todo = f"{own.url}/api/todos/{json.loads(text)['id']}"
    kind, status, text = asked(chromium, todo, "PATCH", {"title": "changed by the page"})
    if (kind, status) != ("cors", 200) or json.loads(text)["title"] != "changed by the page":
        faults.append(f"a listed page that changes gets {kind} {status} {text}")
    kind, status, text = asked(chromium, todo, "PATCH", {"title": "with a header of its own"}, headers={"content-type": "application/json", "x-own": "1"})
    if kind != "refused":
        faults.append(f"a header that is not allowed gets {kind} {status} {text}")
    # Without the cookies there is nothing of the person's, and that is readable too.
    kind, status, text = asked(chromium, own.url + "/api/todos", credentials="omit")
    return faults if (kind, status) == ("cors", 401) else [*faults, f"without cookies a listed page gets {kind} {status} {text}"]


def refused(chromium: Chromium, own: Ground, todo: int) -> list[str]:
    """A page that is not listed sees nothing, and what it sends has no effect, preflighted or not."""
    faults, title = [], {"title": "of a stranger"}
    for path, method, body, options in [
        ("/api/todos", "GET", None, {}),
        ("/api/todos", "GET", None, {"mode": "no-cors"}),
        ("/api/auth/verify", "GET", None, {}),
        ("/api/todos", "POST", title, {}),
        ("/api/todos", "POST", title, {"mode": "no-cors"}),
        ("/api/chat", "POST", {"message": "Hello", "time_zone": "UTC"}, {"mode": "no-cors"}),
        (f"/api/todos/{todo}", "PATCH", title, {}),
        (f"/api/todos/{todo}", "DELETE", None, {}),
        ("/api/auth/logout", "POST", None, {}),
        ("/api/auth/logout", "POST", None, {"mode": "no-cors"}),
    ]:
        kind, status, text = asked(chromium, own.url + path, method, body, **options)
        # Not even an answer that it could not look into.
        if kind != "refused":
            faults.append(f"{method} {path} {options} gets {kind} {status} {text}")
    # A form is sent by the browser without asking anybody, and opens the answer.
    chromium.run(
        "const form = Object.assign(document.createElement('form'), { action: arguments[0], method: 'post', enctype: 'text/plain' });"
        "form.append(Object.assign(document.createElement('input'), { name: arguments[1], value: '\"}' })); document.body.append(form); form.submit()",
        own.url + "/api/todos", '{"title": "of a form", "notes": "')
    shown = chromium.until("the answer to the form is open", "return location.origin === arguments[0] && document.body?.textContent", own.url)
    return faults if '"status":403' in shown.replace(" ", "") else [*faults, f"a form is answered {shown}"]
