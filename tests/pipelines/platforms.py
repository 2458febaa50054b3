"""GitHub and GitLab as far as a pipeline calls them, after the pages of their REST APIs; on this machine alone.

https://docs.github.com/rest (version 2022-11-28) and https://docs.gitlab.com/api/rest: lists in pages that a Link header
leads through, a comment of at most 65,536 characters, an artefact that another host hands out, a token that may not.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

LONGEST = 65_536
TOKEN = "t0ken-that-nobody-may-see"
BOT = {"login": "github-actions[bot]", "type": "Bot", "id": 7}
PERSON = {"login": "mallory", "type": "User", "id": 8}


def paged(request: Request, items: list[Any], largest: int, wrap: str | None = None) -> Response:
    """One page of a list, and where the next one is."""
    size = min(int(request.query_params.get("per_page", 30)), largest)
    page = int(request.query_params.get("page", 1))
    part = items[(page - 1) * size : page * size]
    headers = {}
    if page * size < len(items):
        query = urlencode({**request.query_params, "page": page + 1})
        headers["link"] = f'<{request.url.replace(query=query)}>; rel="next"'
    return JSONResponse({"total_count": len(items), wrap: part} if wrap else part, headers=headers)


@dataclass
class Platform:
    """What both have: comments, issues, who is asking, what was asked."""

    url: str = ""
    comments: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    largest_page: int = 100
    refusals: list[Response] = field(default_factory=list)
    """What the next calls are answered with in place of an answer."""
    files: dict[int, bytes] = field(default_factory=dict)
    blobs: str = ""
    tokens_elsewhere: list[str] = field(default_factory=list)

    def elsewhere(self) -> Starlette:
        """The host that hands files out to whoever has the address."""

        def blob(request: Request) -> Response:
            headers = request.headers
            self.tokens_elsewhere.append(headers.get("authorization", "") + headers.get("private-token", ""))
            return Response(self.files[request.path_params["id"]])

        return Starlette(routes=[Route("/{id:int}", blob)])

    def file(self, request: Request) -> Response:
        return RedirectResponse(f"{self.blobs}/{request.path_params['id']}", 302)

    def bodies(self) -> list[str]:
        return [each["body"] for each in self.comments]

    def writes(self) -> list[str]:
        return [line for line in self.asked if not line.startswith("GET ")]

    def refused(self, request: Request, token: str | None) -> Response | None:
        self.asked.append(f"{request.method} {request.url.path}")
        if self.refusals:
            return self.refusals.pop(0)
        return None if token == TOKEN else JSONResponse({"message": "Bad credentials"}, 401)


def archive(plan: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as file:
        file.writestr("plan.json", plan)
    return kept.getvalue()


@dataclass
class GitHub(Platform):
    """One repository, ``shop/menus``, with one pull request, number 5."""

    artifacts: list[dict[str, Any]] = field(default_factory=list)
    pulls: list[dict[str, Any]] = field(default_factory=list)
    me: dict[str, Any] | None = None
    """None for a job's own token, which can't ask who it is."""

    def keep(self, plan: bytes, *, sha: str = "head", name: str = "wxdeploy-plan", **facts: Any) -> None:
        number = len(self.artifacts) + 1
        run = {"head_sha": sha, "repository_id": 1, "head_repository_id": 1, **facts.pop("run", {})}
        self.artifacts.append({"id": number, "name": name, "expired": False, "workflow_run": run, **facts})
        self.files[number] = archive(plan)

    def merged(self, commit: str, head: str = "head", **facts: Any) -> None:
        self.pulls.append({"merged_at": "2026-01-01", "merge_commit_sha": commit, "head": {"sha": head}, **facts})

    def app(self) -> Starlette:
        repository = "/repos/shop/menus"
        return Starlette(
            routes=[
                Route("/user", self._user),
                Route(f"{repository}/issues/5/comments", self._comments, methods=["GET", "POST"]),
                Route(f"{repository}/issues/comments/{{id:int}}", self._comment, methods=["PATCH"]),
                Route(f"{repository}/issues", self._issues, methods=["GET", "POST"]),
                Route(f"{repository}/issues/{{id:int}}", self._issue, methods=["PATCH"]),
                Route(f"{repository}/commits/{{sha}}/pulls", self._pulls),
                Route(f"{repository}/actions/artifacts", self._artifacts),
                Route(f"{repository}/actions/artifacts/{{id:int}}/zip", self._zip),
            ]
        )

    def _no(self, request: Request) -> Response | None:
        return self.refused(request, request.headers.get("authorization", "").removeprefix("Bearer "))

    def _user(self, request: Request) -> Response:
        if no := self._no(request):
            return no
        if self.me is None:
            return JSONResponse({"message": "Resource not accessible by integration"}, 403)
        return JSONResponse(self.me)

    async def _comments(self, request: Request) -> Response:
        if no := self._no(request):
            return no
        if request.method == "GET":
            return paged(request, self.comments, self.largest_page)
        return self._kept(self.comments, await request.json(), 1000)

    async def _comment(self, request: Request) -> Response:
        return self._no(request) or self._changed(self.comments, "id", request, await request.json())

    async def _issues(self, request: Request) -> Response:
        if no := self._no(request):
            return no
        if request.method == "GET":
            found = [each for each in self.issues if each["state"] == request.query_params.get("state", "open")]
            return paged(request, found, self.largest_page)
        return self._kept(self.issues, await request.json(), 5000)

    async def _issue(self, request: Request) -> Response:
        return self._no(request) or self._changed(self.issues, "number", request, await request.json())

    def _kept(self, among: list[dict[str, Any]], given: dict[str, Any], start: int) -> Response:
        if len(given["body"]) > LONGEST:
            return JSONResponse({"message": "Validation Failed: body is too long (maximum is 65536 characters)"}, 422)
        number = start + len(among)
        among.append({"id": number, "number": number, "state": "open", "user": self.me or BOT, **given})
        return JSONResponse(among[-1], 201)

    def _changed(self, among: list[dict[str, Any]], key: str, request: Request, given: dict[str, Any]) -> Response:
        if len(given.get("body", "")) > LONGEST:
            return JSONResponse({"message": "Validation Failed: body is too long (maximum is 65536 characters)"}, 422)
        (found,) = [each for each in among if each[key] == request.path_params["id"]]
        found.update(given)
        return JSONResponse(found)

    def _pulls(self, request: Request) -> Response:
        return self._no(request) or paged(request, self.pulls, self.largest_page)

    def _artifacts(self, request: Request) -> Response:
        if no := self._no(request):
            return no
        found = [each for each in self.artifacts if each["name"] == request.query_params["name"]]
        return paged(request, found, self.largest_page, wrap="artifacts")

    def _zip(self, request: Request) -> Response:
        return self._no(request) or self.file(request)


@dataclass
class GitLab(Platform):
    """One project, number 3, with one merge request, !5."""

    merge_requests: list[dict[str, Any]] = field(default_factory=list)
    pipelines: list[dict[str, Any]] = field(default_factory=list)
    jobs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    def keep(self, plan: bytes, *, sha: str = "head", name: str = "wxdeploy-plan", project: int = 3) -> None:
        number = len(self.pipelines) + 1
        self.pipelines.insert(0, {"id": number, "sha": sha, "project_id": project})
        self.jobs[number] = [
            {"id": 100 + number, "name": "lint", "status": "success"},
            {"id": 200 + number, "name": name, "status": "success"},
        ]
        self.files[200 + number] = plan

    def merged(self, commit: str, head: str = "head") -> None:
        facts = {"iid": 5, "state": "merged", "sha": head, "target_project_id": 3}
        self.merge_requests.append({**facts, "merge_commit_sha": commit, "squash_commit_sha": None})

    def app(self) -> Starlette:
        project = "/api/v4/projects/3"
        return Starlette(
            routes=[
                Route("/api/v4/user", lambda request: self._no(request) or JSONResponse(BOT)),
                Route(f"{project}/merge_requests/5/notes", self._notes, methods=["GET", "POST"]),
                Route(f"{project}/merge_requests/5/notes/{{id:int}}", self._note, methods=["PUT"]),
                Route(f"{project}/issues", self._issues, methods=["GET", "POST"]),
                Route(f"{project}/issues/{{id:int}}", self._issue, methods=["PUT"]),
                Route(f"{project}/repository/commits/{{sha}}/merge_requests", self._list_of("merge_requests")),
                Route(f"{project}/merge_requests/5/pipelines", self._list_of("pipelines")),
                Route(f"{project}/pipelines/{{id:int}}/jobs", self._list_of("jobs")),
                Route(f"{project}/jobs/{{id:int}}/artifacts/plan.json", self._file),
            ]
        )

    def _no(self, request: Request) -> Response | None:
        return self.refused(request, request.headers.get("private-token"))

    def _list_of(self, name: str) -> Any:
        def answer(request: Request) -> Response:
            found = getattr(self, name)
            items = found[request.path_params["id"]] if isinstance(found, dict) else found
            return self._no(request) or paged(request, items, self.largest_page)

        return answer

    async def _notes(self, request: Request) -> Response:
        if no := self._no(request):
            return no
        if request.method == "GET":
            return paged(request, self.comments, self.largest_page)
        note = {"id": 1000 + len(self.comments), "system": False, "author": BOT, **await request.json()}
        self.comments.append(note)
        return JSONResponse(note, 201)

    async def _note(self, request: Request) -> Response:
        if no := self._no(request):
            return no
        (found,) = [each for each in self.comments if each["id"] == request.path_params["id"]]
        found.update(await request.json())
        return JSONResponse(found)

    async def _issues(self, request: Request) -> Response:
        if no := self._no(request):
            return no
        if request.method == "GET":
            found = [each for each in self.issues if each["state"] == request.query_params["state"]]
            return paged(request, found, self.largest_page)
        issue = {"iid": 50 + len(self.issues), "state": "opened", "author": BOT, **await request.json()}
        self.issues.append(issue)
        return JSONResponse(issue, 201)

    async def _issue(self, request: Request) -> Response:
        if no := self._no(request):
            return no
        (found,) = [each for each in self.issues if each["iid"] == request.path_params["id"]]
        given = await request.json()
        found.update(given)
        if given.get("state_event") == "close":
            found["state"] = "closed"
        return JSONResponse(found)

    def _file(self, request: Request) -> Response:
        return self._no(request) or self.file(request)


def event(number: int = 5, head: str = "shop/menus", author: str = "li") -> str:
    """The file that tells a workflow of its pull request."""
    pull = {"number": number, "head": {"repo": {"full_name": head}}, "user": {"login": author}}
    return json.dumps({"pull_request": pull})
