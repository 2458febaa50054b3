"""``${name}``, ``${env:NAME}``, ``${env:NAME:-default}`` and the literal ``$${``, inside texts and after parsing."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

from wxdeploy.config import project_rules
from wxdeploy.kinds.base import Rule
from wxdeploy.model.diagnostic import Diagnostic
from wxdeploy.model.jsonvalue import JsonValue, Path
from wxdeploy.model.source import SourceMap, Span

MAX_TEXT = 64 * 1024
MAX_TOTAL = 16 * 1024 * 1024
MAX_CHAIN = 32

_PLACEHOLDER = r"\$\$\{|\$\{([^{}]*)\}|\$\{"
_NAME = r"[A-Za-z_][A-Za-z0-9_.-]*"
_ENVIRONMENT = r"(?s)env:([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?"


def varying(value: JsonValue) -> frozenset[int]:
    """The ids of the mappings and lists in a value that hold a variable."""
    found: set[int] = set()

    def varies(part: JsonValue) -> bool:
        if isinstance(part, str):
            return "${" in part
        if not isinstance(part, (dict, list)):
            return False
        held = [varies(below) for below in (part.values() if isinstance(part, dict) else part)]
        if any(held):
            found.add(id(part))
        return any(held)

    varies(value)
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
            return self.text(value, sources.find(path), path) if "${" in value else value
        if id(value) not in varying:
            return value
        if isinstance(value, Mapping):
            return {key: self._part_of(part, sources, varying, path, key) for key, part in value.items()}
        if isinstance(value, list):
            return [self._part_of(part, sources, varying, path, index) for index, part in enumerate(value)]
        return value

    def _part_of(
        self, part: JsonValue, sources: SourceMap, varying: Container[int], path: Path, step: str | int
    ) -> JsonValue:
        if isinstance(part, str) and "${" not in part:  # what most parts are
            return part
        return self.fill(part, sources, varying, (*path, step))

    def text(self, text: str, span: Span | None, path: Path = ()) -> str:
        """One text filled in; what can't be known stays as it is written and is reported."""
        length = 0

        def put(found: re.Match[str]) -> str:
            nonlocal length
            if length > MAX_TEXT:
                return ""
            part = self._part(found, span, path)
            length += len(part)
            self._total += len(part)
            return part

        filled = re.sub(_PLACEHOLDER, put, text)
        if length > MAX_TEXT or self._total > MAX_TOTAL:
            detail = f"with its variables filled in the value would be longer than {MAX_TEXT:,} characters"
            if length <= MAX_TEXT:
                detail = f"the variables of the account stand for more than {MAX_TOTAL:,} characters in all"
            self._report(
                project_rules.variables_too_long, detail, "look for variables that repeat each other", span, path
            )
            return ""
        return filled

    def _part(self, found: re.Match[str], span: Span | None, path: Path) -> str:
        if found[0] == "$${":
            return "${"
        if self._total > MAX_TOTAL:
            return ""
        inner = found[1]
        if inner is None:
            self._malformed(found[0], "the } that closes it is missing", span, path)
        elif match := re.fullmatch(_ENVIRONMENT, inner):
            return self._environment(match, found[0], span, path)
        elif re.fullmatch(_NAME, inner):
            return self._variable(inner, found[0], span, path)
        elif re.fullmatch(_NAME, inner.partition(":-")[0]):
            self._malformed(found[0], "only ${env:NAME:-default} has a default", span, path)
        else:
            self._malformed(found[0], "a name is made of letters, digits, `_`, `.` and `-`", span, path)
        return found[0]

    def _environment(self, match: re.Match[str], written: str, span: Span | None, path: Path) -> str:
        name, default = match[1], match[2]
        value = self._environ.get(name, "")
        if value and not _is_text(value):
            detail = f"the bytes of {name} are no UTF-8"
            self._report(project_rules.environment_not_text, detail, f"set {name} to UTF-8 text", span, path)
            return written
        if value or default is not None:
            return value or default
        state = "empty" if name in self._environ else "not set"
        fix = f"set {name}, or write ${{env:{name}:-default}}"
        self._report(project_rules.unset_environment, f"the environment variable {name} is {state}", fix, span, path)
        return written

    def _variable(self, name: str, written: str, span: Span | None, path: Path) -> str:
        if name not in self._values:
            self._unset(name, span, path)
            return written
        if name not in self._known:
            if name in self._active or len(self._active) >= MAX_CHAIN:
                circle = " -> ".join([*self._active[-4:], name])
                place = self._sources.find(("vars", name))
                fix = "give one of them a value that uses none of the others"
                self._report(
                    project_rules.variable_cycle, circle, fix, place, ("accounts", self._account, "vars", name)
                )
                return written
            self._active.append(name)
            place = self._sources.find(("vars", name))
            self._known[name] = self.text(self._values[name], place, ("accounts", self._account, "vars", name))
            self._active.pop()
        return self._known[name]

    def _unset(self, name: str, span: Span | None, path: Path) -> None:
        from difflib import get_close_matches

        if close := get_close_matches(name, self._values, n=1):
            fix = f"write ${{{close[0]}}}"
        elif name.isupper():
            fix = f"write ${{env:{name}}} if the environment variable is meant"
        else:
            fix = f"add `{name}: ...` to the `vars` of the account, or of `defaults`"
        detail = f"the account has no variable `{name}`"
        self._report(project_rules.unset_variable, detail, fix, span, path)

    def _malformed(self, written: str, why: str, span: Span | None, path: Path) -> None:
        detail = f"`{written[:40]}` can't be understood: {why}"
        fix = "write ${name} or ${env:NAME}; a literal ${ is written $${"
        self._report(project_rules.malformed_variable, detail, fix, span, path)

    def _report(self, rule: Rule, detail: str, fix: str, span: Span | None, path: Path) -> None:
        finding = rule.found(detail, fix, span=span, path=path, account=self._account)
        if finding not in self.diagnostics:
            self.diagnostics.append(finding)


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
