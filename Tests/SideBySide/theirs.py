"""Runs a scenario with the Python package `openai-agents`."""

import json
import re
import sys
from contextlib import AsyncExitStack
from typing import Any

import agents as sdk
import openai
from agents.mcp import MCPServerStdio
from agents.run_state import RunState

import outputs
from scenario import FOLDER, MODEL, Scenario

sdk.set_tracing_disabled(True)

PLACEHOLDERS = {"user.name": "local"}
# As `agent run` does it unless told otherwise; the SDK itself has no policy, and lets its HTTP client ask again without counting.
RETRIES = sdk.ModelRetrySettings(max_retries=2, policy=sdk.retry_policies.provider_suggested())
INJECTION = "ignore previous instructions"
LONGEST = 16_000


async def run(scenario: Scenario, api: str, mode: str, base_url: str) -> list[dict]:
    """The outcome of each step."""
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(openai.AsyncOpenAI(api_key="test", base_url=base_url, max_retries=0))
        servers = {name: await stack.enter_async_context(_server(name, scenario)) for name in scenario.servers}
        wire = sdk.OpenAIResponsesModel if api == "responses" else sdk.OpenAIChatCompletionsModel
        made = _agents(scenario, servers, lambda name: wire(name, client))
        session = sdk.SQLiteSession(scenario.name) if scenario.has_session else None
        outcomes, state = [], None
        for step in scenario.steps:
            outcome, state = await _step(scenario, step, made[scenario.start], session, state, mode)
            outcomes.append(outcome)
        return outcomes


def _server(name: str, scenario: Scenario) -> MCPServerStdio:
    waiting = [tool for agent in scenario.agents.values() for tool in agent.get("needs_approval", [])]
    return MCPServerStdio(
        {"command": sys.executable, "args": [str(FOLDER / "servers" / f"{name}.py")]},
        name=name,
        client_session_timeout_seconds=60,
        require_approval={"always": {"tool_names": waiting}} if waiting else None,
    )


def _agents(scenario: Scenario, servers: dict[str, MCPServerStdio], model) -> dict[str, sdk.Agent]:
    made = {name: _agent(description, servers, model) for name, description in scenario.agents.items()}
    for name, description in scenario.agents.items():
        made[name].handoffs = [made[other] for other in description.get("handoffs", [])]
        made[name].tools = [_as_tool(made[other], scenario.agents[other], description) for other in description.get("agents", [])]
    return made


def _as_tool(agent: sdk.Agent, description: dict, caller: dict) -> sdk.Tool:
    tool = agent.as_tool(None, description["handoff_description"], max_turns=description.get("max_turns"))
    tool.needs_approval = tool.name in caller.get("needs_approval", [])
    return tool


def _agent(description: dict, servers: dict[str, MCPServerStdio], model) -> sdk.Agent:
    """Everything that a prompt file can say, said in Python."""
    guardrails = description.get("guardrails", {})
    behavior: Any = description.get("tool_use_behavior", "run_llm_again")
    return sdk.Agent(
        name=description["name"],
        instructions=re.sub(r"{{\s*([\w.]+)\s*}}", lambda found: PLACEHOLDERS[found[1]], description["instructions"]).strip(),
        handoff_description=description.get("handoff_description"),
        model=model(description.get("model", MODEL)),
        model_settings=_settings(description.get("settings", {})),
        mcp_servers=[servers[name] for name in description.get("tools", [])],
        tool_use_behavior=behavior,
        reset_tool_choice=description.get("reset_tool_choice", True),
        output_type=outputs.TYPES[description["output_type"]] if "output_type" in description else None,
        input_guardrails=[INPUT_GUARDRAILS[name] for name in guardrails.get("input", [])],
        output_guardrails=[OUTPUT_GUARDRAILS[name] for name in guardrails.get("output", [])],
    )


def _settings(settings: dict) -> sdk.ModelSettings:
    """As in the prompt file; the SDK's name for a cache key is an argument of its HTTP client."""
    settings = dict(settings)
    if "reasoning" in settings:
        settings["reasoning"] = openai.types.shared.Reasoning(**settings["reasoning"])
    if "prompt_cache_key" in settings:
        settings["extra_args"] = settings.get("extra_args", {}) | {"prompt_cache_key": settings.pop("prompt_cache_key")}
    return sdk.ModelSettings(**settings, retry=RETRIES)


async def _step(scenario: Scenario, step: dict, agent: sdk.Agent, session, state: RunState | None, mode: str):
    """The outcome, and the state to go on from when the run waits for a person."""
    texts = scenario.agents[scenario.start].get("tool_errors", {})
    handlers = scenario.agents[scenario.start].get("error_handlers", {})
    config = scenario.run_config | {"tool_error_formatter": lambda error: texts.get(error.kind)}
    options: dict[str, Any] = {"session": session, "run_config": sdk.RunConfig(**config), "error_handlers": _handlers(handlers)}
    if "input" not in step:
        begin: Any = await _decided(step, agent, state)
    else:
        begin = step["input"]
        options["max_turns"] = scenario.agents[scenario.start].get("max_turns", 10)
    try:
        if mode == "streamed":
            result: Any = sdk.Runner.run_streamed(agent, begin, **options)
            async for _ in result.stream_events():
                pass
        else:
            result = await sdk.Runner.run(agent, begin, **options)
    except Exception as error:
        return {"error": _error(error), "said": f"{type(error).__name__}: {error}"}, None
    return _outcome(result), result.to_state() if result.interruptions else None


def _handlers(outputs_by_error: dict[str, Any]) -> Any:
    return {kind: (lambda _, value=value: sdk.RunErrorHandlerResult(final_output=value)) for kind, value in outputs_by_error.items()}


async def _decided(step: dict, agent: sdk.Agent, state: RunState | None) -> RunState:
    """The state as another process would read it, with the person's decisions."""
    assert state is not None, "nothing waits for a decision"
    state = await RunState.from_json(agent, json.loads(json.dumps(state.to_json())))
    for item in state.get_interruptions():
        for flag, decide in (("approve", state.approve), ("reject", state.reject)):
            if {"all", item.call_id} & set(step.get(flag, [])):
                decide(item)
    return state


def _outcome(result: Any) -> dict:
    usage = result.context_wrapper.usage
    items = [item.to_input_item() for item in result.new_items if item.type != "tool_approval_item"]
    return {
        "final_output": outputs.value(result.final_output),
        "last_agent": result.last_agent.name,
        "items": json.loads(json.dumps(items)),
        "usage": {key: getattr(usage, key) for key in ("requests", "input_tokens", "output_tokens", "total_tokens")},
        "interruptions": [{"call_id": item.call_id, "name": item.name, "arguments": item.arguments} for item in result.interruptions],
    }


def _error(error: Exception) -> dict:
    """The error by the name that `agent run` has for it."""
    for kind, name in ERRORS.items():
        if isinstance(error, kind):
            return {"type": name, "status": error.status_code} if isinstance(error, openai.APIStatusError) else {"type": name}
    return {"type": type(error).__name__}


ERRORS: dict[type[Exception], str] = {
    sdk.MaxTurnsExceeded: "max_turns_exceeded",
    sdk.ModelRefusalError: "model_refusal",
    sdk.ModelBehaviorError: "model_behavior_error",
    sdk.InputGuardrailTripwireTriggered: "input_guardrail_tripwire",
    sdk.OutputGuardrailTripwireTriggered: "output_guardrail_tripwire",
    sdk.UserError: "user_error",
    openai.APIStatusError: "model_http_error",
    openai.APIConnectionError: "transport_error",
}


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(item["content"] for item in content if item.get("role") == "user")


def _verdict(is_tripped: bool) -> sdk.GuardrailFunctionOutput:
    return sdk.GuardrailFunctionOutput(output_info=None, tripwire_triggered=is_tripped)


@sdk.input_guardrail(name="length", run_in_parallel=False)
def _input_length(context, agent, content):
    return _verdict(len(_text(content)) > LONGEST)


@sdk.input_guardrail(name="injection", run_in_parallel=False)
def _injection(context, agent, content):
    return _verdict(INJECTION in _text(content).lower())


@sdk.output_guardrail(name="length")
def _output_length(context, agent, output):
    return _verdict(len(output if isinstance(output, str) else json.dumps(outputs.value(output))) > LONGEST)


INPUT_GUARDRAILS = {"length": _input_length, "injection": _injection}
OUTPUT_GUARDRAILS = {"length": _output_length}
