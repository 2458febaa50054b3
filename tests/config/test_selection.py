"""Which accounts a command is about: names, labels and shards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from wxdeploy.config.project import Project, load_project
from wxdeploy.config.selection import Selection
from wxdeploy.model.errors import UsageError
from wxdeploy.model.shard import Shard

Write = Callable[[Mapping[str, str]], Path]

TABLE = """name,appid,labels.region,labels.brand
bj,wx0000000000000001,north,tea
tj,wx0000000000000002,north,coffee
sh,wx0000000000000003,east,tea
gz,wx0000000000000004,south,
hq,wx0000000000000005,,
"""


@pytest.fixture
def project(write: Write) -> Project:
    return load_project(write({"wxdeploy.yaml": "version: 1\naccounts_file: a.csv\n", "a.csv": TABLE}))


def names(project: Project, *labels: str, names: tuple[str, ...] = (), shard: str | None = None) -> list[str]:
    return [account.name for account in Selection(names=names, labels=labels, shard=shard).of(project)[0]]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ((), ["bj", "tj", "sh", "gz", "hq"]),
        (("region=north",), ["bj", "tj"]),
        (("region=north,south",), ["bj", "tj", "gz"]),
        (("region!=north",), ["sh", "gz", "hq"]),
        (("region!=north,south",), ["sh", "hq"]),
        (("region=north", "brand=tea"), ["bj"]),
        ((" region = north ", "brand != tea"), ["tj"]),
    ],
)
def test_labels_select(project: Project, labels: tuple[str, ...], expected: list[str]) -> None:
    assert names(project, *labels) == expected


def test_names_and_labels_both_hold(project: Project) -> None:
    assert names(project, "region=north", names=("b*", "sh")) == ["bj"]


@pytest.mark.parametrize(
    ("labels", "message", "fix"),
    [
        (("regoin=north",), "no account has a label regoin", "write region"),
        (("region=nroth",), "no account has the label region with the value nroth", "write north"),
        (("region!=nowhere",), "no account has the label region with the value nowhere", "the values are"),
        (("region=south", "brand=tea"), "no account fits region=south and brand=tea", "ask for less"),
        (("region",), "can't be understood", "--select region=north"),
        (("region=",), "can't be understood", "--select region=north"),
        (("region=a,,b",), "can't be understood", "--select region=north"),
        (("=north",), "can't be understood", "--select region=north"),
    ],
)
def test_what_is_mistyped_is_refused(project: Project, labels: tuple[str, ...], message: str, fix: str) -> None:
    with pytest.raises(UsageError) as caught:
        names(project, *labels)
    assert message in caught.value.message
    assert fix in caught.value.fix


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_shards_share_all_accounts_out(project: Project, count: int) -> None:
    shares = [names(project, shard=f"{index}/{count}") for index in range(1, count + 1)]
    assert sorted(name for share in shares for name in share) == sorted(project.accounts)
    for index in range(1, count + 1):
        shard = Selection(shard=f"{index}/{count}").of(project)[1]
        assert shard == Shard(index, count, tuple(project.accounts))
        assert Shard.from_json(shard.to_json()) == shard


def test_the_shard_of_an_account_depends_on_its_appid_alone(project: Project, write: Write) -> None:
    of = {name: index for index in (1, 2, 3) for name in names(project, shard=f"{index}/3")}
    without = "\n".join(line for line in TABLE.splitlines() if not line.startswith(("bj", "sh"))).replace("gz,", "xx,")
    smaller = load_project(write({"a.csv": without}))
    again = {name: index for index in (1, 2, 3) for name in names(smaller, shard=f"{index}/3")}
    assert again == {"tj": of["tj"], "xx": of["gz"], "hq": of["hq"]}


def test_shards_are_of_a_like_size() -> None:
    appids = [f"wx{number:016x}" for number in range(2000)]
    sizes = [sum(Shard(index, 4).holds(appid) for appid in appids) for index in (1, 2, 3, 4)]
    assert sum(sizes) == 2000
    assert min(sizes) > 430


@pytest.mark.parametrize("text", ["0/4", "5/4", "1", "1/0", "a/b", "1/2/3", "-1/4", "1/9999", ""])
def test_a_shard_that_there_is_not(project: Project, text: str) -> None:
    with pytest.raises(UsageError, match="names no part"):
        names(project, shard=text)
