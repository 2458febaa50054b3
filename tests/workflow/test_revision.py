"""The files of a revision: whatever its tree holds, nothing is written outside the folder that they are read from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cli.repository import git, with_git

from wxdeploy.model.errors import WxdeployError
from wxdeploy.workflow.revision import project_at

pytestmark = with_git


class Trees:
    """A repository whose trees are written byte by byte: git itself would put none of them together."""

    def __init__(self, root: Path) -> None:
        self.root = root
        git(root, "init", "-q")
        self.file = self._written("blob", b"text\n")

    def link(self, target: Path) -> str:
        return self._written("blob", str(target).encode())

    def tree(self, *entries: tuple[str, str, str]) -> str:
        """A tree of these (mode, name, digest)."""
        rows = (f"{mode} {name}".encode() + b"\0" + bytes.fromhex(digest) for mode, name, digest in entries)
        return self._written("tree", b"".join(rows))

    def commit(self, *entries: tuple[str, str, str]) -> str:
        return git(self.root, "commit-tree", self.tree(*entries), "-m", "a state")

    def _written(self, kind: str, data: bytes) -> str:
        return git(self.root, "hash-object", "-w", "-t", kind, "--literally", "--stdin", given=data)


@pytest.fixture
def trees(tmp_path: Path) -> Trees:
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "outside").mkdir()
    return Trees(root)


def below(trees: Trees) -> str:
    return trees.tree(("100644", "menu.yaml", trees.file))


Entries = tuple[tuple[str, str, str], ...]
HOSTILE: dict[str, Callable[[Trees, Path], Entries]] = {
    "a file below a link": lambda trees, outside: (
        ("120000", "base", trees.link(outside)),
        ("40000", "base", below(trees)),
    ),
    "a link below a link": lambda trees, outside: (
        ("120000", "base", trees.link(outside)),
        ("40000", "base", trees.tree(("120000", "menu.yaml", trees.link(Path("x"))))),
    ),
    "a file in place of a link": lambda trees, outside: (
        ("120000", "menu.yaml", trees.link(outside / "menu.yaml")),
        ("100644", "menu.yaml", trees.file),
    ),
    "a place of the machine": lambda trees, outside: (("100644", f"{outside}/menu.yaml", trees.file),),
    "a way up": lambda trees, outside: (("100644", f"../../../../{outside}/menu.yaml", trees.file),),
    "a folder in place of a file": lambda trees, _: (("100644", "base", trees.file), ("40000", "base", below(trees))),
    "a link in place of a folder": lambda trees, outside: (
        ("40000", "base", below(trees)),
        ("120000", "base", trees.link(outside)),
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_tree_that_leads_out_of_the_project_is_refused(trees: Trees, tmp_path: Path, case: str) -> None:
    outside = tmp_path / "outside"
    revision = trees.commit(*HOSTILE[case](trees, outside))
    with pytest.raises(WxdeployError) as refusal, project_at(trees.root, revision):
        pass
    assert refusal.value.fix == "see what git fsck says"
    assert list(outside.iterdir()) == []


def test_a_link_of_the_project_is_kept_as_one(trees: Trees) -> None:
    revision = trees.commit(("100644", "a.yaml", trees.file), ("120000", "b.yaml", trees.link(Path("a.yaml"))))
    with project_at(trees.root, revision) as folder:
        assert (folder / "b.yaml").readlink() == Path("a.yaml")
        assert (folder / "b.yaml").read_text("utf-8") == "text\n"
