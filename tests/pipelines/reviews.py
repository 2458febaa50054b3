"""A change on its way: proposed, planned, merged, applied, by the pipeline that we ship for a platform."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

from pipelines.platforms import GitHub, GitLab
from pipelines.repository import Repository


@dataclass
class Ended:
    """How a job ended: of each step that ran its code, and what they left."""

    steps: dict[str, int] = field(default_factory=dict)
    log: str = ""
    summary: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    artifacts: dict[str, bytes] = field(default_factory=dict)

    @property
    def code(self) -> int:
        return next((code for code in self.steps.values() if code), 0)


class Review(ABC):
    """One change of the project's menu at a platform; what runs of the pipeline is what its events are said to run."""

    platform: GitHub | GitLab
    repository: Repository
    head = ""

    def propose(self, change: Any) -> Ended:
        """Propose that menu: how its plan ended, which the platform keeps."""
        self.head = self.repository.commit(change)
        plan = self.plan()
        for name, data in plan.artifacts.items():
            self.platform.keep(data, sha=self.head, name=name)
        return plan

    def merge(self) -> Ended:
        """Merge what was proposed: how it was applied."""
        self.platform.merged(self.repository.merge(), self.head)
        return self.apply()

    @abstractmethod
    def plan(self) -> Ended:
        """What a proposal runs."""

    @abstractmethod
    def apply(self) -> Ended:
        """What the main branch runs."""

    @abstractmethod
    def apply_by_hand(self, *, allow_delete: bool) -> Ended:
        """What somebody runs who decides on it."""

    @abstractmethod
    def look_for_drift(self) -> Ended:
        """What runs at night."""
