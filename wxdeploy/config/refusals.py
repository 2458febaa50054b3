"""What the schemas refuse, in our words; imports jsonschema when it is first asked, which is when something is wrong.

A subschema may hold ``x-rule``: a code whose rule words better what the keywords beside it (and below it, within the
same value) refuse. Such findings are left to that rule, but for those about the type or about unknown keys, which a
rule passes over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from wxdeploy.config import schema_rules, yaml_rules
from wxdeploy.config.documents import Document
from wxdeploy.config.schemas import SUFFIX, contents
from wxdeploy.config.wording import Fault, word
from wxdeploy.model.diagnostic import Diagnostic, order_of
from wxdeploy.model.jsonvalue import JsonValue, Path
from wxdeploy.model.source import SourceMap

if TYPE_CHECKING:
    from jsonschema import Draft7Validator
    from jsonschema.exceptions import ValidationError

# Keywords that ask about the value of a text, which is not known while a variable stands in it.
_ABOUT_VALUE = frozenset({"enum", "const", "pattern", "format", "minLength", "maxLength", "not"})
# Keywords that a rule never words, because rules pass over what is of another shape.
_NEVER_LEFT = frozenset({"type", "additionalProperties"})
# Keywords whose subschemas have names of their own.
_NAMED = frozenset({"properties", "patternProperties", "dependencies", "definitions"})
# Steps of a path through a schema after which another value is meant.
_TO_PART = frozenset(
    {"properties", "patternProperties", "additionalProperties", "items", "additionalItems", "propertyNames"}
)


def of_value(value: JsonValue, sources: SourceMap, name: str) -> tuple[Diagnostic, ...]:
    """What a schema says of a value whose places are ``sources``, by place and each thing once."""
    return _diagnostics(compiled(name).iter_errors(value), name, sources)


def of_sections(document: Document, name: str) -> tuple[tuple[Diagnostic, ...], frozenset[str]]:
    """As ``schemas.check_sections``, of a file that the schema does not take as it stands."""
    errors = list(compiled(name).iter_errors(document.value))
    waiting = frozenset(
        str(error.absolute_path[0]) for error in _all(errors) if error.absolute_path and _about_variable(error)
    )
    known = (error for error in errors if not error.path or error.path[0] not in waiting)
    found = (each._replace(path=each.path[1:]) for each in _diagnostics(known, name, document.sources))
    return _without_parts((*document.diagnostics, *found)), waiting


def _without_parts(found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """What is wrong with a file, without what is said of keys that are parts of a text which ends at a comma.

    Of ``{url: https://www.example.com/?a=1,2}`` the 2 is no key that should have quotes.
    """
    ends = {
        (each.span.line, each.span.column)
        for each in found
        if each.span and each.code == schema_rules.text_without_quotes.code
    }

    def is_part(each: Diagnostic) -> bool:
        place = each.span
        if place is None or each.code != yaml_rules.key_not_a_string.code:
            return False
        return any(line == place.line and column <= place.column for line, column in ends)

    return tuple(each for each in found if not is_part(each))


@cache
def compiled(name: str) -> Draft7Validator:
    """The schema as jsonschema checks by it."""
    from jsonschema import Draft7Validator

    return Draft7Validator(_inlined(name, ""))


def _diagnostics(errors: Iterable[ValidationError], name: str, sources: SourceMap) -> tuple[Diagnostic, ...]:
    faults = [fault for error in errors for fault in _faults(error, name, sources)]
    # A key that is mistyped is missing too; one finding is enough.
    meant = {(*fault.path[:-1], fault.meant) for fault in faults if fault.meant}
    found: dict[tuple[Path, str], Diagnostic] = {}
    for fault in faults:
        if fault.missing and (*fault.path, fault.missing) in meant:
            continue
        place = sources.find_key(fault.path) if fault.on_key else sources.find(fault.path)
        key = (fault.path, fault.rule.code + (fault.missing or ""))
        found.setdefault(key, fault.rule.found(fault.detail, fault.fix, span=place, path=fault.path))
    return tuple(sorted(found.values(), key=order_of))


def _all(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    for error in errors:
        yield error
        yield from _all(error.context or ())


def _about_variable(error: ValidationError) -> bool:
    return error.validator in _ABOUT_VALUE and isinstance(error.instance, str) and "${" in error.instance


@cache
def _inlined(name: str, pointer: str) -> dict[str, Any]:
    """A subschema with what its references lead to in their place, which makes a check a third faster.

    The schemas refer to each other by relative addresses and in no circle.
    """
    schema: Any = contents(name)
    for step in pointer.split("/")[1:]:
        schema = schema[step]
    inlined: dict[str, Any] = _inline(schema, name)
    return inlined


def _inline(schema: Any, name: str) -> Any:
    if isinstance(schema, list):
        return [_inline(part, name) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(reference := schema.get("$ref"), str):
        file, _, pointer = reference.partition("#")
        target = _inlined(file.removesuffix(SUFFIX) or name, pointer)
        # Beside a reference draft-07 knows no other keyword; ours are no part of it.
        return target | {key: value for key, value in schema.items() if key.startswith("x-")}
    return {key: _inline(value, name) for key, value in schema.items() if key not in ("definitions", "$id")}


def _faults(error: ValidationError, name: str, sources: SourceMap) -> Iterator[Fault]:
    lineage = _lineage(error, name)
    if error.validator not in _NEVER_LEFT and _left_to_rule(lineage):
        return
    if _about_variable(error):
        return
    if (
        error.validator in ("type", "anyOf")
        and not isinstance(error.instance, (str, list, dict))
        and _is_secret(lineage)
    ):
        return  # a literal secret, which has a rule of its own
    if error.validator in ("anyOf", "oneOf") and error.context:
        meant = _branch_meant(error)
        if meant is not None:
            for inner in meant:
                yield from _faults(inner, name, sources)
            return
    yield from word(error, [schema for _, schema in lineage], sources)


def _branch_meant(error: ValidationError) -> list[ValidationError] | None:
    """The errors of the alternative that the data was meant for; None where it fits none by its type."""
    branches: dict[Any, list[ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(inner.schema_path[0], []).append(inner)
    fitting = {
        index: errors
        for index, errors in branches.items()
        if not any(inner.validator in ("type", "const", "enum") and not inner.path for inner in errors)
    }
    if not fitting:
        return None

    def distance(errors: list[ValidationError]) -> tuple[int, int]:
        # A constant of a part (`type: click`) tells the alternatives apart.
        told = sum(inner.validator in ("const", "enum") and len(inner.path) == 1 for inner in errors)
        return told, len(errors)

    return min(fitting.values(), key=distance)


def _is_secret(lineage: list[tuple[object, Mapping[str, Any]]]) -> bool:
    return any(schema.get("writeOnly") for _, schema in lineage[-2:])


def _left_to_rule(lineage: list[tuple[object, Mapping[str, Any]]]) -> bool:
    """Whether the subschema of an error, or one around it that is about the same value, names a rule."""
    for step, schema in reversed(lineage):
        if "x-rule" in schema:
            return True
        if step in _TO_PART:
            return False
    return False


def _lineage(error: ValidationError, name: str) -> list[tuple[object, Mapping[str, Any]]]:
    """The subschemas from the top to that of the error, each with the keyword that leads to it from the one before."""
    schema: Any = _inlined(name, "")
    lineage: list[tuple[object, Mapping[str, Any]]] = [(None, schema)]
    steps = iter(list(error.absolute_schema_path)[:-1])
    for keyword in steps:
        schema = schema[keyword]
        if keyword in _NAMED or isinstance(schema, list):
            schema = schema[next(steps)]
        if isinstance(schema, dict):  # and not the subschema `false`
            lineage.append((keyword, schema))
    return lineage
