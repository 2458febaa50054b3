"""The pages of what the schemas find (WX1xx)."""

from __future__ import annotations

from wxdeploy.kinds.base import stated


@stated("WX100")
def unknown_key() -> None:
    """A key is not known.

    What: this mapping has no such key.
    Why: WeChat answers a mistyped key with 40016 or 40019 or, worse, passes over it in silence: the button then
    does not do what the file says.
    Bad:
        ```yaml
        menu:
          button:
            - {type: click, nmae: 今日歌曲, name: 今日歌曲, key: TODAY}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: 今日歌曲, key: TODAY}
        ```
    Source: the schemas of wxdeploy, which follow the official pages of each call.
    """


@stated("WX101")
def wrong_type() -> None:
    """A value is of the wrong type.

    What: there is a text, a list or a mapping where another of them is wanted.
    Why: WeChat answers 47001, "data format error", and does not say where.
    Bad:
        ```yaml
        menu:
          button: {type: click, name: 今日歌曲, key: TODAY}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: 今日歌曲, key: TODAY}
        ```
    Source: the schemas of wxdeploy, which follow the official pages of each call.
    """


@stated("WX102")
def missing_key() -> None:
    """A key is missing.

    What: this mapping lacks a key that it can't do without.
    Why: WeChat refuses the whole request, and with it every other change of the same menu.
    Bad:
        ```yaml title=wxdeploy.yaml
        version: 1
        accounts:
          prod: {files: []}
        ```
    Good:
        ```yaml title=wxdeploy.yaml
        version: 1
        accounts:
          prod: {appid: wx8f3c1a2b4d5e6f70, files: []}
        ```
    Source: the schemas of wxdeploy, which follow the official pages of each call.
    """


@stated("WX103")
def value_not_allowed() -> None:
    """A value is not one of those allowed.

    What: only certain words are accepted here.
    Why: WeChat would refuse the word, or take it for something else.
    Bad:
        ```yaml title=wxdeploy.yaml
        version: 1
        accounts:
          prod:
            appid: wx8f3c1a2b4d5e6f70
            files: []
            rules: {WX203: waring}
        ```
    Good:
        ```yaml title=wxdeploy.yaml
        version: 1
        accounts:
          prod:
            appid: wx8f3c1a2b4d5e6f70
            files: []
            rules: {WX203: warning}
        ```
    Source: the schemas of wxdeploy, which follow the official pages of each call.
    """


@stated("WX104")
def other_shape() -> None:
    """A value has not the shape that is wanted.

    What: the value is of the right type and does not look as it has to: an appid of another length, an address without
    its scheme, an empty text.
    Why: WeChat would refuse it, often with a code that points elsewhere.
    Bad:
        ```yaml title=wxdeploy.yaml
        version: 1
        accounts:
          prod: {appid: gh_8f3c1a2b4d5e, files: []}
        ```
    Good:
        ```yaml title=wxdeploy.yaml
        version: 1
        accounts:
          prod: {appid: wx8f3c1a2b4d5e6f70, files: []}
        ```
    Source: the schemas of wxdeploy, which follow the official pages of each call.
    """


@stated("WX105")
def text_without_quotes() -> None:
    """A text needs quotes.

    What: a text is wanted, and YAML takes what is written for a number, for true or false, or for nothing at all; or a
    comma within braces ends it.
    Why: ``0123`` is read as the number 123, ``1.10`` as 1.1, ``1e3`` as 1000: WeChat would get another key than the one
    written, and the event that the phone sends back would fit no reply. Of ``{text: 你好,欢迎}`` only 你好 is the text.
    Bad:
        ```yaml
        menu:
          button:
            - {type: click, name: 今日歌曲, key: 0123}
        ```
        ```yaml
        replies:
          subscribe: {text: 你好,欢迎}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: 今日歌曲, key: "0123"}
        ```
        ```yaml
        replies:
          subscribe: {text: "你好,欢迎"}
        ```
    Source: YAML 1.2.2, 10.3.2 Tag Resolution and 7.3.3 Plain Style.
    """


RULES = (unknown_key, wrong_type, missing_key, value_not_allowed, other_shape, text_without_quotes)
