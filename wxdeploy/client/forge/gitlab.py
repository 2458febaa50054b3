"""GitLab's REST API, as a pipeline may call it: https://docs.gitlab.com/api/rest, version 4."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from wxdeploy.client.forge import Post, told
from wxdeploy.client.forge.rest import Rest
from wxdeploy.model.errors import RefusedError, UsageError

_CI = "GitLab sets it in each job"
_TOKEN = "add a project access token of the scope api as the masked variable GITLAB_TOKEN"  # noqa: S105
_BY_HAND = "to apply what is on this branch all the same, run the pipeline by hand"


class GitLab:
    """The project and the merge request that a pipeline is run for."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._project = f"/projects/{told(environ, 'CI_PROJECT_ID', _CI)}"
        self._rest = Rest(
            told(environ, "CI_API_V4_URL", _CI),
            {"private-token": told(environ, "GITLAB_TOKEN", _TOKEN)},
            permission="the scope api and the role Reporter",
        )

    def close(self) -> None:
        """See ``Forge``."""
        self._rest.close()

    def comments(self) -> Iterator[Post]:
        """See ``Forge``; notes that the system wrote are no comments."""
        found = self._rest.pages(f"{self._change()}/notes", sort="asc")
        return self._own((each for each in found if not each["system"]), "id", "body")

    def comment(self, body: str) -> None:
        """See ``Forge``."""
        self._rest.call("POST", f"{self._change()}/notes", {"body": body})

    def edit_comment(self, post: Post, body: str) -> None:
        """See ``Forge``."""
        self._rest.call("PUT", f"{self._change()}/notes/{post.id}", {"body": body})

    def issues(self) -> Iterator[Post]:
        """See ``Forge``."""
        return self._own(self._rest.pages(f"{self._project}/issues", state="opened"), "iid", "description")

    def open_issue(self, title: str, body: str) -> None:
        """See ``Forge``."""
        self._rest.call("POST", f"{self._project}/issues", {"title": title, "description": body})

    def edit_issue(self, post: Post, body: str) -> None:
        """See ``Forge``."""
        self._rest.call("PUT", f"{self._project}/issues/{post.id}", {"description": body})

    def close_issue(self, post: Post) -> None:
        """See ``Forge``."""
        self._rest.call("PUT", f"{self._project}/issues/{post.id}", {"state_event": "close"})

    def reviewed(self, artifact: str) -> bytes:
        """See ``Forge``; ``artifact`` is the name of the job that kept ``plan.json``."""
        commit = told(self._environ, "CI_COMMIT_SHA", _CI)
        change = self._merged(commit)
        of_change = f"{self._project}/merge_requests/{change['iid']}"
        for pipeline in self._rest.pages(f"{of_change}/pipelines"):
            if pipeline["sha"] != change["sha"] or pipeline["project_id"] != change["target_project_id"]:
                continue
            for job in self._rest.pages(f"{self._project}/pipelines/{pipeline['id']}/jobs"):
                if job["name"] == artifact and job["status"] == "success":
                    return self._rest.download(f"{self._project}/jobs/{job['id']}/artifacts/{quote('plan.json')}")
        raise RefusedError(
            f"no job {artifact} of merge request !{change['iid']} kept a plan for its last commit: "
            "nobody has reviewed what it does",
            fix=_BY_HAND,
        )

    def _merged(self, commit: str) -> Mapping[str, Any]:
        """The merge request that was merged as this commit."""
        for each in self._rest.pages(f"{self._project}/repository/commits/{commit}/merge_requests"):
            ends = (each["merge_commit_sha"], each["squash_commit_sha"], each["sha"])
            if each["state"] == "merged" and commit in ends:
                return dict(each)
        raise RefusedError(f"commit {commit[:7]} was brought by no merge request: nobody has reviewed it", fix=_BY_HAND)

    def _change(self) -> str:
        number = self._environ.get("CI_MERGE_REQUEST_IID")
        if not number:
            raise UsageError(
                "this pipeline is run for no merge request, and there is nothing to comment on",
                fix="run it in merge request pipelines; for an issue use --issue",
            )
        return f"{self._project}/merge_requests/{number}"

    def _own(self, found: Iterator[Any], key: str, text: str) -> Iterator[Post]:
        me = self._rest.call("GET", "/user")["id"]
        for each in found:
            if (each["author"] or {}).get("id") == me:
                yield Post(str(each[key]), each[text] or "")
