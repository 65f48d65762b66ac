"""Reads the scenarios: one file each, from which both sides are made."""

from dataclasses import dataclass, field
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent
MODEL = "scripted"
APIS = ("responses", "chat")
MODES = ("whole", "streamed")


@dataclass
class Scenario:
    """What happens on both sides: agents, what the model answers, and what is said to them in turn."""

    name: str
    about: str
    agents: dict[str, dict]
    """By name of prompt file: the front matter of DESIGN 5.2, and `instructions`. The first one is begun with."""
    script: list[dict]
    """The model's answers in order, as in `wire`, or an error `status`."""
    steps: list[dict] = field(default_factory=lambda: [{"input": "Hello"}])
    """Each an `input`, or a list of call ids (or `all`) to `approve` or `reject`."""
    servers: list[str] = field(default_factory=list)
    """MCP servers, by name of their file in `servers/`, which is also the name they announce."""
    run_config: dict = field(default_factory=dict)
    """Options of the Python SDK for what `agent run` does anyway."""
    apis: list[str] = field(default_factory=lambda: list(APIS))

    @property
    def has_session(self) -> bool:
        return len(self.steps) > 1

    @property
    def start(self) -> str:
        return next(iter(self.agents))


def load(path: Path) -> Scenario:
    content = yaml.safe_load(path.read_text())
    for agent in content["agents"].values():
        agent.setdefault("instructions", "You help.")
    content["script"] = [answer if isinstance(answer, dict) else {"items": answer} for answer in content["script"]]
    for item in (item for answer in content["script"] for item in answer.get("items", []) if "times" in item):
        item["say"] *= item.pop("times")
    servers = [name for agent in content["agents"].values() for name in agent.get("tools", [])]
    content.setdefault("servers", list(dict.fromkeys(servers)))
    return Scenario(name=path.stem, **content)


def load_all() -> list[Scenario]:
    return [load(path) for path in sorted((FOLDER / "scenarios").glob("*.yaml"))]
