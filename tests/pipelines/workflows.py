"""Runs workflows and actions of GitHub as their files say: jobs, conditions, expressions, steps in a real bash.

What stands in for GitHub: the contexts that an expression may ask, ``actions/checkout`` (the folder is there already) and
``actions/upload-artifact`` (hands the file to the platform of the tests). Installing is not done.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from cli.shell import REPOSITORY
from pipelines.forking import install_nothing
from pipelines.reviews import Ended

_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_TOKEN = re.compile(r"'(?:[^']|'')*'|&&|\|\||==|!=|[!()]|[\w.-]+(?=\()|[\w.-]+|\s+")
_WORDS = {"&&": " and ", "||": " or ", "!": " not ", "true": "True", "false": "False", "null": "None"}


def evaluate(expression: str, contexts: Mapping[str, Any]) -> Any:
    """The value of an expression, for the operators and functions that our files use."""

    def look(path: str) -> Any:
        value: Any = contexts
        for name in path.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        return "" if value is None else value

    parts = []
    for token in _TOKEN.findall(expression):
        if token.startswith("'"):
            parts.append(repr(token[1:-1].replace("''", "'")))
        elif token in ("cancelled", "success", "failure", "always"):
            parts.append(token)
        elif re.fullmatch(r"[A-Za-z_][\w.-]*", token) and token not in _WORDS:
            parts.append(f"look({token!r})")
        else:
            parts.append(_WORDS.get(token, token))
    assert "".join(_TOKEN.findall(expression)) == expression, f"what is this? {expression}"
    functions = {"look": look, "cancelled": lambda: False}
    return eval("".join(parts).strip(), {"__builtins__": {}}, functions)


def filled(text: Any, contexts: Mapping[str, Any]) -> str:
    """A text with its expressions replaced; booleans as GitHub writes them."""

    def value(found: re.Match[str]) -> str:
        result = evaluate(found[1], contexts)
        return str(result).lower() if isinstance(result, bool) else str(result)

    return _EXPRESSION.sub(value, str(text).lower() if isinstance(text, bool) else str(text))


def holds(condition: Any, contexts: Mapping[str, Any], *, failed: bool) -> bool:
    """Whether a step or a job runs; one without a function of status needs all before it to have gone well."""
    text = str(condition) if condition is not None else "success"
    inner = found[1] if (found := _EXPRESSION.fullmatch(text.strip())) else text
    if "cancelled()" not in inner and failed:
        return False
    return condition is None or bool(evaluate(inner, contexts))


@dataclass
class Runner:
    """One machine for one job: ``github`` is the context of that name, ``env`` what the job's environment has besides."""

    program: Path
    folder: Path
    temp: Path
    github: dict[str, Any]
    env: dict[str, str]
    secrets: dict[str, str] = field(default_factory=dict)
    inputs: dict[str, Any] = field(default_factory=dict)

    def job(self, workflow: Mapping[str, Any], name: str) -> Ended | None:
        """Run one job of a workflow; None where its condition does not hold."""
        contexts = {"github": self.github, "secrets": self.secrets, "inputs": self.inputs}
        job = workflow["jobs"][name]
        if not holds(job.get("if"), contexts, failed=False):
            return None
        ended = Ended()
        for step in job["steps"]:
            if not step["uses"].startswith("actions/checkout@"):
                given = {key: filled(value, contexts) for key, value in step.get("with", {}).items()}
                env = {key: filled(value, contexts) for key, value in step.get("env", {}).items()}
                self.action(given, env, ended)
        return ended

    def action(self, given: Mapping[str, str], env: Mapping[str, str], ended: Ended | None = None) -> Ended:
        """Run our own action with these inputs, and its caller's environment."""
        action = yaml.safe_load((REPOSITORY / "action.yml").read_text("utf-8"))
        assert set(given) <= set(action["inputs"])
        ended = ended or Ended()
        inputs = {
            name: given.get(name, filled(facts["default"], {"github": self.github}))
            for name, facts in action["inputs"].items()
        }
        contexts: dict[str, Any] = {"github": self.github, "inputs": inputs, "steps": {}}
        for step in action["runs"]["steps"]:
            if not holds(step.get("if"), contexts, failed=bool(ended.code)):
                continue
            if "uses" in step:
                assert step["uses"].startswith("actions/upload-artifact@")
                kept = {key: filled(value, contexts) for key, value in step["with"].items()}
                ended.artifacts[kept["name"]] = Path(kept["path"]).read_bytes()
                continue
            own = {key: filled(value, contexts) for key, value in step.get("env", {}).items()}
            where = self.folder / filled(step.get("working-directory", "."), contexts)
            outputs = self._bash(step, {**env, **own}, where, ended)
            if "id" in step:
                contexts["steps"][step["id"]] = {"outputs": outputs}
        for name, facts in action["outputs"].items():
            ended.outputs[name] = filled(facts["value"], contexts)
        return ended

    def _bash(self, step: Mapping[str, Any], env: Mapping[str, str], where: Path, ended: Ended) -> dict[str, str]:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"], "what comes from outside would become part of the script"
        self.temp.mkdir(exist_ok=True)
        for file in ("script", "output", "summary"):
            (self.temp / file).write_text("", "utf-8")
        (self.temp / "script").write_text(step["run"], "utf-8")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(self.temp / "script")],
            cwd=where,
            env={
                **{key: value for key, value in os.environ.items() if not key.startswith(("GITHUB_", "CI"))},
                "PATH": f"{install_nothing(self.temp, self.program)}:{os.environ['PATH']}",
                "RUNNER_TEMP": str(self.temp),
                "GITHUB_ACTION_PATH": str(REPOSITORY),
                "GITHUB_EVENT_NAME": self.github["event_name"],
                "GITHUB_OUTPUT": str(self.temp / "output"),
                "GITHUB_STEP_SUMMARY": str(self.temp / "summary"),
                **self.env,
                **env,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        ended.steps[step["name"]] = done.returncode
        ended.log += done.stdout + done.stderr
        ended.summary += (self.temp / "summary").read_text("utf-8")
        lines = (self.temp / "output").read_text("utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)


def written(path: Path, document: Mapping[str, Any]) -> str:
    path.write_text(json.dumps(document), "utf-8")
    return str(path)
