"""Runs a scenario with `agent run`."""

import asyncio
import json
import os
import shlex
import sys
import tempfile
from pathlib import Path

import yaml

import outputs
from scenario import FOLDER, MODEL, Scenario

TIMEOUT = 300


async def run(agent: str, scenario: Scenario, api: str, mode: str, base_url: str) -> list[dict]:
    """The outcome of each step."""
    with tempfile.TemporaryDirectory(prefix="side-by-side-") as folder:
        prompts = Path(folder) / "prompts"
        prompts.mkdir()
        for name, description in scenario.agents.items():
            (prompts / f"{name}.md").write_text(prompt_file(description))
        command = [agent, "run", "--prompts", "prompts", "--agent", scenario.start]
        command += ["--stream"] if mode == "streamed" else []
        command += ["--session", "session.jsonl"] if scenario.has_session else []
        for server in scenario.servers:
            command += ["--mcp", shlex.join([sys.executable, str(FOLDER / "servers" / f"{server}.py")])]
        environment = _environment(folder, api, base_url)
        return [await _step(command + _flags(step), folder, environment) for step in scenario.steps]


def prompt_file(description: dict) -> str:
    """The agent as a prompt file."""
    front_matter = {key: value for key, value in description.items() if key not in ("instructions", "output_type")}
    if "output_type" in description:
        front_matter["output_schema"] = outputs.schema(description["output_type"])
    yaml_text = yaml.safe_dump(front_matter, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{yaml_text}---\n{description['instructions']}\n"


def _flags(step: dict) -> list[str]:
    if "input" in step:
        return ["--input", step["input"]]
    decisions = [(flag, call) for flag in ("approve", "reject") for call in step.get(flag, [])]
    return [word for flag, call in decisions for word in (f"--{flag}", call)]


def _environment(folder: str, api: str, base_url: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": folder,
        "TMPDIR": folder,
        "TZ": "UTC",
        "LOG_LEVEL": "warning",
        "OPENAI_API_KEY": "test",
        "OPENAI_BASE_URL": base_url,
        "AGENT_MODEL": MODEL,
        "AGENT_MODEL_API": api,
    }


async def _step(command: list[str], folder: str, environment: dict[str, str]) -> dict:
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        stdout, stderr = await asyncio.wait_for(process.communicate(), TIMEOUT)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == 2:
        return {"error": {"type": "refused_at_start"}, "said": stderr.decode().strip()}
    lines = stdout.decode().strip().split("\n")
    if process.returncode not in (0, 1, 3):
        raise RuntimeError(f"agent run ended with {process.returncode}: {stderr.decode().strip()}")
    result = json.loads(lines[-1])
    if "error" in result:
        said = result["error"].pop("message", None)
        return {"error": result["error"], "said": said}
    return result
