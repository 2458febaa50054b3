"""The edits between two canonical documents of any kind.

Button lists are told by ``rebuild.edits``, any other part field by field, the changed fields found by DeepDiff. It
decides nothing: whether anything changed is a comparison of the documents, and edits that would not rebuild the
document after are replaced by coarser ones that do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wxdeploy.model.jsonvalue import JsonValue, Path
from wxdeploy.model.operation import Edit, Op
from wxdeploy.model.source import SourceMap, Span
from wxdeploy.planning.buttons import tree_of
from wxdeploy.planning.rebuild import edits, plain, rebuild


def edits_of(before: JsonValue, after: JsonValue, sources: SourceMap | None = None) -> tuple[Edit, ...]:
    """The edits that turn ``before`` into ``after``; none if and only if the documents are equal.

    None stands for an object that does not exist: creating or removing one is told by the change itself, without edits.
    ``rebuild`` of ``before`` and the edits is exactly ``after``.
    """
    if before is None or after is None:
        return ()
    old, new = plain(before), plain(after)
    if old == new:
        return ()
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return (_change((), None, old, new, sources),)
    in_tree: tuple[Edit, ...] = ()
    rest_old, rest_new = old, new
    if tree_of(old) is not None and tree_of(new) is not None:
        in_tree = edits({"button": old["button"]}, {"button": new["button"]}, sources)
        rest_old = {key: value for key, value in old.items() if key != "button"}
        rest_new = {key: value for key, value in new.items() if key != "button"}
    if rest_old == rest_new:
        return in_tree
    fields = _fields(rest_old, rest_new, sources)
    if any(edit.field is None for edit in fields):
        return (_change((), None, old, new, sources),)
    return (*fields, *in_tree)


def _fields(before: dict[str, Any], after: dict[str, Any], sources: SourceMap | None) -> tuple[Edit, ...]:
    """One change per field that differs, lists being one value."""
    fine = _changes(before, after, _tellable(_deepest(before, after), before, after), sources)
    if rebuild(before, fine) == after:
        return fine
    coarse: set[Path] = {(key,) for key in before.keys() | after.keys() if before.get(key, ...) != after.get(key, ...)}
    return _changes(before, after, _tellable(coarse, before, after), sources)


def _deepest(before: dict[str, Any], after: dict[str, Any]) -> set[Path]:
    """The paths of the parts that DeepDiff finds different, none of them inside a list."""
    # Imported here because it takes a tenth of a second, and most plans change nothing but buttons.
    from deepdiff import DeepDiff

    # Below the default threshold it reports mappings that share few keys as one changed value.
    found = DeepDiff(before, after, view="tree", ignore_private_variables=False, threshold_to_diff_deeper=0)
    paths = (tuple(level.path(output_format="list")) for levels in found.values() for level in levels)
    return {_outside_lists(path) for path in paths}


def _outside_lists(path: Path) -> Path:
    for end, step in enumerate(path):
        if isinstance(step, int):
            return path[:end]
    return path


def _tellable(paths: set[Path], before: dict[str, Any], after: dict[str, Any]) -> set[Path]:
    """``paths`` without those where nothing differs, and with the part around any that becomes null.

    None in an edit says that a field is not there, so a null is told together with the mapping that holds it.
    """
    told: set[Path] = set()
    for path in paths:
        if _value(before, path) == _value(after, path):
            continue
        short = path
        while short and _value(after, short) is None:
            short = short[:-1]
        told.add(short)
    return {path for path in told if not any(path[:end] in told for end in range(len(path)))}


def _value(document: Any, path: Path) -> Any:
    """The value at ``path``, or an ellipsis where there is none."""
    for step in path:
        if not isinstance(document, Mapping) or step not in document:
            return ...
        document = document[step]
    return document


def _changes(
    before: dict[str, Any], after: dict[str, Any], paths: set[Path], sources: SourceMap | None
) -> tuple[Edit, ...]:
    def tell() -> Iterator[Edit]:
        for path in sorted(paths, key=lambda path: [str(step) for step in path]):
            was, now = (None if value is ... else value for value in (_value(before, path), _value(after, path)))
            field = str(path[-1]) if path else None
            yield _change(path[:-1], field, was, now, sources)

    return tuple(tell())


def _change(path: Path, field: str | None, before: Any, after: Any, sources: SourceMap | None) -> Edit:
    span: Span | None = None
    if sources:
        span = sources.find(path if field is None else (*path, field))
    return Edit(op=Op.CHANGE, path=path, field=field, before=before, after=after, span=span)
