"""TLS as the gateway itself ends it: what sslyze thinks of it, and clients that do not keep to it."""

import json
import os
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path

from ground import Ground, Person, Secured
from places import free_port
from wire import Wire, request


def certified(folder: Path) -> Secured:
    """A certificate for 127.0.0.1 of an authority of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    names = {name: folder / name for name in ("authority.pem", "authority.key", "server.pem", "server.key", "request", "extensions")}
    names["extensions"].write_text(
        "subjectAltName=IP:127.0.0.1\nbasicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n"
        "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
    )
    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    for command in [
        ["req", "-x509", *new_key, "-keyout", names["authority.key"], "-out", names["authority.pem"], "-days", "30", "-subj", "/CN=Attack", "-addext",
         "keyUsage=critical,keyCertSign"],
        ["req", *new_key, "-keyout", names["server.key"], "-out", names["request"], "-subj", "/CN=127.0.0.1"],
        ["x509", "-req", "-in", names["request"], "-CA", names["authority.pem"], "-CAkey", names["authority.key"], "-CAcreateserial", "-days", "30",
         "-extfile", names["extensions"], "-out", names["server.pem"]],
    ]:
        subprocess.run(["openssl", *map(str, command)], check=True, capture_output=True)
    names["server.key"].chmod(0o600)
    return Secured(free_port(), names["server.pem"], names["server.key"], names["authority.pem"])


SCANS = ["certinfo", "sslv2", "sslv3", "tlsv1", "tlsv1_1", "tlsv1_2", "tlsv1_3", "reneg", "heartbleed", "robot", "openssl_ccs", "fallback", "compression",
         "early_data", "ems", "elliptic_curves"]


def test_r074_sslyze_finds_nothing(ground: Ground, person: Person) -> list[str]:
    report = ground.folder / "sslyze.json"
    command = [sys.executable, "-m", "sslyze", "--mozilla_config", "intermediate", "--certinfo_ca_file", str(ground.address.authority), "--json_out", str(report),
               *[f"--{scan}" for scan in SCANS], ground.url.removeprefix("https://")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    compliance = done.stdout.partition("COMPLIANCE AGAINST")[2]
    faults = [compliance.strip()] if done.returncode else []
    found = {name: part["result"] for name, part in json.loads(report.read_text())["server_scan_results"][0]["scan_result"].items() if part}
    return faults + weaknesses(found)


def weaknesses(found: dict) -> list[str]:
    """Of what sslyze has found out, whatever is medium or worse."""
    faults = [f"{name}: {len(found[name]['accepted_cipher_suites'])} suites" for name in
              ("ssl_2_0_cipher_suites", "ssl_3_0_cipher_suites", "tls_1_0_cipher_suites", "tls_1_1_cipher_suites") if found[name]["accepted_cipher_suites"]]
    wrong = {
        "heartbleed": found["heartbleed"]["is_vulnerable_to_heartbleed"],
        "early CCS": found["openssl_ccs_injection"]["is_vulnerable_to_ccs_injection"],
        "ROBOT": "NOT_VULNERABLE" not in found["robot"]["robot_result"],
        "compression": found["tls_compression"]["supports_compression"],
        "renegotiation by the client": found["session_renegotiation"]["is_vulnerable_to_client_renegotiation_dos"],
        "early data": found["tls_1_3_early_data"]["supports_early_data"],
        "no TLS 1.3": not found["tls_1_3_cipher_suites"]["accepted_cipher_suites"],
        "no fallback signal": not found["tls_fallback_scsv"]["supports_fallback_scsv"],
    }
    weak = [suite["cipher_suite"]["name"] for suite in found["tls_1_2_cipher_suites"]["accepted_cipher_suites"]
            if not ("ECDHE" in suite["cipher_suite"]["name"] and ("GCM" in suite["cipher_suite"]["name"] or "CHACHA20" in suite["cipher_suite"]["name"]))]
    deployment = found["certificate_info"]["certificate_deployments"][0]
    if not any(validation["was_validation_successful"] for validation in deployment["path_validation_results"]):
        faults.append("the chain is not valid")
    return faults + [name for name, is_wrong in wrong.items() if is_wrong] + [f"weak suite {name}" for name in weak]


def test_r074_http_in_clear_on_its_port_gets_nothing(ground: Ground, person: Person) -> list[str]:
    faults = []
    for data in [request(), b"GET / HTTP/1.0\r\n\r\n", b"\0" * 1_000, os.urandom(10_000), b"\x16\x03\x01\xff\xff" + b"\x01" * 70_000]:
        with Wire(ground.url.replace("https", "http")) as wire:
            wire.send(data)
            if not wire.is_closed(12):
                faults.append(f"{data[:20]!r}: the connection is still open")
            if b" 200 " in wire.received:
                faults.append(f"{data[:20]!r}: it is answered")
    return faults


def test_r074_half_open_handshakes_are_given_up(ground: Ground, person: Person) -> list[str]:
    """A thousand that send the beginning of a handshake, and a thousand that send nothing."""
    greeting = ssl.MemoryBIO()
    tls = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), greeting, server_hostname="127.0.0.1")
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        pass
    hello = greeting.read()
    wires = [Wire(ground.url.replace("https", "http"), source=f"127.0.0.{2 + number % 8}") for number in range(2_000)]
    try:
        for wire in wires[:500]:
            wire.send(hello[: len(hello) // 2])
        for wire in wires[500:1_000]:
            wire.send(hello)
        faults = ground.is_alive()
        deadline = time.monotonic() + 15
        left = sum(not wire.is_closed(max(0, deadline - time.monotonic())) for wire in wires[:1_000])
        return faults + ([f"{left} of 1,000 handshakes are still open after 15 s"] if left else [])
    finally:
        for wire in wires:
            wire.reset()


def test_r074_both_versions_of_http_are_spoken(ground: Ground, person: Person) -> list[str]:
    faults = []
    for offered in ["h2", "http/1.1"]:
        context = ground.address.trust
        context.set_alpn_protocols([offered])
        with socket.create_connection(("127.0.0.1", ground.address.port), timeout=5) as plain, context.wrap_socket(plain, server_hostname="127.0.0.1") as secure:
            if secure.selected_alpn_protocol() != offered:
                faults.append(f"{offered} is offered, {secure.selected_alpn_protocol()} chosen")
    return faults


def test_r074_a_key_that_everybody_can_read_is_refused(ground: Ground, person: Person) -> list[str]:
    secured = certified(ground.folder / "readable")
    secured.key.chmod(0o644)
    environment = secured.environment | {"PATH": os.environ["PATH"], "HOME": str(ground.folder), "AGENT_SECRET": "x0123456789" * 4}
    command = [str(ground.agent), "serve", "--port", str(secured.port), "--prompts", str(ground.folder / "prompts"), "--database", f"sqlite:{ground.folder}/unused.db"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=20)
    return [] if done.returncode and "chmod" in done.stderr else [f"exit {done.returncode}: {done.stderr[-300:]}"]
