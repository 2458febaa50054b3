"""The pages of what can be wrong with variables (WX03x), sections (WX04x) and accounts (WX06x)."""

from __future__ import annotations

from wxdeploy.kinds.base import stated
from wxdeploy.model.diagnostic import Severity


@stated("WX030")
def unset_variable() -> None:
    """A variable is not set.

    What: ``${name}`` stands for a variable of the account, and neither the account nor the defaults set it.
    Why: the text ``${name}`` itself would be published as a button's address. A literal ``${`` is written ``$${``.
    Bad:
        ```yaml
        menu:
          button:
            - {type: view, name: 官网, url: "${home_page}"}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: view, name: 官网, url: "https://www.example.com"}
        ```
    Source: wxdeploy's own.
    """


@stated("WX031")
def unset_environment() -> None:
    """An environment variable is not set.

    What: ``${env:NAME}`` stands for the environment variable NAME, which is not set, or is empty.
    Why: an empty value is what a pipeline hands over where a secret is missing. Where there is something to fall back
    on, it is written ``${env:NAME:-default}``; an empty default is allowed.
    Bad:
        ```yaml
        menu:
          button:
            - {type: view, name: 官网, url: "${env:WXDEPLOY_EXAMPLE_UNSET}"}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: view, name: 官网, url: "${env:WXDEPLOY_EXAMPLE_UNSET:-https://www.example.com}"}
        ```
    Source: wxdeploy's own.
    """


@stated("WX032")
def malformed_variable() -> None:
    """A variable is malformed.

    What: after ``${`` must follow a name and ``}``, or ``env:NAME}``, or ``env:NAME:-default}``.
    Why: a half-written variable would be published as it stands. A literal ``${`` is written ``$${``.
    Bad:
        ```yaml
        menu:
          button:
            - {type: view, name: 官网, url: "https://${site/search"}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: view, name: 官网, url: "https://www.example.com/$${site"}
        ```
    Source: wxdeploy's own.
    """


@stated("WX033")
def variable_cycle() -> None:
    """Variables stand for each other in a circle.

    What: to know the value of a variable one has to know it already, or one variable stands for another more than
    32 times over.
    Why: no value can be found.
    Bad:
        ```yaml title=wxdeploy.yaml
        version: 1
        accounts:
          prod:
            appid: wx8f3c1a2b4d5e6f70
            files: []
            vars: {site: "https://${host}", host: "${site}"}
        ```
    Good:
        ```yaml title=wxdeploy.yaml
        version: 1
        accounts:
          prod:
            appid: wx8f3c1a2b4d5e6f70
            files: []
            vars: {site: "https://${host}", host: www.example.com}
        ```
    Source: wxdeploy's own.
    """


@stated("WX034")
def literal_secret() -> None:
    """A secret is written into the file.

    What: ``secret``, ``access_token``, the authorizer's ``component_access_token`` and ``refresh_token``, the
    callback's ``token`` and ``encoding_aes_key`` may only be ``${env:NAME}``, or name a program or a service where
    they can; a header for a token service that is named like a secret has to hold one.
    Why: whoever can read the repository, or its history, could publish in the account's name. A secret that was ever
    committed has to be reset in the console of the account; removing the line is not enough.
    Bad:
        ```yaml title=wxdeploy.yaml
        version: 1
        accounts:
          prod:
            appid: wx8f3c1a2b4d5e6f70
            secret: 0123456789abcdef0123456789abcdef
            files: []
        ```
    Good:
        ```yaml title=wxdeploy.yaml
        version: 1
        accounts:
          prod:
            appid: wx8f3c1a2b4d5e6f70
            secret: ${env:WX_PROD_SECRET}
            files: []
        ```
    Source: developers.weixin.qq.com/doc/service/guide/dev/api: the AppSecret must be kept and is not shown again.
    """


@stated("WX035")
def variables_too_long() -> None:
    """Variables expand to too much text.

    What: with its variables filled in, a value would be longer than 64 KiB.
    Why: no value of the API is longer than a few kilobytes; variables that repeat each other grow without measure.
    Bad:
        ```text
        vars: {a: "${b}${b}", b: "${c}${c}", c: "${d}${d}", ...}
        ```
    Good:
        ```text
        vars: {site: "https://www.example.com"}
        ```
    Source: wxdeploy's own bound.
    """


@stated("WX036")
def environment_not_text() -> None:
    """An environment variable is not text.

    What: the bytes of the environment variable are not UTF-8.
    Why: WeChat takes UTF-8 alone; a guess at the characters would be published.
    Bad:
        ```text
        $ export SHOP_NAME=$'\\xb1\\xb1\\xbe\\xa9'        # GBK
        ```
    Good:
        ```text
        $ export SHOP_NAME=北京
        ```
    Source: wxdeploy's own.
    """


@stated("WX040")
def section_twice() -> None:
    """A section is given twice.

    What: two files of one account hold the same section.
    Why: lists are never merged entry by entry, so one of the two would be lost. A file that is meant to replace an
    earlier one's section says so: ``override: [menu]``.
    Bad:
        ```text
        files: [base.yaml, prod.yaml]        # both with a menu
        ```
    Good:
        ```text
        # prod.yaml
        override: [menu]
        menu: ...
        ```
    Source: wxdeploy's own.
    """


@stated("WX041")
def idle_override() -> None:
    """An override replaces nothing.

    What: a file says that it overrides a section, and it has no such section itself, or no earlier file of the account
    has it.
    Why: the section was renamed or moved, or the files are in another order than was thought.
    Bad:
        ```yaml
        override: [menu]
        menu:
          button:
            - {type: click, name: 今日歌曲, key: TODAY}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: 今日歌曲, key: TODAY}
        ```
    Source: wxdeploy's own.
    """


@stated("WX060")
def unsafe_api() -> None:
    """The address of the API can't be used.

    What: ``api`` is ``sandbox`` or the ``https://`` address of a host that speaks the official API, without user name,
    query or fragment; ``http://`` is accepted for this machine alone (localhost, 127.0.0.1, ::1).
    Why: the access token is part of every request's address and would cross the network in the clear.
    Bad:
        ```yaml title=wxdeploy.yaml
        version: 1
        accounts:
          prod: {appid: wx8f3c1a2b4d5e6f70, api: "http://api.example.com", files: []}
        ```
    Good:
        ```yaml title=wxdeploy.yaml
        version: 1
        accounts:
          prod: {appid: wx8f3c1a2b4d5e6f70, api: "http://127.0.0.1:8080", files: []}
        ```
    Source: wxdeploy's own.
    """


@stated("WX061", severity=Severity.WARNING)
def appid_twice() -> None:
    """Two accounts have one appid.

    What: two entries of ``accounts`` lead to the same Official Account at the same host.
    Why: each apply of the one would undo what the other did; mostly an entry was copied and its appid kept.
    Bad:
        ```yaml title=wxdeploy.yaml
        version: 1
        accounts:
          prod: {appid: wx8f3c1a2b4d5e6f70, files: []}
          test: {appid: wx8f3c1a2b4d5e6f70, files: []}
        ```
    Good:
        ```yaml title=wxdeploy.yaml
        version: 1
        accounts:
          prod: {appid: wx8f3c1a2b4d5e6f70, files: []}
          test: {appid: wx8f3c1a2b4d5e6f71, files: []}
        ```
    Source: wxdeploy's own.
    """


@stated("WX062")
def no_such_rule() -> None:
    """A severity is given to a rule that does not exist.

    What: a key under ``rules`` is neither a rule's code nor a pattern such as ``WX2xx`` that stands for one.
    Why: it changes nothing, and the rule that was meant keeps its severity.
    Bad:
        ```yaml title=wxdeploy.yaml
        version: 1
        accounts:
          prod: {appid: wx8f3c1a2b4d5e6f70, files: [], rules: {WX299: warning}}
        ```
    Good:
        ```yaml title=wxdeploy.yaml
        version: 1
        accounts:
          prod: {appid: wx8f3c1a2b4d5e6f70, files: [], rules: {WX2xx: warning, WX262: error}}
        ```
    Source: wxdeploy's own.
    """


RULES = (
    unset_variable,
    unset_environment,
    malformed_variable,
    variable_cycle,
    literal_secret,
    variables_too_long,
    environment_not_text,
    section_twice,
    idle_override,
    unsafe_api,
    appid_twice,
    no_such_rule,
)
