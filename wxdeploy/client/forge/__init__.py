"""The platforms where changes are reviewed: GitHub and GitLab, as far as a pipeline needs them.

A pipeline comments on the change that it is run for, keeps one issue, and fetches the plan that was reviewed. Which
platform, which change and which token is told by the environment that the platform gives to each of its pipelines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from wxdeploy.model.errors import UsageError


@dataclass(frozen=True, slots=True)
class Post:
    """A comment or an issue of this pipeline's own: how its platform calls it, and its text."""

    id: str
    body: str


class Forge(Protocol):
    """One platform. Every method raises ``RemoteError`` where the platform refuses or can't be reached."""

    def close(self) -> None:
        """Close the connections."""

    def comments(self) -> Iterator[Post]:
        """What the token's owner wrote on this pull request, oldest first; ``UsageError`` where this is none."""

    def comment(self, body: str) -> None:
        """Write a new comment on this pull request."""

    def edit_comment(self, post: Post, body: str) -> None:
        """Replace the text of a comment."""

    def issues(self) -> Iterator[Post]:
        """The open issues that the token's owner wrote."""

    def open_issue(self, title: str, body: str) -> None:
        """Open an issue."""

    def edit_issue(self, post: Post, body: str) -> None:
        """Replace the text of an issue."""

    def close_issue(self, post: Post) -> None:
        """Close an issue."""

    def reviewed(self, artifact: str) -> bytes:
        """The plan that the pull request which brought this commit kept under that name.

        Raises ``RefusedError`` where there is none, or none of this repository's own. Who may push a branch decides
        what is in it: it is there to be compared with, never to be applied.
        """


def forge_of(environ: Mapping[str, str]) -> Forge:
    """The platform whose pipeline this is; raises ``UsageError`` outside of one, or where it tells too little."""
    if environ.get("GITHUB_ACTIONS") == "true":
        from wxdeploy.client.forge.github import GitHub

        return GitHub(environ)
    if environ.get("GITLAB_CI") == "true":
        from wxdeploy.client.forge.gitlab import GitLab

        return GitLab(environ)
    raise UsageError(
        "this is no pipeline of GitHub (GITHUB_ACTIONS) or GitLab (GITLAB_CI)",
        fix="elsewhere, wxdeploy plan --format markdown prints what would be written",
    )


def told(environ: Mapping[str, str], name: str, fix: str) -> str:
    """A variable that the pipeline has to have; raises ``UsageError`` where it is not set."""
    if value := environ.get(name):
        return value
    raise UsageError(f"the environment variable {name} is not set", fix=fix)
