"""The shape of a JSON input file, as pydantic models and as JSON Schema, derived from the field definitions."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, create_model

from toolkit import kinds
from toolkit import model as nouns
from toolkit.model import Chosen, Definitions, Score, Section

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DATE = r"^(\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4})$"
_TYPES: dict[str, Any] = {
    "text": str,
    "long": str,
    "code": str,
    "ref": str,
    "lines": list[str] | str,
    "refs": list[str] | str,
    "date": Annotated[str, Field(pattern=_DATE)],
    "number": int | float,
    "integer": int,
    "score": int | float | str,
    "yes_no": bool | Literal["yes", "no"],
}


class Models(NamedTuple):
    """The models of a whole file (``clinic``, ``staff``, ``records``) and of one record, or line of JSONL."""

    file: type[BaseModel]
    record: type[BaseModel]


def models(definitions: Definitions) -> Models:
    """Return the pydantic models of an input file under ``definitions``.

    They hold the shape, not the requirements: any answer but the client's id may be absent, as in a plan half written.
    An unknown name is refused. ``record.model_dump(exclude_none=True)`` gives what the JSON reader takes.
    """
    sections = {section.name: _property(section, definitions) for section in definitions.sections.values()}
    shared = {name: sections[name] for name in sections if definitions.sections[name].scope == "workbook"}
    record = _model("Record", "One client's episode of care.", sections)
    records = (list[record], Field(description="The records, one for each client."))  # type: ignore[valid-type]
    return Models(_model("File", "An input file of plankit.", {**shared, "records": records}), record)


def json_schema(definitions: Definitions) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of an input file: its questions, choices and examples."""
    return {"$schema": DIALECT, **models(definitions).file.model_json_schema()}


def _property(section: Section, definitions: Definitions) -> tuple[Any, Any]:
    row = _row(section, definitions)
    shape = list[row] if section.repeats else row  # type: ignore[valid-type]
    named = any(_is_client_id(item) for item in section.fields)
    return (
        (shape, Field(title=section.title))
        if named
        else (shape | None, Field(None, title=section.title, json_schema_extra=_without_default))
    )


def _row(section: Section, definitions: Definitions) -> type[BaseModel]:
    """Return the model of one row (or of a single section) with the sections that nest in it."""
    fields = {item.name: _field(item) for item in section.fields if not item.derived}
    fields.update({child.name: _property(child, definitions) for child in definitions.children(section.name)})
    return _model(section.name.title().replace("_", ""), section.title, fields)


def _model(name: str, description: str, fields: dict[str, tuple[Any, Any]]) -> type[BaseModel]:
    config = ConfigDict(extra="forbid", protected_namespaces=(), alias_generator=_alias, serialize_by_alias=True)
    named: dict[str, Any] = {_attribute(name): about for name, about in fields.items()}
    made: type[BaseModel] = create_model(name, __config__=config, __doc__=description, **named)
    return made


def _attribute(name: str) -> str:
    """Return a field's name as an attribute: another where pydantic has something of its own by it (copy, json)."""
    return f"{name}_" if hasattr(BaseModel, name) else name


def _alias(attribute: str) -> str:
    """Return the field's own name, by which it is read and written."""
    name = attribute.removesuffix("_")
    return name if _attribute(name) == attribute else attribute


def _field(item: nouns.Field) -> tuple[Any, Any]:
    values = tuple(choice.value for choice in item.choices)
    shape = Literal[values] if values else _TYPES.get(item.kind, str)
    example = _example(item)
    about: dict[str, Any] = {"title": item.label, "description": _description(item)}
    if example is not None:
        about["examples"] = [example]
    return (
        (shape, Field(**about))
        if _is_client_id(item)
        else (shape | None, Field(None, **about, json_schema_extra=_without_default))
    )


def _without_default(schema: dict[str, Any]) -> None:
    """Leave out what says nothing: an answer that may be absent."""
    schema.pop("default", None)


def _is_client_id(item: nouns.Field) -> bool:
    return item.path == nouns.CLIENT_ID


def _description(item: nouns.Field) -> str:
    said = [item.prompt]
    if item.required:
        said.append(f"Required for: {', '.join(item.required)}.")
    if item.required_when:
        said.append(f"Required when {item.required_when}.")
    if item.default:
        said.append(f"Left out, it is {item.default.removeprefix('=').strip()}.")
    return " ".join(part for part in said if part)


def _example(item: nouns.Field) -> Any:
    """Return the field's example as JSON holds it, None where it has none that can be read."""
    value = kinds.read(item.example, item)
    if isinstance(value, kinds.Unreadable) or value is None:
        return None
    if isinstance(value, Chosen):
        return str(value)
    if isinstance(value, Score):
        return value.text
    if isinstance(value, bool | int):
        return value
    if isinstance(value, tuple):
        return [str(part) for part in value]
    return float(value) if item.kind == "number" else kinds.show(value)
