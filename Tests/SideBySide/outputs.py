"""The shapes of final outputs that scenarios name by `output_type`: the Python agent gets the type, the prompt file its JSON Schema."""

from typing import Any

from pydantic import BaseModel, Field, TypeAdapter


class Weather(BaseModel):
    city: str = Field(description="Where it is.")
    degrees: int
    warnings: list[str] = []


TYPES: dict[str, Any] = {"Weather": Weather, "names": list[str], "number": int}


def schema(name: str) -> dict:
    return TypeAdapter(TYPES[name]).json_schema()


def value(output: Any) -> Any:
    """The JSON value of a final output."""
    return TypeAdapter(Any).dump_python(output, mode="json")
