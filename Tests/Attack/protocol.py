"""HTTP that is wrong, too much, or meant to be read differently by different servers. Each must be refused, and harm nobody else."""

import time

from ground import Ground, Person
from nginx import Nginx
from places import free_port
from wire import HOST, Wire, request

FOLLOWER = request("POST", "/api/auth/logout", "Content-Length: 0")
"""What hides behind a bad request: it must never be answered."""


def refused(ground: Ground, name: str, data: bytes, statuses: set[int], closes: bool = True, within: float = 5) -> list[str]:
    """Sends it with another request behind it. It must be answered once, with one of these, and end the connection."""
    with Wire(ground.url) as wire:
        wire.send(data + FOLLOWER)
        answers = wire.answers(2, within=within if closes else 1)
        faults = []
        if len(answers) > 1 and closes:
            faults.append(f"{name}: the request behind it was answered: {[answer.status for answer in answers]}")
        if not answers:
            faults.append(f"{name}: no answer" + (", and the connection was closed" if wire.closed_at else ""))
        elif answers[0].status not in statuses:
            faults.append(f"{name}: {answers[0].status}, not {sorted(statuses)}")
        if closes and not wire.is_closed(within):
            faults.append(f"{name}: the connection is still open")
    return faults


def first(ground: Ground, data: bytes, within: float = 5) -> int | None:
    """The status of the answer."""
    with Wire(ground.url) as wire:
        wire.send(data)
        answers = wire.answers(within=within)
        return answers[0].status if answers else None


def test_r060_bad_percent_encoding_and_odd_paths_are_refused(ground: Ground, person: Person) -> list[str]:
    long = "a" * 100_000
    paths = [
        "/api/todos/%", "/api/todos/%zz", "/api/todos/%00", "/api/todos/1%2f..%2f2", "/api//todos//1", "/api/./todos/./1", "/api/todos/1%",
        "/api/conversations/%ff%fe", "/api/conversations/%2e%2e%2ftodos", "/api/runs/%00/events", "/api/todos?limit=%", "/api/todos?q=%00",
        "/api/todos?q=%ff", "/api/todos?%zz=1", "/api/todos/;", "/api/todos/\u0661", f"/api/todos/{long}", f"/api/todos?q={long}", "/%2e%2e/%2e%2e/etc/passwd",
        "//evil.example/api/todos", "/api/todos/1/../../auth/verify", "/\\..\\", "*",
    ]
    faults = []
    for path in paths:
        status = first(ground, request("GET", path.encode().decode("latin-1"), cookies=person.cookies))
        if status not in {400, 404, 414, 422, 431}:
            faults.append(f"{path[:60]}: {status}")
    return faults


def ambiguous() -> dict[str, bytes]:
    """Requests that two servers may read differently."""
    json = "Content-Type: application/json"
    length, chunked = "Content-Length: 5", "Transfer-Encoding: chunked"
    head = f"POST /api/auth/login HTTP/1.1\r\nHost: {HOST}\r\n{json}\r\n"
    return {
        "a length and chunks": request("POST", "/api/auth/login", json, length, chunked, body=b"0\r\n\r\n"),
        "chunks and a length": request("POST", "/api/auth/login", json, chunked, length, body=b"0\r\n\r\n"),
        "two lengths": request("POST", "/api/auth/login", json, length, "Content-Length: 6", body=b"{}   "),
        "the same length twice in one field": request("POST", "/api/auth/login", json, "Content-Length: 5, 5", body=b"{}   "),
        "chunked, then identity": request("POST", "/api/auth/login", json, "Transfer-Encoding: chunked, identity", body=b"0\r\n\r\n"),
        "an unknown coding": request("POST", "/api/auth/login", json, "Transfer-Encoding: xchunked", body=b"0\r\n\r\n"),
        "a coding behind a vertical tab": request("POST", "/api/auth/login", json, "Transfer-Encoding: \x0bchunked", body=b"0\r\n\r\n"),
        "two codings": request("POST", "/api/auth/login", json, chunked, "Transfer-Encoding: identity", body=b"0\r\n\r\n"),
        "a length with a sign": request("POST", "/api/auth/login", json, "Content-Length: +5", body=b"{}   "),
        "a negative length": request("POST", "/api/auth/login", json, "Content-Length: -5", body=b"{}   "),
        "a length in hexadecimal": request("POST", "/api/auth/login", json, "Content-Length: 0x5", body=b"{}   "),
        "a length beyond all numbers": request("POST", "/api/auth/login", json, "Content-Length: 18446744073709551621", body=b"{}   "),
        "a space before the colon": request("POST", "/api/auth/login", json, "Content-Length : 5", body=b"{}   "),
        "a space before the colon of the coding": request("POST", "/api/auth/login", json, "Transfer-Encoding : chunked", body=b"0\r\n\r\n"),
        "a folded field": request("POST", "/api/auth/login", json, "X-Folded: a\r\n b", length, body=b"{}   "),
        "a folded coding": request("POST", "/api/auth/login", json, "Transfer-Encoding:\r\n chunked", body=b"0\r\n\r\n"),
        "a NUL in a field": request("POST", "/api/auth/login", json, "X-Nul: a\0b", length, body=b"{}   "),
        "a NUL in a name": request("POST", "/api/auth/login", json, "X-N\0ul: a", length, body=b"{}   "),
        "a bare CR in a field": request("POST", "/api/auth/login", json, "X-Cr: a\rContent-Length: 50", length, body=b"{}   "),
        "a bare LF at the end of a field": f"{head}X-Lf: a\n{length}\r\n\r\n{{}}   ".encode(),
        "bare LFs everywhere": f"{head}{length}\r\n\r\n{{}}   ".replace("\r\n", "\n").encode(),
        "a chunk of a length beyond all numbers": request("POST", "/api/auth/login", json, chunked, body=b"FFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n"),
        "a chunk of a negative length": request("POST", "/api/auth/login", json, chunked, body=b"-2\r\n{}\r\n0\r\n\r\n"),
        "a chunk of no length": request("POST", "/api/auth/login", json, chunked, body=b"\r\n{}\r\n0\r\n\r\n"),
        "a chunk that is longer than it says": request("POST", "/api/auth/login", json, chunked, body=b"1\r\n{}\r\n0\r\n\r\n"),
        "a length among the trailers": request("POST", "/api/auth/login", json, chunked, body=b"2\r\n{}\r\n0\r\nContent-Length : 5\r\n\r\n"),
        "a field without a name": request("POST", "/api/auth/login", json, ": 5", length, body=b"{}   "),
        "a field without a colon": request("POST", "/api/auth/login", json, "Content-Length", body=b"{}   "),
    }


def test_r062_requests_that_two_servers_may_read_differently_are_refused(ground: Ground, person: Person) -> list[str]:
    return [fault for name, data in ambiguous().items() for fault in refused(ground, name, data, {400, 411, 413, 501})]


def test_r062_behind_nginx_everybody_gets_the_answer_to_their_own_request(ground: Ground, person: Person) -> list[str]:
    """The connections between the two are shared by everybody: whoever leaves half a request there takes the next one's answer."""
    port = free_port()
    proxy = Nginx(ground.folder / f"nginx-{port}", port, [ground.gateway.port] * 3)
    try:
        person.urls = [f"http://127.0.0.1:{port}"]
        numbers, faults = [person.expect(201, "POST", "/api/todos", {"title": f"number {number}"})["id"] for number in range(4)], []
        for name, data in ambiguous().items():
            with Wire(person.urls[0]) as wire:
                wire.send(data + FOLLOWER)
                wire.answers(2, within=0.2)
                for number in numbers:
                    status, answer = person.call("GET", f"/api/todos/{number}")
                    if (status, answer.get("id")) != (200, number):
                        faults.append(f"{name}: somebody else who asks for todo {number} gets {status} {answer}")
        return faults
    finally:
        proxy.end()


def test_r063_methods_versions_and_hosts_that_are_not_served_are_refused(ground: Ground, person: Person) -> list[str]:
    evil = "evil.example"
    cases = {
        "an unknown method": (request("BREW", "/api/todos"), {400, 405, 501}),
        "TRACE": (request("TRACE", "/api/todos", "X-Secret: 1"), {400, 405, 501}),
        "CONNECT": (request("CONNECT", f"{evil}:443"), {400, 404, 405, 421, 501}),
        # Of an address in the request line only the path is taken; what counts is `Host`, and that has to be one of ours.
        "a foreign address in absolute form": (request("GET", f"http://{evil}/healthz"), {200, 400, 421}),
        "a foreign host beside an address of ours": (f"GET http://{HOST}/healthz HTTP/1.1\r\nHost: {evil}\r\n\r\n".encode(), {400, 421}),
        "HTTP/3.0": (request(version="HTTP/3.0"), {400, 505}),
        "HTTP/1.9": (request(version="HTTP/1.9"), {200, 400, 505}),
        "no version": (b"GET /healthz\r\n\r\n", {400, 505}),
        "no host": (b"GET /api/todos HTTP/1.1\r\n\r\n", {400, 421}),
        "two hosts": (request("GET", "/api/todos", f"Host: {evil}"), {400, 421}),
        "the same host twice": (request("GET", "/api/todos", f"Host: {HOST}"), {400, 421}),
        "a foreign host": (f"GET /api/todos HTTP/1.1\r\nHost: {evil}\r\n\r\n".encode(), {421}),
        "a host with a path": (f"GET /api/todos HTTP/1.1\r\nHost: {HOST}/x\r\n\r\n".encode(), {400, 421}),
        "TLS": (bytes.fromhex("16030100f8010000f40303") + b"\0" * 100, {400}),
        "HTTP/2 out of the blue": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 505}),
    }
    faults = []
    for name, (data, statuses) in cases.items():
        with Wire(ground.url) as wire:
            wire.send(data)
            answers = wire.answers(within=3)
            if not answers and not wire.is_closed(1):
                faults.append(f"{name}: neither an answer nor an end")
            if answers and answers[0].status not in statuses:
                faults.append(f"{name}: {answers[0].status}, not {sorted(statuses)}")
            if evil.encode() in wire.received:
                faults.append(f"{name}: the host is reflected")
    return faults


def test_r064_a_flood_of_header_fields_is_refused(ground: Ground, person: Person) -> list[str]:
    cases = {
        "900 fields": (request("GET", "/healthz", *[f"X-{number}: 1" for number in range(900)]), {200, 431}),
        "1,001 fields": (request("GET", "/healthz", *[f"X-{number}: 1" for number in range(1_001)]), {400, 431}),
        "70,000 fields": (request("GET", "/healthz", *["a:"] * 70_000), {400, 431}),
        "a field of 81 KiB": (request("GET", "/healthz", "X-Long: " + "a" * 81 * 1_024), {400, 431}),
        "a name of 81 KiB": (request("GET", "/healthz", "X" * 81 * 1_024 + ": 1"), {400, 431}),
        "a request line of 1 MB": (request("GET", "/" + "a" * 1_000_000), {400, 414, 431}),
        "a method of 1 MB": (request("G" * 1_000_000), {400, 405, 431, 501}),
        "70,000 trailers": (request("POST", "/api/auth/login", "Transfer-Encoding: chunked", "Content-Type: application/json", body=b"2\r\n{}\r\n0\r\n" + b"a: b\r\n" * 70_000 + b"\r\n"), {400, 413, 422, 431}),
    }
    faults = []
    for name, (data, statuses) in cases.items():
        before = ground.resident()
        with Wire(ground.url) as wire:
            wire.send(data)
            answers = wire.answers(within=5)
            if not answers or answers[0].status not in statuses:
                faults.append(f"{name}: {answers[0].status if answers else 'no answer'}, not {sorted(statuses)}")
        if (growth := ground.resident() - before) > 64 << 20:
            faults.append(f"{name}: {growth >> 20} MiB more memory")
    return faults


def test_r065_a_body_that_is_too_large_is_refused_before_it_is_read(ground: Ground, person: Person) -> list[str]:
    json = "Content-Type: application/json"
    faults, before = [], ground.resident()
    huge = b"x" * (100 << 20)
    cases = {
        "100 MiB by its length": request("POST", "/api/todos", json, f"Content-Length: {len(huge)}", cookies=person.cookies) + huge,
        "chunks without an end": request("POST", "/api/todos", json, "Transfer-Encoding: chunked", cookies=person.cookies) + (b"10000\r\n" + b"x" * 0x10000 + b"\r\n") * 1_600,
        "one chunk of 100 MiB": request("POST", "/api/todos", json, "Transfer-Encoding: chunked", cookies=person.cookies) + b"%x\r\n" % len(huge) + huge,
        "tiny chunks without an end": request("POST", "/api/todos", json, "Transfer-Encoding: chunked", cookies=person.cookies) + b"1\r\nx\r\n" * 4_000_000,
    }
    for name, data in cases.items():
        with Wire(ground.url) as wire:
            sent = wire.send_in_part(data, 10)
            answers = wire.answers(within=3)
            if [answer.status for answer in answers[:1]] not in ([413], []):
                faults.append(f"{name}: {answers[0].status}, not 413")
            # What the kernel holds of both ends counts as sent.
            if sent > 24 << 20:
                faults.append(f"{name}: {sent >> 20} MiB were taken")
            if not wire.is_closed(5):
                faults.append(f"{name}: the connection is still open")
    if (growth := ground.resident() - before) > 16 << 20:
        faults.append(f"{growth >> 20} MiB more memory")
    status = first(ground, request("POST", "/api/todos", json, "Content-Length: 10000000", "Expect: 100-continue", cookies=person.cookies))
    if status != 413:
        faults.append(f"a body that is announced as too large: {status}, not 413")
    faults += refused(ground, "more than was announced", request("POST", "/api/auth/login", json, "Content-Length: 2", body=b"{}garbage behind it"), {400, 422}, closes=False)
    return faults


def test_r065_expecting_clients_are_told_to_go_on_or_why_not(ground: Ground, person: Person) -> list[str]:
    body = b'{"title":"expected"}'
    head = request("POST", "/api/todos", "Content-Type: application/json", f"Content-Length: {len(body)}", "Expect: 100-continue", cookies=person.cookies)
    with Wire(ground.url) as wire:
        wire.send(head)
        time.sleep(0.3)
        wire.answers(within=0.3)
        went_on = wire.received.startswith(b"HTTP/1.1 100")
        wire.send(body)
        answers = wire.answers()
        faults = [] if went_on else ["nobody said 100"]
        return faults if answers and answers[0].status == 201 else faults + [f"{answers[0].status if answers else None}, not 201"]


def test_r070_compressed_bodies_are_refused_and_answers_are_not_compressed(ground: Ground, person: Person) -> list[str]:
    faults = []
    for coding in ["gzip", "deflate", "br", "gzip, gzip", "zstd", "identity, gzip", "x" * 1_000]:
        status = first(ground, request("POST", "/api/todos", "Content-Type: application/json", f"Content-Encoding: {coding}", "Content-Length: 2", body=b"{}", cookies=person.cookies))
        if status != 415:
            faults.append(f"{coding[:30]}: {status}, not 415")
    with Wire(ground.url) as wire:
        wire.send(request("GET", "/api/todos", "Accept-Encoding: gzip, br", cookies=person.cookies))
        if any(answer.field("content-encoding") for answer in wire.answers()):
            faults.append("an answer is compressed")
    return faults
