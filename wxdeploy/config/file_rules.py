"""The pages of what can be wrong with a file before anything in it is understood (WX00x)."""

from __future__ import annotations

from wxdeploy.kinds.base import stated


@stated("WX001")
def no_project() -> None:
    """There is no project here.

    What: neither this folder nor one above it holds a file ``wxdeploy.yaml``.
    Why: that file says which accounts there are and which files belong to each; without it nothing can be done.
    Bad:
        ```text
        $ cd /tmp && wxdeploy plan
        ```
    Good:
        ```text
        $ cd shop-menus && wxdeploy plan
        $ wxdeploy -C shop-menus plan
        ```
    Source: wxdeploy's own; ``wxdeploy init`` writes a project to start from.
    """


@stated("WX002")
def unreadable_file() -> None:
    """A file can't be read.

    What: the system refuses to open the file, or it is a folder, a device or a link that leads nowhere.
    Why: an account whose files are not all read would look as if their content had been removed.
    Bad:
        ```text
        $ chmod 000 menu.yaml && wxdeploy validate
        ```
    Good:
        ```text
        $ chmod 644 menu.yaml && wxdeploy validate
        ```
    Source: wxdeploy's own.
    """


@stated("WX003")
def file_too_large() -> None:
    """A file is too large.

    What: the file holds more than 5 MiB, and is refused before it is parsed; or more than 100,000 values.
    Why: the configuration of an account is some kilobytes. A larger file is another one caught by a glob.
    Bad:
        ```text
        files: ["**/*"]        # catches pictures and exports too
        ```
    Good:
        ```text
        files: ["menus/*.yaml"]
        ```
    Source: wxdeploy's own bound.
    """


@stated("WX004")
def not_utf8() -> None:
    """A file is not UTF-8.

    What: the bytes are not UTF-8 text: often GBK written by an older editor, or the UTF-16 of a spreadsheet's export.
    Why: WeChat takes UTF-8 alone, and a guess would put wrong characters on every follower's phone.
    Bad:
        ```text
        menu.yaml saved as GBK, ANSI or "Unicode" (UTF-16)
        ```
    Good:
        ```text
        menu.yaml saved as UTF-8, with or without a byte order mark
        ```
    Source: YAML 1.2.2, 5.2 Character Encodings; wxdeploy takes UTF-8 alone.
    """


@stated("WX005")
def forbidden_character() -> None:
    """A character is not allowed.

    What: the file holds a control character, or an invisible line separator (U+0085, U+2028, U+2029) that some readers
    take for a new line and others for text.
    Why: nobody sees such a character in an editor; it comes with text pasted from a document or a chat.
    Bad:
        ```text
        a null character, a backspace, or U+2028 after a button's name
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: "今日\\u2028歌曲", key: TODAY}    # where it is really meant
        ```
    Source: YAML 1.2.2, 5.1 Character Set and 5.4 Line Break Characters.
    """


@stated("WX006")
def no_such_file() -> None:
    """A pattern finds no file.

    What: an entry of ``files`` names a file that does not exist, or is a glob that fits none.
    Why: a mistyped name would silently leave a menu out of the account, and WeChat would keep the old one.
    Bad:
        ```yaml title=wxdeploy.yaml
        version: 1
        accounts:
          prod:
            appid: wx8f3c1a2b4d5e6f70
            files: [mneu.yaml]
        ```
    Good:
        ```yaml title=wxdeploy.yaml
        version: 1
        accounts:
          prod:
            appid: wx8f3c1a2b4d5e6f70
            files: []
        ```
    Source: wxdeploy's own.
    """


@stated("WX007")
def outside_project() -> None:
    """A file lies outside the project.

    What: an entry of ``files`` is an absolute path, climbs out with ``..``, or reaches a file through a link that leads
    out of the folder of ``wxdeploy.yaml``.
    Why: a pull request must not be able to read other files of the machine it is checked on, and what is outside the
    repository is not reviewed with it.
    Bad:
        ```yaml title=wxdeploy.yaml
        version: 1
        accounts:
          prod:
            appid: wx8f3c1a2b4d5e6f70
            files: [../shared/menu.yaml]
        ```
    Good:
        ```yaml title=wxdeploy.yaml
        version: 1
        accounts:
          prod:
            appid: wx8f3c1a2b4d5e6f70
            files: []
        ```
    Source: wxdeploy's own.
    """


@stated("WX008")
def too_many_findings() -> None:
    """A file has more findings than are told.

    What: of one file the first thousand findings are told, errors before warnings; how many more there are is said
    last. Where already its YAML is wrong in a thousand places, the rest of it is not read.
    Why: nobody reads them all, and a pipeline that prints millions of them falls over before anybody can.
    Bad:
        ```text
        files: ["exports/*.yaml"]    # a list of orders, each with keys that no section knows
        ```
    Good:
        ```text
        files: ["menus/*.yaml"]
        ```
    Source: wxdeploy's own bound.
    """


RULES = (
    no_project,
    unreadable_file,
    file_too_large,
    not_utf8,
    forbidden_character,
    no_such_file,
    outside_project,
    too_many_findings,
)
