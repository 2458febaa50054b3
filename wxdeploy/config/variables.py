"""``${name}``, ``${env:NAME}``, ``${env:NAME:-default}`` and the literal ``$${``, inside texts and after parsing."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from typing import TypeAlias, cast

from wxdeploy.config import project_rules
from wxdeploy.kinds.base import Rule
from wxdeploy.model.diagnostic import Diagnostic
from wxdeploy.model.jsonvalue import JsonValue, Path
from wxdeploy.model.source import SourceMap, Span

MAX_TEXT = 64 * 1024
MAX_TOTAL = 16 * 1024 * 1024
MAX_CHAIN = 32

Place: TypeAlias = Callable[[], Span | None]
"""Where a text stands, for one who asks: almost always there is nothing to say of it."""

_PLACEHOLDER = r"\$\$\{|\$\{([^{}]*)\}|\$\{"
_NAME = r"[A-Za-z_][A-Za-z0-9_.-]*"
_ENVIRONMENT = r"(?s)env:([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?"


def varying(value: JsonValue) -> frozenset[int]:
    """The ids of the mappings and lists in a value that hold a variable."""
    found: set[int] = set()

    def look(part: dict[str, JsonValue] | list[JsonValue]) -> None:
        for below in part.values() if isinstance(part, dict) else part:
            if isinstance(below, str):
                varies = "${" in below
            elif isinstance(below, (dict, list)):
                look(below)
                varies = id(below) in found
            else:
                continue
            if varies:
                found.add(id(part))

    if isinstance(value, (dict, list)):
        look(value)
    return frozenset(found)


class Variables:
    """The variables of one account; ``diagnostics`` collects what is wrong, at the place where it is written."""

    def __init__(self, account: str, values: Mapping[str, str], sources: SourceMap, environ: Mapping[str, str]) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._account = account
        self._values = values
        self._sources = sources
        self._environ = environ
        self._known: dict[str, str] = {}
        self._active: list[str] = []
        self._total = 0

    def fill(self, value: JsonValue, sources: SourceMap, varying: Container[int], path: Path = ()) -> JsonValue:
        """The value with every variable in its texts filled in; the same object where it holds none.

        ``varying`` has the ids of the mappings and lists that hold a variable, as the function of that name finds them.
        """
        if isinstance(value, str):
            return self._text(value, lambda: sources.find(path), path) if "${" in value else value
        if id(value) not in varying:
            return value
        steps = value.items() if isinstance(value, dict) else enumerate(cast("list[JsonValue]", value))
        filled = [
            # What most parts are comes first.
            part if isinstance(part, str) and "${" not in part else self.fill(part, sources, varying, (*path, step))
            for step, part in steps
        ]
        return dict(zip(value, filled, strict=True)) if isinstance(value, dict) else filled

    def text(self, text: str, span: Span | None, path: Path = ()) -> str:
        """One text filled in; what can't be known stays as it is written and is reported."""
        return self._text(text, lambda: span, path)

    def _text(self, text: str, place: Place, path: Path) -> str:
        length = 0

        def put(found: re.Match[str]) -> str:
            nonlocal length
            if length > MAX_TEXT:
                return ""
            part = self._part(found, place, path)
            length += len(part)
            self._total += len(part)
            return part

        filled = re.sub(_PLACEHOLDER, put, text)
        if length > MAX_TEXT or self._total > MAX_TOTAL:
            detail = f"with its variables filled in the value would be longer than {MAX_TEXT:,} characters"
            if length <= MAX_TEXT:
                detail = f"the variables of the account stand for more than {MAX_TOTAL:,} characters in all"
            self._report(
                project_rules.variables_too_long, detail, "look for variables that repeat each other", place, path
            )
            return ""
        return filled

    def _part(self, found: re.Match[str], place: Place, path: Path) -> str:
        if found[0] == "$${":
            return "${"
        if self._total > MAX_TOTAL:
            return ""
        inner = found[1]
        if inner in self._known:
            return self._known[inner]
        if inner is None:
            self._malformed(found[0], "the } that closes it is missing", place, path)
        elif match := re.fullmatch(_ENVIRONMENT, inner):
            return self._environment(match, found[0], place, path)
        elif re.fullmatch(_NAME, inner):
            return self._variable(inner, found[0], place, path)
        elif re.fullmatch(_NAME, inner.partition(":-")[0]):
            self._malformed(found[0], "only ${env:NAME:-default} has a default", place, path)
        else:
            self._malformed(found[0], "a name is made of letters, digits, `_`, `.` and `-`", place, path)
        return found[0]

    def _environment(self, match: re.Match[str], written: str, place: Place, path: Path) -> str:
        name, default = match[1], match[2]
        value = self._environ.get(name, "")
        if value and not _is_text(value):
            detail = f"the bytes of {name} are no UTF-8"
            self._report(project_rules.environment_not_text, detail, f"set {name} to UTF-8 text", place, path)
            return written
        if value or default is not None:
            return value or default
        state = "empty" if name in self._environ else "not set"
        fix = f"set {name}, or write ${{env:{name}:-default}}"
        self._report(project_rules.unset_environment, f"the environment variable {name} is {state}", fix, place, path)
        return written

    def _variable(self, name: str, written: str, place: Place, path: Path) -> str:
        if name not in self._values:
            self._unset(name, place, path)
            return written
        if name not in self._known:
            above: Path = ("accounts", self._account, "vars", name)

            def declared() -> Span | None:
                return self._sources.find(("vars", name))

            if name in self._active or len(self._active) >= MAX_CHAIN:
                circle = " -> ".join([*self._active[-4:], name])
                fix = "give one of them a value that uses none of the others"
                self._report(project_rules.variable_cycle, circle, fix, declared, above)
                return written
            self._active.append(name)
            self._known[name] = self._text(self._values[name], declared, above)
            self._active.pop()
        return self._known[name]

    def _unset(self, name: str, place: Place, path: Path) -> None:
        from difflib import get_close_matches

        if close := get_close_matches(name, self._values, n=1):
            fix = f"write ${{{close[0]}}}"
        elif name.isupper():
            fix = f"write ${{env:{name}}} if the environment variable is meant"
        else:
            fix = f"add `{name}: ...` to the `vars` of the account, or of `defaults`"
        detail = f"the account has no variable `{name}`"
        self._report(project_rules.unset_variable, detail, fix, place, path)

    def _malformed(self, written: str, why: str, place: Place, path: Path) -> None:
        detail = f"`{written[:40]}` can't be understood: {why}"
        fix = "write ${name} or ${env:NAME}; a literal ${ is written $${"
        self._report(project_rules.malformed_variable, detail, fix, place, path)

    def _report(self, rule: Rule, detail: str, fix: str, place: Place, path: Path) -> None:
        finding = rule.found(detail, fix, span=place(), path=path, account=self._account)
        if finding not in self.diagnostics:
            self.diagnostics.append(finding)


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
