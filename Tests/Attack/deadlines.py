"""Clients that are slow, silent, or many. Each costs little, is given up in time, and keeps nobody else waiting."""

import concurrent.futures
import json
import os
import select
import socket
import statistics
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from client import Client, Unreachable
from gateway import ORIGIN
from ground import PASSWORD, STORY, Ground, Person, Proxied
from places import free_port
from wire import Wire, request

JSON = "Content-Type: application/json"

CAP = 40
"""Connections that there may be where few are."""

OVERLOAD = 6
"""Seconds for which more is wanted than can be done."""


def drip(ground: Ground, head: bytes, byte: bytes, every: float, limit: float) -> float | None:
    """Sends byte after byte; the second at which the other side closes, or None."""
    with Wire(ground.url) as wire:
        wire.send(head)
        while time.monotonic() - wire.began < limit:
            if wire.is_closed(every):
                return wire.closed_at - wire.began
            wire.send(byte)
    return None


def within(name: str, seconds: float | None, earliest: float, latest: float) -> list[str]:
    if seconds is None:
        return [f"{name}: still open after {latest} s"]
    return [] if earliest <= seconds <= latest else [f"{name}: closed after {seconds:.1f} s, not {earliest} to {latest} s"]


def test_r066_slow_clients_are_given_up_in_time(ground: Ground, person: Person) -> list[str]:
    """Headers have 10 s, a body 15 s or 30 s for a message, a connection without a request 60 s; a byte now and then gains nothing."""
    todo = request("POST", "/api/todos", JSON, "Content-Length: 1000", cookies=person.cookies)
    chat = request("POST", "/api/chat", JSON, "Content-Length: 1000", cookies=person.cookies)
    chunked = request("POST", "/api/todos", JSON, "Transfer-Encoding: chunked", cookies=person.cookies)
    begun = request(cookies=person.cookies)[:-2]
    cases = {
        "nothing is sent": (b"", b"", 20, 8, 65),
        "a byte of the request line every second": (b"GET /", b"a", 1, 8, 13),
        "a header field every second": (begun, b"X-Slow: 1\r\n", 1, 8, 13),
        "a byte of a header every 9 s": (begun, b"x", 9, 8, 13),
        "a byte of a todo every second": (todo, b"x", 1, 13, 19),
        "a byte of a todo every 9 s": (todo, b"x", 9, 13, 19),
        "a chunk of a todo every second": (chunked, b"1\r\nx\r\n", 1, 13, 19),
        "a byte of a message every second": (chat, b"x", 1, 28, 35),
        "an answer, and then nothing": (request(), b"", 20, 55, 68),
        "an answer, and then half a request": (request() + begun, b"x", 1, 8, 13),
    }
    with concurrent.futures.ThreadPoolExecutor(len(cases)) as pool:
        found = {name: pool.submit(drip, ground, head, byte, every, 75) for name, (head, byte, every, _, _) in cases.items()}
        return [fault for name, (_, _, _, earliest, latest) in cases.items() for fault in within(name, found[name].result(), earliest, latest)]


def test_r066_who_reads_no_answer_is_given_up(ground: Ground, person: Person) -> list[str]:
    """A write stands still for 30 s at most."""
    with Wire(ground.url, receive_buffer=4_096) as wire:
        began = time.monotonic()
        wire.send_in_part(request("GET", "/openapi.json") * 2_000, 3, reads=False)
        if not wire.has_been_reset(50):
            return ["the connection is still open after 50 s"]
        return within("a reader that does not read", wire.closed_at - began, 25, 42)


def test_r068_who_reads_no_stream_costs_little_and_is_cut(ground: Ground, person: Person) -> list[str]:
    """Many readers of one long run: each is given up, and what is kept for it is bounded. The run itself comes to its end."""
    reading = person.chat("Say something.")
    before = ground.resident()
    wires = [Wire(ground.url, receive_buffer=2_048) for _ in range(60)]
    try:
        once = request("GET", f"/api/runs/{reading.run}/events", cookies=person.cookies)
        for wire in wires:
            wire.send_in_part(once * 1_000, 0.2, reads=False)
        growth = ground.resident() - before
        faults = [] if growth < len(wires) * (256 << 10) else [f"{growth / len(wires) / 1_024:.0f} KiB for each reader"]
        deadline = time.monotonic() + 60
        cut = sum(wire.has_been_reset(max(0, deadline - time.monotonic())) for wire in wires)
        return faults + ([] if cut == len(wires) else [f"{len(wires) - cut} of {len(wires)} are still open after 60 s"])
    finally:
        for wire in wires:
            wire.reset()


def test_r067_connections_beyond_all_there_may_be_are_closed_at_once(ground: Ground, person: Person) -> list[str]:
    """Wherever they come from. What is open goes on, and for each one that ends another may come."""
    few = ground.beside("few-connections", {"AGENT_LIMITS_CONNECTIONS": str(CAP)})
    try:
        writer = few.person()
        # It would itself be refused: its stream is read here.
        few.bystander.end()
        few.bystander.join()
        with Wire(few.url) as stream, crowd(few.url, CAP + 20, [f"127.0.0.{2 + number}" for number in range(8)]) as wires:
            body = json.dumps({"message": STORY, "time_zone": "UTC"}).encode()
            stream.send(request("POST", "/api/chat", JSON, f"Content-Length: {len(body)}", body=body, cookies=writer.cookies))
            faults = counted(wires, CAP - 1)
            leave(served(wires)[:10])
            with crowd(few.url, 10, ["127.0.0.99"]) as later:
                if (count := len(served(later))) < 10:
                    faults.append(f"when 10 have gone, {count} others are served")
            answers = stream.answers(within=20)
            if not answers or b"event: done" not in answers[0].body:
                faults.append(f"the stream that was open ends with {stream.received[-200:]}")
        return faults
    finally:
        few.end()


def test_r067_one_address_has_no_more_than_its_part_of_the_connections(ground: Ground, person: Person) -> list[str]:
    """Another address, and who was there before, notice nothing of it."""
    own = own_address()
    if not own:
        return ["this machine has only its loopback address, which is not limited"]
    few = ground.beside("few-of-an-address", {"AGENT_LIMITS_CONNECTIONS_PER_ADDRESS": str(CAP)}, address=Proxied(free_port()))
    try:
        with crowd(f"http://{own}:{few.address.port}", CAP * 3, [own], few.address.origin) as wires:
            faults = counted(wires, CAP)
            with crowd(few.url, CAP * 3, ["127.0.0.2"], few.address.origin) as others:
                if (count := len(served(others))) < CAP * 3:
                    faults.append(f"of {CAP * 3} connections of another address {count} are served")
            faults += few.is_alive()
            leave(served(wires)[:10])
            with crowd(f"http://{own}:{few.address.port}", 20, [own], few.address.origin) as later:
                faults += counted(later, 10)
        return faults + few.is_alive()
    finally:
        few.end()


@contextmanager
def crowd(url: str, count: int, sources: list[str], origin: str = ORIGIN):
    """Connections one after the other, in turn from each of the addresses; a second later each that is open has asked for something."""
    wires = []
    try:
        for number in range(count):
            wires.append(Wire(url, source=sources[number % len(sources)]))
        watch(wires, 1)
        for wire in wires:
            if not wire.closed_at:
                wire.send(request(origin=origin))
        yield wires
    finally:
        for wire in wires:
            wire.socket.close()


def watch(wires: list[Wire], seconds: float):
    """Sees when each of them is closed."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        for wire in select.select([wire for wire in wires if not wire.closed_at], [], [], left)[0]:
            wire.is_closed(0.001)


def served(wires: list[Wire]) -> list[Wire]:
    """Those that are open, and whose request is answered."""
    return [wire for wire in wires if not wire.closed_at and [answer.status for answer in wire.answers()] == [200]]


def leave(wires: list[Wire]):
    for wire in wires:
        wire.reset()
    time.sleep(0.5)


def counted(wires: list[Wire], cap: int) -> list[str]:
    """Whether as many are served as may be, and all others were closed at once. One or two that went before may not be quite gone."""
    refused = sorted(wire.closed_at - wire.began for wire in wires if wire.closed_at)
    count = len(served(wires))
    print(f"    of {len(wires)} connections {count} are served, {len(refused)} refused, the last after {refused[-1] * 1000 if refused else 0:.0f} ms", flush=True)
    faults = [] if cap - 2 <= count <= cap else [f"{count} of {len(wires)} connections are served, not {cap}"]
    if count + len(refused) != len(wires):
        faults.append(f"{len(wires) - count - len(refused)} connections are neither served nor closed")
    return faults if refused and refused[-1] < 1 else [*faults, f"refused after {refused[-1:]} s"]


def own_address() -> str | None:
    """The address from which this machine speaks to others; to look for it sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("198.51.100.1", 9))
        except OSError:
            return None
        address = probe.getsockname()[0]
        return None if address.startswith("127.") else address


def test_r069_ten_thousand_requests_on_one_connection_are_answered_in_order(ground: Ground, person: Person) -> list[str]:
    count, numbers = 10_000, [person.expect(201, "POST", "/api/todos", {"title": f"number {number}"})["id"] for number in range(7)]
    order = [numbers[place % len(numbers)] for place in range(count)]
    one = {number: request("GET", f"/api/todos/{number}", cookies=person.cookies) for number in numbers}
    before, began = ground.resident(), time.monotonic()
    with Wire(ground.url) as wire:
        data = b"".join(one[number] for number in order)
        sent = wire.send_in_part(data, 60)
        answers = wire.answers(count, within=60)
    growth = ground.resident() - before
    faults = [] if sent == len(data) else [f"only {sent} of {len(data)} bytes were taken"]
    got = [int(answer.body.split(b'"id":')[1].split(b",")[0].strip(b"} ")) for answer in answers if answer.status == 200]
    if got != order:
        faults.append(f"{len(answers)} answers after {time.monotonic() - began:.0f} s, {len(got)} of them with the todo, not {count} in order")
    if growth > 64 << 20:
        faults.append(f"{growth >> 20} MiB more memory")
    return faults


def test_r112_with_few_descriptors_it_neither_spins_nor_stops(ground: Ground, person: Person) -> list[str]:
    """With all of its 256 descriptors wanted: streams go on, it hardly works, and it serves everybody again when some are free."""
    few = ground.beside("few-descriptors", before=["prlimit", "--nofile=256:256"])
    wires, patient = [], few.person()
    try:
        wires = [Wire(few.url) for _ in range(400)]
        for wire in wires:
            wire.send(request())
        time.sleep(1)
        before, began = processor_time(few.pid), time.monotonic()
        time.sleep(3)
        share = (processor_time(few.pid) - before) / (time.monotonic() - began)
        # The bystander's stream alone takes some.
        faults = [] if share < 0.2 else [f"it uses {share:.0%} of a processor"]
        if not few.bystander.hears():
            faults.append(f"the bystander hears nothing {few.bystander.faults}")
        for wire in wires:
            wire.reset()
        faults += served_again(patient, 10)
        return faults + few.is_alive()
    finally:
        for wire in wires:
            wire.socket.close()
        few.end()


def test_r113_three_times_as_many_sign_ins_as_can_be_served_are_refused_or_served_at_once(ground: Ground, person: Person) -> list[str]:
    """Hashing passwords is what costs most: as many people as before get in, the others hear at once when to come again, and it passes."""
    # Somebody who signs in that often loses the first of their sessions.
    bystander = ground.person()
    calm = median_seconds(bystander)
    peak = sum(sign_in(ground, person)[0] == 200 for _ in until(3)) / 3
    with concurrent.futures.ThreadPoolExecutor(4, initializer=stand_back) as pool:
        peak = max(peak, sum(pool.map(lambda _: sum(sign_in(ground, person)[0] == 200 for _ in until(3)), range(4))) / 3)
    with concurrent.futures.ThreadPoolExecutor(400, initializer=stand_back) as pool:
        began, count = time.monotonic(), int(peak * 3 * OVERLOAD)
        waiting = []
        for number in range(count):
            time.sleep(max(0, began + number / (peak * 3) - time.monotonic()))
            waiting.append(pool.submit(sign_in, ground, person))
        answers = [found.result() for found in waiting]
        seconds = time.monotonic() - began
    served = sum(status == 200 for status, _, _ in answers)
    refused = [(time_taken, after) for status, time_taken, after in answers if status in (429, 503)]
    print(f"    {peak:.0f} sign-ins a second alone, {count / OVERLOAD:.0f} offered, {served / seconds:.0f} served, {len(refused)} refused", flush=True)
    faults = [] if served / seconds > peak * 0.8 else [f"{served / seconds:.0f} a second are served, {peak:.0f} were before"]
    faults += [f"{status} was answered" for status in {status for status, _, _ in answers} - {200, 429, 503}]
    if not refused or any(not after for _, after in refused):
        faults.append("nobody was refused, or not told when to come again")
    elif statistics.median(taken for taken, _ in refused) > 0.05:
        faults.append(f"half of the refusals took over {statistics.median(taken for taken, _ in refused) * 1000:.0f} ms")
    time.sleep(3)
    if (after := median_seconds(bystander)) > calm * 2 + 0.005:
        faults.append(f"a request takes {after * 1000:.0f} ms afterwards, {calm * 1000:.0f} before")
    return faults


def stand_back():
    """Who asks takes no processor from the one who is asked, as on a machine of their own."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


def until(seconds: float):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        yield


def sign_in(ground: Ground, person: Person) -> tuple[int, float, str | None]:
    """The status, the seconds it took, and when to come again."""
    client = Client([ground.url], {}, origin=person.origin, trust=person.trust)
    client.silence = 20
    began = time.monotonic()
    connection, answer = client.request("POST", "/api/auth/login", {"email": person.email, "password": PASSWORD})
    answer.read()
    connection.close()
    return answer.status, time.monotonic() - began, answer.headers.get("Retry-After")


def median_seconds(person: Person) -> float:
    times = []
    for _ in range(40):
        began = time.monotonic()
        person.expect(200, "GET", "/api/todos")
        times.append(time.monotonic() - began)
    return statistics.median(times)


def served_again(person: Person, within: float) -> list[str]:
    deadline = time.monotonic() + within
    while True:
        try:
            person.expect(200, "GET", "/api/todos")
            return []
        except (AssertionError, Unreachable) as error:
            if time.monotonic() > deadline:
                return [f"it does not serve again: {error}"]
            time.sleep(0.2)


def processor_time(pid: int) -> float:
    """Seconds, in all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100
