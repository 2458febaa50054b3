"""The YAML language server that VS Code and most other editors run, spoken to as they speak to it: LSP over a pipe."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
VERSION = "2.0.0"
INSTALLED = ROOT / ".venv" / "editor" / "node_modules" / ".bin" / "yaml-language-server"
PUBLISHED = "https://wxdeploy.dev/schemas/v1/"
PATIENCE = 60.0


def executable() -> str:
    """The server; where it is not installed, the gate fails and everybody else skips."""
    found = str(INSTALLED) if INSTALLED.exists() else shutil.which("yaml-language-server")
    if found is None:
        pytest.skip(f"there is no server: npm install --prefix .venv/editor yaml-language-server@{VERSION}")
    return found


@dataclass(frozen=True)
class Finding:
    """A wavy line in the editor: where it is, counted from 1, and what it says."""

    line: int
    column: int
    message: str


@dataclass
class LanguageServer:
    """One process. ``asked`` holds the address of every schema that it wanted from the network."""

    process: subprocess.Popen[bytes]
    settings: Mapping[str, Any]
    asked: list[str] = field(default_factory=list)
    _came: queue.Queue[Any] = field(default_factory=queue.Queue)
    _findings: dict[str, list[Finding]] = field(default_factory=dict)
    _opened: dict[str, int] = field(default_factory=dict)
    _number: int = 0

    def start(self, folder: Path) -> None:
        """Say hello as an editor does that has one folder open."""
        threading.Thread(target=self._listen, daemon=True).start()
        can_do = {
            "textDocument": {
                "completion": {
                    "completionItem": {"snippetSupport": True, "documentationFormat": ["markdown", "plaintext"]}
                },
                "hover": {"contentFormat": ["markdown", "plaintext"]},
            },
            "workspace": {"configuration": True},
        }
        folders = [{"uri": folder.as_uri(), "name": folder.name}]
        self.ask(
            "initialize", processId=os.getpid(), rootUri=folder.as_uri(), workspaceFolders=folders, capabilities=can_do
        )
        self._tell("initialized")
        self._tell("yaml/registerContentRequest")

    def show(self, path: Path, text: str | None = None) -> str:
        """Open a file, or change what an open one holds; the address by which it is asked about."""
        uri, text = path.as_uri(), path.read_text("utf-8") if text is None else text
        version = self._opened[uri] = self._opened.get(uri, 0) + 1
        self._findings.pop(uri, None)
        document: dict[str, Any] = {"uri": uri, "version": version}
        if version == 1:
            self._tell("textDocument/didOpen", textDocument=document | {"languageId": "yaml", "text": text})
        else:
            self._tell("textDocument/didChange", textDocument=document, contentChanges=[{"text": text}])
        return uri

    def findings(self, uri: str) -> list[Finding]:
        """What is wrong with the file as it was last shown."""
        while uri not in self._findings:
            self._heed(self._receive())
        return self._findings[uri]

    def checked(self, buffers: Mapping[Path, str]) -> dict[Path, list[Finding]]:
        """What is wrong with each of several files, shown at once, because the server waits a while before it looks."""
        shown = {path: self.show(path, text) for path, text in buffers.items()}
        return {path: self.findings(uri) for path, uri in shown.items()}

    def complete(self, uri: str, line: int, column: int) -> list[Mapping[str, Any]]:
        """What is offered at a place, counted from 1."""
        answer = self._at("completion", uri, line, column)
        items: list[Mapping[str, Any]] = answer["items"] if isinstance(answer, dict) else answer or []
        return items

    def hover(self, uri: str, line: int, column: int) -> str:
        """What is told of what stands at a place, as Markdown."""
        answer = self._at("hover", uri, line, column)
        return str(answer["contents"]["value"]) if answer else ""

    def ask(self, method: str, **params: Any) -> Any:
        """One request and its answer."""
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        while (message := self._receive()).get("id") != self._number or "method" in message:
            self._heed(message)
        if "error" in message:
            raise RuntimeError(f"{method}: {message['error']}")
        return message["result"]

    def _at(self, what: str, uri: str, line: int, column: int) -> Any:
        place = {"line": line - 1, "character": column - 1}
        return self.ask(f"textDocument/{what}", textDocument={"uri": uri}, position=place)

    def _tell(self, method: str, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def _heed(self, message: Mapping[str, Any]) -> None:
        """Answer what the server asks, and keep what it tells."""
        method, params = message.get("method"), message.get("params")
        if method == "textDocument/publishDiagnostics":
            assert params
            self._findings[params["uri"]] = [_finding(each) for each in params["diagnostics"]]
        if "id" not in message:
            return
        answer: dict[str, Any] = {"result": None}
        if method == "workspace/configuration":
            assert params
            answer = {"result": [self.settings.get(item["section"], {}) for item in params["items"]]}
        elif method == "vscode/content":
            assert params
            answer = self._schema(params[0])
        self._send({"id": message["id"], **answer})

    def _schema(self, address: str) -> dict[str, Any]:
        """What stands at a published address, for the server leaves the network to the editor."""
        self.asked.append(address)
        path = ROOT / "schemas" / "v1" / address.removeprefix(PUBLISHED)
        if address.startswith(PUBLISHED) and path.is_file():
            return {"result": path.read_text("utf-8")}
        return {"error": {"code": -32000, "message": f"{address} is not there"}}

    def _send(self, message: Mapping[str, Any]) -> None:
        assert self.process.stdin
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        message = self._came.get(timeout=PATIENCE)
        if message is None:
            raise RuntimeError("the language server has ended")
        received: dict[str, Any] = message
        return received

    def _listen(self) -> None:
        stream = self.process.stdout
        assert stream
        while header := stream.readline():
            if header.lower().startswith(b"content-length:"):
                size = int(header.split(b":")[1])
                while stream.readline().strip():
                    pass
                self._came.put(json.loads(stream.read(size)))
        self._came.put(None)


def _finding(diagnostic: Mapping[str, Any]) -> Finding:
    start = diagnostic["range"]["start"]
    return Finding(start["line"] + 1, start["character"] + 1, diagnostic["message"])


@contextmanager
def running(folder: Path, **settings: Any) -> Iterator[LanguageServer]:
    """A server for an editor with this folder open; ``settings`` are those of ``yaml``."""
    quiet = {"schemaStore": {"enable": False}, "kubernetesCRDStore": {"enable": False}}
    process = subprocess.Popen(
        [executable(), "--stdio"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        server = LanguageServer(process, {"yaml": quiet | settings})
        server.start(folder)
        yield server
    finally:
        process.kill()
        process.communicate()
