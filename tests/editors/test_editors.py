"""What a person sees who edits the files in VS Code, Neovim or another editor with the YAML language server.

Completion, hover texts and errors come from the schemas alone: no program of ours runs there.
"""

from __future__ import annotations

import http.server
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from editors.language_server import PUBLISHED, ROOT, LanguageServer, running

from wxdeploy.wechat.buttons import CONSOLE_ONLY, FIELDS, WITHDRAWN

EXAMPLES = ROOT / "examples"
FILES = sorted(path for path in EXAMPLES.rglob("*.yaml") if "/." not in path.as_posix().removeprefix(ROOT.as_posix()))
"""Of wxdeploy: what a pipeline reads stands behind a dot."""
PROJECT = EXAMPLES / "first-menu" / "wxdeploy.yaml"
MENU = EXAMPLES / "first-menu" / "base" / "menu.yaml"
AUDIENCES, TEMPLATES = EXAMPLES / "audiences", EXAMPLES / "templates"
CATALOGUE = ROOT / "schemas" / "catalog.json"

SECTIONS = set(json.loads((ROOT / "schemas" / "v1" / "account.schema.json").read_text("utf-8"))["properties"])

PROJECT_FILE = "# yaml-language-server: $schema=../../schemas/v1/project.schema.json\n"
RESOURCE_FILE = "# yaml-language-server: $schema=../../schemas/v1/account.schema.json\n"
BUFFER = EXAMPLES / "first-menu" / "buffer.yaml"
ACCOUNT = "version: 1\naccounts:\n  prod:\n    appid: wx8f3c1a2b4d5e6f70\n"


@pytest.fixture(scope="module")
def server() -> Iterator[LanguageServer]:
    with running(ROOT) as started:
        yield started


def name_of(path: Path) -> str:
    return str(path.relative_to(EXAMPLES))


def at_cursor(text: str) -> tuple[str, int, int]:
    """The text without its ``|``, and where that was: line and column, counted from 1."""
    before, after = text.split("|")
    return before + after, before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1


def test_no_example_has_a_finding(server: LanguageServer) -> None:
    assert server.checked({path: path.read_text("utf-8") for path in FILES}) == {path: [] for path in FILES}


def test_a_new_project_has_no_finding_and_brings_its_schemas(
    server: LanguageServer, program: Callable[..., Any], tmp_path: Path
) -> None:
    assert program("init", tmp_path / "shop").exit == 0
    before = list(server.asked)
    project, menu = tmp_path / "shop" / "wxdeploy.yaml", tmp_path / "shop" / "base" / "menu.yaml"
    broken = menu.read_text("utf-8").replace("type: view", "type: veiw", 1)
    found = server.checked(
        {project: project.read_text("utf-8"), menu: menu.read_text("utf-8"), menu.with_name("x.yaml"): broken}
    )
    assert found.pop(project) == found.pop(menu) == []
    ((only,),) = found.values()
    assert only.line == 7
    assert server.asked == before, "nothing is asked for from the network"


BROKEN = [
    (MENU, "name: 门店\n", "name: 附近的门店地图\n", (14, 13, "Longer than 16 UTF-8 bytes")),
    (MENU, "type: location_select", "type: location", (16, 18, 'Valid values: "click", "view"')),
    (MENU, "type: location_select", "type: news", (16, 12, "Use article_id with the id of a published article")),
    (MENU, '"${site}/stores/hours"', "shop.example.com", (17, 41, "with https:// in front")),
    (MENU, ", key: CONTACT_US", "", (18, 11, 'Missing property "key"')),
    (MENU, "key: CONTACT_US", "key: 0123", (18, 42, 'Expected "string"')),
    (MENU, "key: CONTACT_US", "kye: CONTACT_US", (18, 37, "kye is not allowed")),
    (MENU, "menu:\n", "mneu:\n", (2, 1, "mneu is not allowed")),
    (MENU, "menu:\n", "menu: absnt\nx:\n", (2, 7, 'Value must be "absent"')),
    (PROJECT, "wx0000000000000001", "gh_0123456789ab", (6, 12, "An AppID is `wx` and 16 digits")),
    (PROJECT, "api: sandbox", "secret: 0123456789abcdef", (7, 13, "write ${env:NAME}")),
    (AUDIENCES / "audiences.yaml", "type: ios", "type: iso", (5, 49, 'Valid values: "ios", "android", "other"')),
    (AUDIENCES / "tags.yaml", "- name: 新客", "- nmae: 新客", (6, 5, "nmae is not allowed")),
    (AUDIENCES / "tags.yaml", "北京门店", "北京三里屯太古里旗舰门店", (5, 11, "Longer than 30 UTF-8 bytes")),
    (TEMPLATES / "templates.yaml", "    title: 订单发货通知\n", "", (14, 3, 'Missing property "title"')),
    (TEMPLATES / "templates.yaml", "  order_shipped:", "  发货:", (14, 3, "A logical name is a letter")),
]


def test_an_error_stands_at_its_place(server: LanguageServer) -> None:
    buffers = {}
    for number, (path, before, after, _) in enumerate(BROKEN):
        text = path.read_text("utf-8")
        assert text.count(before) == 1, before
        buffers[path.with_name(f"broken-{number}.yaml")] = text.replace(before, after)
    for (_, _, after, (line, column, says)), found in zip(BROKEN, server.checked(buffers).values(), strict=True):
        assert (found[0].line, found[0].column) == (line, column), (after, found)
        assert says in found[0].message


def test_the_types_of_buttons_are_proposed_each_with_what_it_does(server: LanguageServer) -> None:
    text, line, column = at_cursor(MENU.read_text("utf-8").replace("type: scancode_waitmsg", "type: |"))
    proposed = server.complete(server.show(MENU, text), line, column)
    assert {each["label"] for each in proposed} == set(FIELDS) - WITHDRAWN
    for each in proposed:
        assert each["documentation"]["kind"] == "markdown"
        assert all(f"`{field}`" in each["documentation"]["value"] for field in FIELDS[each["label"]])
    assert not {each["label"] for each in proposed} & CONSOLE_ONLY, "the API refuses those"


PLACES = {
    "an empty resource file": RESOURCE_FILE + "|",
    "menu, beside": RESOURCE_FILE + "menu: |",
    "menu, below": RESOURCE_FILE + "menu:\n  |",
    "a first-level button": RESOURCE_FILE + "menu:\n  button:\n    - |",
    "a second-level button": RESOURCE_FILE + "menu:\n  button:\n    - name: 菜单\n      sub_button:\n        - |",
    "tags, below": RESOURCE_FILE + "tags:\n  |",
    "a tag": RESOURCE_FILE + "tags:\n  - |",
    "personalised menus, below": RESOURCE_FILE + "conditional_menus:\n  |",
    "a personalised menu": RESOURCE_FILE + "conditional_menus:\n  - |",
    "templates, below": RESOURCE_FILE + "templates:\n  |",
    "a mapping": RESOURCE_FILE + "templates:\n  order_paid:\n    |",
    "replies, below": RESOURCE_FILE + "replies:\n  |",
    "a reply": RESOURCE_FILE + "replies:\n  subscribe:\n    |",
    "keywords": RESOURCE_FILE + "replies:\n  keywords:\n    - |",
    "an expectation": RESOURCE_FILE + "expectations:\n  - |",
    "accounts, below": PROJECT_FILE + "version: 1\naccounts:\n  |",
    "an account": PROJECT_FILE + "version: 1\naccounts:\n  prod:\n    |",
    "an access token": PROJECT_FILE + ACCOUNT + "    access_token: |",
    "a platform": PROJECT_FILE + ACCOUNT + "    authorizer:\n      |",
    "variables": PROJECT_FILE + ACCOUNT + "    vars:\n      |",
    "rules": PROJECT_FILE + ACCOUNT + "    rules:\n      |",
    "a callback": PROJECT_FILE + ACCOUNT + "    callback:\n      |",
}


def taken(text: str, line: int, item: Mapping[str, Any]) -> str:
    """The text after a person took the proposal and every default in it, as an editor indents it."""
    edit = item["textEdit"]
    first, last = edit["range"]["start"], edit["range"]["end"]
    lines = text.split("\n")
    indent = re.match(r" *", lines[line - 1])[0]  # type: ignore[index]
    words = re.sub(r"\$\{\d+\|([^,|]*)[^|]*\|\}", r"\1", edit["newText"])
    new = re.sub(r"\$\{\d+:((?:[^}\\]|\\.)*)\}|\$\{\d+\}|\$\d+", lambda found: found[1] or "x", words)
    new = re.sub(r"\\([$}\\])", r"\1", new).replace("\n", "\n" + indent)
    assert first["line"] == last["line"] == line - 1
    lines[line - 1] = lines[line - 1][: first["character"]] + new + lines[line - 1][last["character"] :]
    return "\n".join(lines)


@pytest.mark.parametrize("place", PLACES)
def test_what_is_proposed_as_a_whole_is_valid(server: LanguageServer, place: str) -> None:
    text, line, column = at_cursor(PLACES[place])
    proposed = server.complete(server.show(BUFFER, text), line, column)
    assert all("[object Object]" not in each["label"] + each["insertText"] for each in proposed)
    snippets = [each for each in proposed if each.get("sortText") == each["label"]]
    assert snippets, "there is something to begin with"
    assert all(each["documentation"] for each in snippets)
    wholes = {BUFFER.with_name(f"whole-{number}.yaml"): taken(text, line, each) for number, each in enumerate(snippets)}
    for path, found in server.checked(wholes).items():
        assert found == [], wholes[path]


def test_examples_in_the_schemas_are_what_an_editor_can_propose() -> None:
    """Single values or lists of them: of anything else the server makes ``[object Object]``. Snippets show the rest."""

    def compound(schema: Any) -> Iterator[Any]:
        if isinstance(schema, dict):
            examples = schema.get("examples", ())
            for each in examples if isinstance(examples, list) else ():
                if isinstance(each, dict) or (
                    isinstance(each, list) and any(isinstance(one, dict | list) for one in each)
                ):
                    yield each
        for each in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
            yield from compound(each)

    for path in (ROOT / "schemas" / "v1").glob("*.schema.json"):
        if path.name.partition(".")[0] in SECTIONS:
            assert list(compound(json.loads(path.read_text("utf-8")))) == [], path.name


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_key_of_an_example_is_explained(server: LanguageServer, path: Path) -> None:
    uri = server.show(path)
    silent = []
    for key in keys(yaml.compose(path.read_text("utf-8"))):
        told = server.hover(uri, key.start_mark.line + 1, key.start_mark.column + 1)
        title, _, rest = told.partition("\n\n")
        if not title.startswith("#### ") or rest.startswith("Source:") or not rest:
            silent.append(f"{key.value} in line {key.start_mark.line + 1}: {told!r}")
    assert silent == []


def keys(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    """Every key below a node of YAML."""
    for entry in getattr(node, "value", ()) if not isinstance(node, yaml.ScalarNode) else ():
        if isinstance(node, yaml.MappingNode):
            yield entry[0]
            yield from keys(entry[1])
        else:
            yield from keys(entry)


def test_a_type_is_explained_before_the_others(server: LanguageServer) -> None:
    told = server.hover(server.show(MENU), 6, 20)
    assert told.startswith("#### What a tap does\n")
    assert re.findall(r"^\* `(\w+)`: ", told, re.MULTILINE)[0] == "miniprogram"
    assert "Opens a mini program that is linked to this account." in told


def test_a_comment_in_the_first_line_chooses_the_schema(server: LanguageServer) -> None:
    """By a path counted from the file or by an address, as the server's own comment or as that of JetBrains."""
    body = "menu: {button: [{type: veiw, name: 官网}]}\n"

    def where(target: str) -> list[tuple[int, int]]:
        modelines = (f"# yaml-language-server: $schema={target}", f"# $schema: {target}", "# a comment of another kind")
        buffers = {BUFFER.with_name(f"modeline-{n}.yaml"): f"{line}\n{body}" for n, line in enumerate(modelines)}
        return [(each.line, each.column) for found in server.checked(buffers).values() for each in found]

    server.asked.clear()
    assert where("../../schemas/v1/account.schema.json") == [(2, 24), (2, 24)]
    assert server.asked == []
    assert where(f"{PUBLISHED}account.schema.json") == [(2, 24), (2, 24)]
    assert f"{PUBLISHED}account.schema.json" in server.asked
    assert all(each.startswith(PUBLISHED) for each in server.asked)


@contextmanager
def at_an_address(text: bytes) -> Iterator[str]:
    """A server on this machine that answers every request with this JSON."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as host:
        thread = threading.Thread(target=host.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{host.server_port}/catalog.json"
        host.shutdown()
        thread.join()


def test_the_catalogue_makes_the_comment_needless_for_a_project_and_claims_no_other_file(tmp_path: Path) -> None:
    with (
        at_an_address(CATALOGUE.read_bytes()) as url,
        running(tmp_path, schemaStore={"enable": True, "url": url}) as server,
    ):
        (found,) = server.findings(server.show(tmp_path / "shop" / "wxdeploy.yaml", "version: 2\naccounts: {}\n"))
        assert (found.line, found.column) == (1, 10)
        assert server.asked[:1] == [f"{PUBLISHED}project.schema.json"]
        others = ("menu.yaml", "base/menu.yaml", "tags.yaml", "my-wxdeploy.yaml", "wxdeploy.yml", "values.yaml")
        found_there = server.checked(dict.fromkeys((tmp_path / name for name in others), "version: 2\nmneu: {}\n"))
        assert list(found_there.values()) == [[] for _ in others]


def test_the_catalogue_is_one_of_schemastore() -> None:
    """What its schema asks for: these keys and no other, https, no pattern twice."""
    catalogue = json.loads(CATALOGUE.read_text("utf-8"))
    assert set(catalogue) == {"$schema", "version", "schemas"}
    assert catalogue["$schema"] == "https://json.schemastore.org/schema-catalog.json"
    for entry in catalogue["schemas"]:
        assert {"name", "description", "url"} <= set(entry) <= {"name", "description", "url", "fileMatch", "versions"}
        assert entry["url"].startswith(PUBLISHED)
        schema = json.loads((ROOT / "schemas" / "v1" / entry["url"].removeprefix(PUBLISHED)).read_text("utf-8"))
        assert (schema["$id"], schema["title"]) == (entry["url"], entry["name"])
        matches = entry.get("fileMatch", [])
        assert len(set(matches)) == len(matches)
        assert all("*" not in each for each in matches), "a pattern would claim files of others"


def test_the_page_about_editors_sets_them_up(
    server: LanguageServer, program: Callable[..., Any], tmp_path: Path
) -> None:
    page = (ROOT / "docs" / "editors.md").read_text("utf-8")
    shown = dict(re.findall(r"^<!-- file: (\S+) -->\n```yaml\n(.*?)```\n", page, re.DOTALL | re.MULTILINE))
    (settings,) = re.findall(r"^<!-- settings: vscode -->\n```json\n(.*?)```\n", page, re.DOTALL | re.MULTILINE)
    (jetbrains,) = re.findall(r"^<!-- modeline: jetbrains -->\n```yaml\n(.*?)```\n", page, re.DOTALL | re.MULTILINE)
    assert program("-C", tmp_path, "schema", "--out", "schemas/v1").exit == 0
    broken = {"wxdeploy.yaml": "version: 2\n", "base/menu.yaml": "mneu: absent\n", "prod.yaml": "mneu: absent\n"}
    with running(tmp_path, schemas=json.loads(settings)["yaml.schemas"]) as set_up:
        found = set_up.checked({tmp_path / name: text for name, text in broken.items()})
        assert all(found.values()), "by the settings alone"
    assert set(shown) == {"wxdeploy.yaml", "base/menu.yaml"}
    whole = {tmp_path / name: text for name, text in shown.items()}
    assert server.checked(whole) == {path: [] for path in whole}
    first = {tmp_path / name: text.partition("\n")[0] + "\n" + broken[name] for name, text in shown.items()}
    first[tmp_path / "x.yaml"] = jetbrains + "version: 2\n"
    assert all(server.checked(first).values()), "by the comment alone"
