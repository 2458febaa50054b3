"""GitHub's REST API, as a workflow may call it: https://docs.github.com/rest, version 2022-11-28."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from wxdeploy.client.forge import Post, told
from wxdeploy.client.forge.rest import FORBIDDEN, MAX_BYTES, ForgeError, Rest
from wxdeploy.model.errors import RefusedError, UsageError

_TOKEN = "hand the job's token in: env: GITHUB_TOKEN: ${{ github.token }}"  # noqa: S105 - it is the advice
_ACTIONS = "GitHub sets it in each job"
_BY_HAND = "to apply what is on this branch all the same, run the workflow by hand"


class GitHub:
    """The repository and the pull request that a workflow is run for."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._repository = f"/repos/{told(environ, 'GITHUB_REPOSITORY', _ACTIONS)}"
        self._rest = Rest(
            environ.get("GITHUB_API_URL") or "https://api.github.com",
            {
                "accept": "application/vnd.github+json",
                "authorization": f"Bearer {told(environ, 'GITHUB_TOKEN', _TOKEN)}",
                "x-github-api-version": "2022-11-28",
            },
            permission="pull-requests: write to comment, issues: write for an issue, actions: read for an artefact",
        )

    def close(self) -> None:
        """See ``Forge``."""
        self._rest.close()

    def comments(self) -> Iterator[Post]:
        """See ``Forge``; a pull request's comments are an issue's."""
        return self._own(self._rest.pages(f"{self._repository}/issues/{self._number()}/comments"))

    def comment(self, body: str) -> None:
        """See ``Forge``."""
        self._rest.call("POST", f"{self._repository}/issues/{self._number()}/comments", {"body": body})

    def edit_comment(self, post: Post, body: str) -> None:
        """See ``Forge``."""
        self._rest.call("PATCH", f"{self._repository}/issues/comments/{post.id}", {"body": body})

    def issues(self) -> Iterator[Post]:
        """See ``Forge``; the list has pull requests too."""
        found = self._rest.pages(f"{self._repository}/issues", state="open")
        return self._own((each for each in found if "pull_request" not in each), key="number")

    def open_issue(self, title: str, body: str) -> None:
        """See ``Forge``."""
        self._rest.call("POST", f"{self._repository}/issues", {"title": title, "body": body})

    def edit_issue(self, post: Post, body: str) -> None:
        """See ``Forge``."""
        self._rest.call("PATCH", f"{self._repository}/issues/{post.id}", {"body": body})

    def close_issue(self, post: Post) -> None:
        """See ``Forge``."""
        state = {"state": "closed", "state_reason": "completed"}
        self._rest.call("PATCH", f"{self._repository}/issues/{post.id}", state)

    def reviewed(self, artifact: str) -> bytes:
        """See ``Forge``; the artefact is a zip with ``plan.json`` in it."""
        commit = told(self._environ, "GITHUB_SHA", _ACTIONS)
        head = self._merged_head(commit)
        kept = [
            each
            for each in self._rest.pages(f"{self._repository}/actions/artifacts", name=artifact)
            if not each["expired"] and _of_this_repository(each["workflow_run"], head)
        ]
        if not kept:
            raise RefusedError(
                f"the pull request that brought commit {commit[:7]} kept no plan {artifact} for its last commit "
                f"{head[:7]}: nobody has reviewed what it does",
                fix=_BY_HAND,
            )
        newest = max(kept, key=lambda each: int(each["id"]))
        return _unpacked(self._rest.download(f"{self._repository}/actions/artifacts/{newest['id']}/zip"))

    def _merged_head(self, commit: str) -> str:
        """The last commit of the pull request that was merged as this one."""
        for each in self._rest.pages(f"{self._repository}/commits/{commit}/pulls"):
            if each["merged_at"] and each["merge_commit_sha"] == commit:
                return str(each["head"]["sha"])
        raise RefusedError(f"commit {commit[:7]} was brought by no pull request: nobody has reviewed it", fix=_BY_HAND)

    def _number(self) -> int:
        path = told(self._environ, "GITHUB_EVENT_PATH", _ACTIONS)
        try:
            return int(json.loads(Path(path).read_text("utf-8"))["pull_request"]["number"])
        except (OSError, ValueError, KeyError, TypeError):
            raise UsageError(
                "this workflow is run for no pull request, and there is nothing to comment on",
                fix="run it on: pull_request; for an issue use --issue",
            ) from None

    def _own(self, found: Iterator[Any], key: str = "id") -> Iterator[Post]:
        """What this token wrote. A job's own token can't ask who it is, and is then a bot; no person can be one."""
        try:
            me = self._rest.call("GET", "/user")["login"]
        except ForgeError as error:
            if error.status != FORBIDDEN:
                raise
            me = None
        for each in found:
            author = each["user"] or {}
            if author.get("login") == me if me else author.get("type") == "Bot":
                yield Post(str(each[key]), each["body"] or "")


def _of_this_repository(run: Mapping[str, Any] | None, head: str) -> bool:
    """Whether the run was of that commit, and not a fork's; of a run that is gone GitHub says nothing."""
    return bool(run and run["head_sha"] == head and run["head_repository_id"] == run["repository_id"])


def _unpacked(data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if archive.getinfo("plan.json").file_size <= MAX_BYTES:
                return archive.read("plan.json")
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError):
        pass
    raise RefusedError("the artefact of the pull request holds no plan that can be read", fix=_BY_HAND)
