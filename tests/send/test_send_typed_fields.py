"""Every typed field is judged at its boundary alike by validate, by send and by the sandbox: there is one table."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from contract.test_typed_fields import ACCEPTED, REFUSED
from export.shops import Chain, appid, live

from wxdeploy.sandbox.seeding import seed
from wxdeploy.sandbox.store import Store
from wxdeploy.wechat.template_fields import TYPES

Program = Callable[..., Any]

NOT_IN_YAML = "\x00"


def expressible(value: str) -> bool:
    """Whether the sandbox can be asked: JSON wants control characters escaped, and the API refuses escapes."""
    return value.isprintable()


def section(values: dict[str, str]) -> dict[str, Any]:
    """A mapping for each value, with it as the sample."""
    return {
        "templates": {
            name: {
                "title": name,
                "data": {f"{name.rpartition('_')[0]}1": {"label": "值", "from": "v", "sample": value}},
            }
            for name, value in values.items()
        }
    }


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_the_three_agree(kind: str, tmp_path: Path, program: Program, open_api: Callable[..., Any]) -> None:
    values = {f"{kind}_a{number}": value for number, value in enumerate(ACCEPTED[kind])}
    refused = {f"{kind}_r{number}": value for number, value in enumerate(REFUSED[kind]) if value != NOT_IN_YAML}
    placeholder = f"{kind}1"
    chain = Chain(tmp_path, [section(values | refused)])
    ran = program("-C", tmp_path, "validate", "--format", "json")
    wrong = {
        found["path"].split(".")[0] for found in json.loads(ran.out)["findings"] if found["code"] in ("WX520", "WX514")
    }
    assert wrong == set(refused), kind
    chain.store.close()

    # send takes its values from data, so that all of the mappings may be valid
    (tmp_path / "a00.yaml").write_text(
        json.dumps({"templates": {"it": {"title": "it", "data": {placeholder: {"label": "值", "from": "v"}}}}}), "utf-8"
    )
    account = {"followers": {"o1": {}}, "templates": [live("it", "T" * 43, **{placeholder: "值"})]}
    with closing(Store(tmp_path / ".wxdeploy" / "sandbox.sqlite3")) as store:
        seed(store, {appid(0): account})
    api = open_api()
    api.seed(**account)
    for value, fits in [(each, True) for each in values.values()] + [(each, False) for each in refused.values()]:
        (tmp_path / "data.json").write_text(json.dumps({"v": value}), "utf-8")
        ran = program(
            "-C", tmp_path, "send", "it", "--openid", "o1", "--data", "data.json", "--format", "json", "--yes"
        )
        assert (ran.exit == 0) is fits, (kind, value, ran.err)
        assert [bool(json.loads(ran.out)["problems"])] == [not fits]
        if expressible(value):
            body = {"touser": "o1", "template_id": "T" * 43, "data": {placeholder: {"value": value}}}
            assert (api.post("message/template/send", body)["errcode"] == 0) is fits, (kind, value)
