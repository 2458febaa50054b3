from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cli.conftest import _server, host, project, run
from cli.shell import Host, Project
from listening import listening
from pipelines.forking import forking
from pipelines.merge_requests import Pipeline
from pipelines.platforms import TOKEN, GitHub, GitLab, event
from pipelines.pull_requests import Workflow
from pipelines.repository import Repository
from pipelines.reviews import Review
from workflow.drill import menu

__all__ = ["_server", "host", "project", "run"]


@pytest.fixture(scope="session")
def wxdeploy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The program for scripts to run."""
    with forking(tmp_path_factory.mktemp("program")) as path:
        yield path


@pytest.fixture
def github() -> Iterator[GitHub]:
    platform = GitHub()
    with listening(platform.app()) as platform.url, listening(platform.elsewhere()) as platform.blobs:
        yield platform


@pytest.fixture
def gitlab() -> Iterator[GitLab]:
    platform = GitLab()
    with listening(platform.app()) as platform.url, listening(platform.elsewhere()) as platform.blobs:
        yield platform


@pytest.fixture
def repository(project: Project, host: Host) -> Repository:
    return Repository.at(project, host, menu("旧"))


@pytest.fixture
def workflow(wxdeploy: Path, github: GitHub, repository: Repository, tmp_path: Path) -> Workflow:
    return Workflow(wxdeploy, github, repository, tmp_path / "machine")


@pytest.fixture
def pipeline(wxdeploy: Path, gitlab: GitLab, repository: Repository, tmp_path: Path) -> Pipeline:
    return Pipeline(wxdeploy, gitlab, repository, tmp_path / "machine")


@pytest.fixture(params=["workflow", "pipeline"])
def review(request: pytest.FixtureRequest) -> Review:
    """On GitHub and on GitLab."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Review)
    return found


@pytest.fixture
def on_github(github: GitHub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> GitHub:
    """The environment of a workflow that is run for a pull request."""
    told = tmp_path / "event.json"
    told.write_text(event(), "utf-8")
    for name, value in {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": github.url,
        "GITHUB_REPOSITORY": "shop/menus",
        "GITHUB_EVENT_PATH": str(told),
        "GITHUB_SHA": "merged",
        "GITHUB_TOKEN": TOKEN,
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("GITLAB_CI", raising=False)
    return github


@pytest.fixture
def on_gitlab(gitlab: GitLab, monkeypatch: pytest.MonkeyPatch) -> GitLab:
    """The environment of a pipeline of a merge request."""
    for name, value in {
        "GITLAB_CI": "true",
        "CI_API_V4_URL": f"{gitlab.url}/api/v4",
        "CI_PROJECT_ID": "3",
        "CI_MERGE_REQUEST_IID": "5",
        "CI_COMMIT_SHA": "merged",
        "GITLAB_TOKEN": TOKEN,
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    return gitlab
