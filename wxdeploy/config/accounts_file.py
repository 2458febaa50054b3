"""The file that ``accounts_file`` names: accounts as the rows of a CSV table, or as YAML.

Either way it becomes a ``Document`` whose value is ``{accounts: {name: entry}}``, so that the same schema, the same
rules and the same places serve an account wherever it is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from wxdeploy.config import accounts_rules, file_rules, files
from wxdeploy.config.builder import MAX_VALUES
from wxdeploy.config.documents import Document, load, text_of
from wxdeploy.config.files import Refusal
from wxdeploy.config.places import Entry, Place, source_map
from wxdeploy.config.schemas import check
from wxdeploy.config.table import Broken, Cell, rows
from wxdeploy.model.diagnostic import Diagnostic, order_of
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.source import Span

COLUMNS = (
    "name",
    "appid",
    "secret",
    "access_token",
    "api",
    "files",
    "prune",
    "protect",
    "authorizer.component_appid",
    "authorizer.component_access_token",
    "authorizer.refresh_token",
    "callback.url",
    "callback.token",
    "callback.encoding_aes_key",
    "callback.mode",
    "callback.forward",
)
"""The columns that a table can have, beside those that begin as one of ``OPEN``."""

OPEN = ("labels.", "vars.", "rules.")
"""What the names of further columns begin with: keys of mappings whose keys are anybody's."""

LISTS = frozenset({"files", "prune", "protect"})
"""Columns that hold several texts, separated by semicolons."""

MOST_COLUMNS = 1000
_NEEDED = ("name", "appid")
_FORMULA = ("=", "+", "-", "@")
_MOST_FAULTS = 1000
_NOWHERE: Place = (1, 1, {})


def read(root: Path, pattern: str, span: Span | None) -> Document | Diagnostic:
    """The accounts file of a project; a finding at ``span``, where it is named, if there is none to read."""
    found = files.find(root, pattern)
    if not isinstance(found, Refusal) and len(found) > 1:
        found = Refusal(detail=f"`{pattern}` fits {len(found)} files", fix="name one file")
    if isinstance(found, Refusal):
        rule = file_rules.outside_project if found.outside else file_rules.no_such_file
        return rule.found(found.detail, found.fix, span=span, path=("accounts_file",))
    name = found[0]
    data, shown = files.read(root, name), files.display(name)
    if isinstance(data, Diagnostic):
        return load(b"", shown)._replace(diagnostics=(data,))
    document = table(data, shown) if name.lower().endswith(".csv") else load(data, shown)
    if document.diagnostics and not document.value:
        return document
    findings = (*document.diagnostics, *check(document, "accounts"))
    return document._replace(diagnostics=tuple(sorted(findings, key=order_of)))


def table(data: bytes, file: str) -> Document:
    """The document that a CSV file stands for; whatever the bytes, its diagnostics say what is wrong with them."""
    text = text_of(data, file)
    if isinstance(text, Diagnostic):
        if text.code == file_rules.forbidden_character.code:
            text = text._replace(fix="delete it")  # a table has no escapes to write it by
        return _document(file, {}, _NOWHERE, [text])
    return _Table(file).read(text)


def columns_of(data: bytes, file: str) -> tuple[str, ...] | None:
    """The names of a table's columns, some perhaps empty; None where it is no table of accounts that can be read."""
    text = text_of(data, file)
    head = next(rows(text), None) if isinstance(text, str) else None
    if head is None or isinstance(head, Broken):
        return None
    names = tuple(cell.text for cell in head)
    return names if all(name in names for name in _NEEDED) else None


def _document(file: str, value: Mapping[str, JsonValue], root: Place, findings: Sequence[Diagnostic]) -> Document:
    return Document(
        file=file, value=value, sources=source_map(file, root), diagnostics=tuple(sorted(findings, key=order_of))
    )


class _Table:
    """Turns the rows of one table into entries; ``findings`` collects what is wrong with it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Diagnostic] = []
        self._entries: dict[str, JsonValue] = {}
        self._places: dict[str, Entry] = {}

    def read(self, text: str) -> Document:
        found = rows(text)
        head = next(found, None)
        if head is None:
            self._broken("the file is empty", "begin with a row such as name,appid,secret,files", 1, 1)
        elif isinstance(head, Broken):
            self._unreadable(head)
        elif columns := self._columns(head):
            self._rows(found, columns, len(head))
        if not self._entries:
            return _document(self.file, {}, _NOWHERE, self.findings)
        accounts: Entry = (1, 1, self._places, 1, 1)
        place: Place = (1, 1, {"accounts": accounts})
        return _document(self.file, {"accounts": self._entries}, place, self.findings)

    def _columns(self, head: list[Cell]) -> dict[int, str]:
        """The columns that have a meaning, by number; none where the table can't be read without the others."""
        if len(head) > MOST_COLUMNS:
            self._broken(f"it has {len(head):,} columns", "leave this file out: it is no list of accounts", 1, 1)
            return {}
        if len(head) == 1 and {";", "\t"} & set(head[0].text):
            self._column("the columns are not separated by commas", "save the table as CSV with commas", head[0])
            return {}
        columns: dict[int, str] = {}
        for index, cell in enumerate(head):
            name = cell.text
            if name in columns.values():
                first = next(head[at] for at, other in columns.items() if other == name)
                why = f"`{name}` is the name of the column at {self.file}:{first.line}:{first.column} already"
                self._column(why, "remove one of the two", cell)
            elif name in COLUMNS or any(name.startswith(each) and name != each for each in OPEN):
                columns[index] = name
            elif name:
                self._column(f"`{name}` is no key of an account", _meant(name, columns), cell)
        if missing := [name for name in _NEEDED if name not in columns.values()]:
            names = " and ".join(f"`{name}`" for name in missing)
            self._column(f"there is no column {names}", f"add {names} to the first row, and fill it in", head[0])
            return {}
        return columns

    def _rows(self, found: Iterator[list[Cell] | Broken], columns: Mapping[int, str], width: int) -> None:
        filled = 0
        for row in found:
            if isinstance(row, Broken):
                self._unreadable(row)
                return
            filled += sum(bool(cell.text) for cell in row)
            if filled > MAX_VALUES or len(self.findings) > _MOST_FAULTS:
                detail = f"it holds more than {MAX_VALUES:,} values, or is wrong in more than {_MOST_FAULTS:,} places"
                fix = "make several projects of so many accounts, or mend what is told first"
                span = Span(self.file, row[0].line, row[0].column)
                self.findings.append(file_rules.file_too_large.found(detail, fix, span=span))
                return
            if len(row) != width:
                detail = f"this row has {len(row)} cell{'' if len(row) == 1 else 's'}, and the first row names {width}"
                self._broken(detail, "add or remove commas, and quote cells that hold one", row[0].line, row[0].column)
            else:
                self._row(row, columns)

    def _row(self, row: list[Cell], columns: Mapping[int, str]) -> None:
        entry: dict[str, Any] = {}
        places: dict[str, Entry] = {}
        name = Cell("", row[0].line, row[0].column)
        for index, cell in enumerate(row):
            if not cell.text:
                continue
            column = columns.get(index)
            if cell.text.startswith(_FORMULA):
                detail = f"`{cell.text[:20]}` begins with `{cell.text[0]}`, and a spreadsheet would compute it"
                fix = "write it another way, or let a variable of the environment stand for it"
                span = Span(self.file, cell.line, cell.column)
                self.findings.append(accounts_rules.formula.found(detail, fix, span=span))
            if column == "name":
                name = cell
            elif column is not None:
                _put(entry, places, column, cell)
        if name.text in self._entries:
            first = self._places[name.text]
            self.findings.append(twice(name.text, Span(self.file, name.line, name.column),
                                       Span(self.file, first[0], first[1])))  # fmt: skip
            return
        self._entries[name.text] = entry
        self._places[name.text] = (row[0].line, row[0].column, places, name.line, name.column)

    def _unreadable(self, broken: Broken) -> None:
        fix = 'put cells with a comma or a quote in double quotes, and write a quote in them twice: "a ""b"" c"'
        self._broken(broken.why, fix, broken.line, broken.column)

    def _broken(self, detail: str, fix: str, line: int, column: int) -> None:
        self.findings.append(accounts_rules.table_broken.found(detail, fix, span=Span(self.file, line, column)))

    def _column(self, detail: str, fix: str, cell: Cell) -> None:
        span = Span(self.file, cell.line, cell.column)
        self.findings.append(accounts_rules.column_unknown.found(detail, fix, span=span))


def twice(name: str, span: Span | None, first: Span | None) -> Diagnostic:
    """The finding of a second account of one name."""
    return accounts_rules.account_twice.found(
        f"`{name}` is the name of the account at {first} already",
        "give one of the two another name",
        span=span,
        path=("accounts", name),
        account=name,
    )


def _meant(name: str, taken: Mapping[int, str]) -> str:
    left = [each for each in COLUMNS if each not in taken.values()]
    if near := get_close_matches(name, left, n=1):
        return f"did you mean `{near[0]}`?"
    return (
        f"write `vars.{name}` for a variable, `labels.{name}` for what accounts are selected by, or remove the column"
    )


def _put(entry: dict[str, Any], places: dict[str, Entry], column: str, cell: Cell) -> None:
    """The cell at its place in the entry: ``vars.a.b`` is the variable ``a.b``."""
    here = (cell.line, cell.column)
    if column in LISTS:
        items = [item.strip() for item in cell.text.split(";") if item.strip()]
        entry[column] = items
        places[column] = (*here, [(*here, None) for _ in items], *here)
        return
    key, _, below = column.partition(".")
    if not below:
        entry[key] = cell.text
        places[key] = (*here, None, *here)
        return
    entry.setdefault(key, {})[below] = cell.text
    around = places.setdefault(key, (*here, {}, *here))[2]
    assert isinstance(around, dict)  # noqa: S101 - made so one line above
    around[below] = (*here, None, *here)
