"""The reports of the shards of one fleet, put together into the report that one run over all of it would have made."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from wxdeploy.model import planjson, reportjson
from wxdeploy.model.errors import RefusedError, UsageError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.shard import Shard
from wxdeploy.model.source import SourceMap

SCHEMAS: Mapping[str, str] = {planjson.FORMAT: "plan", reportjson.FORMAT: "apply"}
"""The formats that can be merged, and the schema of each."""

_MAX_BYTES = 200_000_000
_AGAIN = "give the report of each shard of one run: --shard 1/N to --shard N/N, written with --format json"
_SAME = ("format", "wxdeploy", "base", "targets")

Report = Mapping[str, Any]


def read(path: Path) -> Report:
    """The report in a file; raises ``UsageError`` where there is no file, ``RefusedError`` for one that is none."""
    from wxdeploy.config.schemas import check_value

    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        raise UsageError(f"there is no file {path}", fix=_AGAIN) from None
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}", fix=_AGAIN) from None
    try:
        document = json.loads(data) if len(data) <= _MAX_BYTES else None
    except (ValueError, RecursionError):
        raise RefusedError(f"{path} was cut off, or is no JSON", fix=_AGAIN) from None
    name = document.get("format") if isinstance(document, dict) else None
    schema = SCHEMAS.get(name) if isinstance(name, str) else None
    if schema is None or not isinstance(document, dict):
        raise RefusedError(f"{path} is no report of a plan or an apply of this version", fix=_AGAIN)
    if found := check_value(document, SourceMap(), schema):
        raise RefusedError(f"{path} is no whole report: {found[0].detail}", fix=_AGAIN)
    return document


def merge(reports: Sequence[tuple[str, Report]]) -> dict[str, JsonValue]:
    """One report of all shards, each given with what to call it; as that of a run without ``--shard``.

    Raises ``RefusedError`` where they are not each shard of one run, once: a missing one would look as if its accounts
    were as they should be. A shard that failed as a whole leaves its accounts out and its error in.
    """
    shards = [(name, _shard(name, report)) for name, report in reports]
    _check_same(reports)
    _check_shards(shards)
    accounts: dict[str, JsonValue] = {}
    owner: dict[str, str] = {}
    for name, report in reports:
        for account in report["accounts"]:
            if (key := account["account"]) in accounts:
                raise RefusedError(f"{owner[key]} and {name} both tell of the account {key}", fix=_AGAIN)
            accounts[key], owner[key] = account, name
    order = next((shard.accounts for _, shard in shards if shard.accounts), ())
    pairs = zip(shards, reports, strict=True)
    error = _error([(shard, report["error"]) for (_, shard), (_, report) in pairs if report["error"]])
    if foreign := [name for name in accounts if name not in order]:
        raise RefusedError(f"{owner[foreign[0]]} tells of the account {foreign[0]}, which is in no shard", fix=_AGAIN)
    if error is None and (lost := [name for name in order if name not in accounts]):
        raise RefusedError(f"no report tells of the account {lost[0]}", fix=_AGAIN)
    whole = next((report for _, report in reports if not report["error"]), reports[0][1])
    kept = {key: value for key, value in whole.items() if key not in ("shard", "commit", "digest")}
    return {
        **kept,
        "accounts": [accounts[name] for name in order if name in accounts],
        "summary": _sum([report["summary"] for _, report in reports]),
        "error": error,
    }


def _shard(name: str, report: Report) -> Shard:
    if report.get("against"):
        # What is gone since is in no share, and would look as if nothing had been there.
        raise RefusedError(
            f"{name} compares with a git revision",
            fix="it asks no account and needs no shards: run wxdeploy diff without --shard",
        )
    try:
        return Shard.from_json(report.get("shard"))
    except ValueError:
        raise RefusedError(f"{name} is no shard's report: it was made without --shard", fix=_AGAIN) from None


def _check_same(reports: Sequence[tuple[str, Report]]) -> None:
    first_name, first = reports[0]
    for name, report in reports[1:]:
        # One that failed as a whole may not have got so far as to tell more than its format.
        for key in _SAME[:2] if report["error"] or first["error"] else _SAME:
            if report.get(key) != first.get(key):
                raise RefusedError(f"{first_name} and {name} are of different runs: `{key}` differs", fix=_AGAIN)


def _check_shards(shards: Sequence[tuple[str, Shard]]) -> None:
    seen: dict[int, str] = {}
    first_name, first = shards[0]
    for name, shard in shards:
        if shard.count != first.count:
            raise RefusedError(f"{first_name} is shard {first} and {name} is shard {shard}", fix=_AGAIN)
        if shard.index in seen:
            raise RefusedError(f"{seen[shard.index]} and {name} both are shard {shard}", fix=_AGAIN)
        seen[shard.index] = name
    fleets = {shard.accounts: name for name, shard in reversed(shards) if shard.accounts}
    if len(fleets) > 1:
        names = " and ".join(sorted(fleets.values())[:2])
        raise RefusedError(f"{names} share out different accounts: they are of different configurations", fix=_AGAIN)
    if missing := [str(index) for index in range(1, first.count + 1) if index not in seen]:
        raise RefusedError(f"shard {', '.join(missing[:20])} of {first.count} is missing", fix=_AGAIN)


def _error(errors: Sequence[tuple[Shard, Mapping[str, Any]]]) -> JsonValue:
    """What is told where shards failed as a whole: the first one's error, and how many they are."""
    if not errors:
        return None
    shard, first = errors[0]
    more = f" (and {len(errors) - 1} more failed as a whole)" if len(errors) > 1 else ""
    return {**first, "message": f"shard {shard}: {first['message']}{more}"}


def _sum(values: Sequence[Any]) -> JsonValue:
    """Summaries added up, number by number."""
    first = values[0]
    if isinstance(first, Mapping):
        return {key: _sum([value[key] for value in values]) for key in first}
    return sum(int(value) for value in values)
