"""The cache of tokens: modes, what is wrong with a file or a folder, several processes."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from wxdeploy.client.cache import TokenCache, default_cache_folder
from wxdeploy.model.secret import Secret

APPID, HOST = "wx8f3c1a2b4d5e6f70", "https://api.example.com"
TOKEN = Secret("TOKEN-1")
KEPT = (TOKEN, 1_800_000_000.0)

posix = pytest.mark.skipif(os.name != "posix", reason="modes and links are those of POSIX")


@pytest.fixture
def cache(tmp_path: Path) -> TokenCache:
    cache = TokenCache(tmp_path / "a" / "b")
    cache.write(APPID, HOST, *KEPT)
    return cache


@pytest.fixture
def file(cache: TokenCache, tmp_path: Path) -> Path:
    (found,) = (tmp_path / "a" / "b" / "tokens").iterdir()
    return found


def test_what_was_written_is_read(cache: TokenCache) -> None:
    assert cache.read(APPID, HOST) == KEPT


def test_each_account_and_host_has_its_own(cache: TokenCache) -> None:
    assert cache.read("wx0000000000000001", HOST) is None
    assert cache.read(APPID, "http://127.0.0.1:8080") is None
    cache.write(APPID, "http://127.0.0.1:8080", Secret("TOKEN-2"), 1.0)
    assert cache.read(APPID, HOST) == KEPT


def test_names_give_away_no_appid(file: Path) -> None:
    assert APPID not in file.name
    assert len(file.stem) == 64


@posix
@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_the_file_and_the_folder_are_the_owners_alone_whatever_the_mask(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        TokenCache(tmp_path / "c").write(APPID, HOST, *KEPT)
    finally:
        os.umask(before)
    folder = tmp_path / "c" / "tokens"
    (file,) = folder.iterdir()
    assert (stat.S_IMODE(folder.stat().st_mode), stat.S_IMODE(file.stat().st_mode)) == (0o700, 0o600)


@posix
def test_a_file_that_others_can_read_is_passed_over_and_replaced(cache: TokenCache, file: Path) -> None:
    file.chmod(0o644)
    assert cache.read(APPID, HOST) is None
    cache.write(APPID, HOST, *KEPT)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert cache.read(APPID, HOST) == KEPT


@posix
def test_a_folder_that_others_can_enter_is_closed(cache: TokenCache, file: Path) -> None:
    file.parent.chmod(0o777)
    cache.write(APPID, HOST, *KEPT)
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@posix
def test_a_file_or_a_folder_of_another_user_is_passed_over(
    cache: TokenCache, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    another = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: another)
    assert cache.read(APPID, HOST) is None
    file.unlink()
    cache.write(APPID, HOST, *KEPT)
    assert not file.exists()


@posix
def test_a_link_is_neither_read_nor_written_through(cache: TokenCache, file: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(file.read_bytes())
    target.chmod(0o600)
    file.unlink()
    file.symlink_to(target)
    assert cache.read(APPID, HOST) is None
    cache.write(APPID, HOST, Secret("TOKEN-2"), 1.0)
    assert not file.is_symlink()
    assert "TOKEN-1" in target.read_text("utf-8")


@posix
def test_a_folder_that_is_a_link_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere").chmod(0o755)
    (tmp_path / "tokens").symlink_to(tmp_path / "elsewhere")
    TokenCache(tmp_path).write(APPID, HOST, *KEPT)
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert stat.S_IMODE((tmp_path / "elsewhere").stat().st_mode) == 0o755


@posix
@pytest.mark.parametrize("kind", ["folder", "fifo"])
def test_what_is_no_file_is_passed_over(cache: TokenCache, file: Path, kind: str) -> None:
    file.unlink()
    file.mkdir() if kind == "folder" else os.mkfifo(file, 0o600)
    assert cache.read(APPID, HOST) is None
    cache.write(APPID, HOST, *KEPT)
    cache.drop(APPID, HOST)
    assert [path for path in file.parent.iterdir() if path != file] == []


GOOD = {"format": "wxdeploy.token/1", "appid": APPID, "host": HOST, "access_token": "T", "good_until": 1.0}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 16_000,
        json.dumps({**GOOD, "format": "wxdeploy.token/2"}).encode(),
        json.dumps({**GOOD, "appid": "wx0000000000000001"}).encode(),
        json.dumps({**GOOD, "host": "https://other.example.com"}).encode(),
        json.dumps({**GOOD, "access_token": ""}).encode(),
        json.dumps({**GOOD, "access_token": ["T"]}).encode(),
        json.dumps({**GOOD, "access_token": "T\r\nX: y"}).encode(),
        json.dumps({**GOOD, "good_until": "soon"}).encode(),
        json.dumps({**GOOD, "good_until": True}).encode(),
        json.dumps({**GOOD, "good_until": 10**400}).encode(),
        json.dumps({**GOOD, "more": "x" * 20_000}).encode(),
    ],
)
def test_a_corrupt_file_is_passed_over_and_replaced(cache: TokenCache, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert cache.read(APPID, HOST) is None
    cache.write(APPID, HOST, *KEPT)
    assert cache.read(APPID, HOST) == KEPT


def test_a_folder_that_cannot_be_made_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    cache = TokenCache(tmp_path / "file")
    cache.write(APPID, HOST, *KEPT)
    assert cache.read(APPID, HOST) is None
    cache.drop(APPID, HOST)


def test_what_was_dropped_is_gone_and_dropping_again_does_no_harm(cache: TokenCache) -> None:
    cache.drop(APPID, HOST)
    cache.drop(APPID, HOST)
    assert cache.read(APPID, HOST) is None


def test_processes_at_once_see_whole_files(tmp_path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from wxdeploy.client.cache import TokenCache
from wxdeploy.model.secret import Secret
cache = TokenCache(Path(sys.argv[1]))
me = sys.argv[2] * 2000
for turn in range(300):
    cache.write({APPID!r}, {HOST!r}, Secret(me), 1.0 + turn)
    kept = cache.read({APPID!r}, {HOST!r})
    assert kept is not None and kept[0].reveal() in ("a" * 2000, "b" * 2000), "half a file"
"""
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path), name], stderr=subprocess.PIPE) for name in "ab"
    ]
    for process in running:
        _, errors = process.communicate()
        assert (process.returncode, errors) == (0, b"")
    assert len(list((tmp_path / "tokens").iterdir())) == 1
    kept = TokenCache(tmp_path).read(APPID, HOST)
    assert kept is not None


@pytest.mark.parametrize(
    ("environ", "platform", "folder"),
    [
        ({"WXDEPLOY_CACHE": "/c", "XDG_CACHE_HOME": "/x", "HOME": "/h"}, "linux", "/c"),
        ({"WXDEPLOY_CACHE": "", "XDG_CACHE_HOME": "/x", "HOME": "/h"}, "linux", "/x/wxdeploy"),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/h"}, "linux", "/h/.cache/wxdeploy"),
        ({"HOME": "/h"}, "linux", "/h/.cache/wxdeploy"),
        ({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "darwin", "/h/Library/Caches/wxdeploy"),
        ({"LOCALAPPDATA": "/l"}, "win32", "/l/wxdeploy/Cache"),
        ({}, "linux", None),
        ({}, "win32", None),
    ],
)
def test_the_folder_is_the_users_by_the_custom_of_the_platform(
    environ: dict[str, str], platform: str, folder: str | None
) -> None:
    assert default_cache_folder(environ, platform) == (None if folder is None else Path(folder))


def test_a_relative_folder_is_counted_from_the_current_one() -> None:
    assert default_cache_folder({"WXDEPLOY_CACHE": "c"}) == Path.cwd() / "c"
