"""The pages of what can be wrong with YAML as such (WX01x), and with the comments that silence a rule (WX05x)."""

from __future__ import annotations

from wxdeploy.kinds.base import stated
from wxdeploy.model.diagnostic import Severity


@stated("WX010")
def yaml_syntax() -> None:
    """The YAML can't be understood.

    What: from this place on the text follows no rule of YAML: a quote or a bracket stays open, a colon or a comma is
    missing, a line is indented with a tab or stands further left than its neighbours.
    Why: a reader that guessed on would guess at what every follower sees.
    Bad:
        ```yaml
        menu:
          button:
            - {type: click, name: "今日歌曲, key: TODAY}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: "今日歌曲", key: TODAY}
        ```
    Source: YAML 1.2.2.
    """


@stated("WX011")
def several_documents() -> None:
    """A file holds several documents.

    What: a second ``---`` begins a second document in the same file.
    Why: a section is looked for in one document; the others would be lost without a word.
    Bad:
        ```yaml
        override: [menu]
        ---
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
    Source: YAML 1.2.2, 9.2 Streams; wxdeploy takes one document a file.
    """


@stated("WX012")
def duplicate_key() -> None:
    """A key is given twice.

    What: one mapping holds the same key twice.
    Why: most readers silently take the last one: of two ``menu`` sections, or of two addresses of a button, one would
    never be published.
    Bad:
        ```yaml
        menu:
          button:
            - {type: view, name: 官网, url: "https://www.example.com", url: "https://shop.example.com"}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: view, name: 官网, url: "https://shop.example.com"}
        ```
    Source: YAML 1.2.2, 3.2.1.3 Node Comparison: keys of a mapping are unique.
    """


@stated("WX013")
def key_not_a_string() -> None:
    """A key is not text.

    What: what stands before the colon is a number, true, false, null, a list or a mapping.
    Why: the API knows keys of text alone, and ``0123`` as a number would be another key than the one written.
    Bad:
        ```yaml title=wxdeploy.yaml
        version: 1
        accounts:
          1001: {appid: wx8f3c1a2b4d5e6f70, files: []}
        ```
    Good:
        ```yaml title=wxdeploy.yaml
        version: 1
        accounts:
          "1001": {appid: wx8f3c1a2b4d5e6f70, files: []}
        ```
    Source: RFC 8259, 4 Objects: the name of a member is a string.
    """


@stated("WX014")
def yaml_tag() -> None:
    """A YAML tag is used.

    What: a value is preceded by ``!`` and a word, which YAML takes for a type.
    Why: types of other programs (``!Ref``, ``!vault``, ``!!python/object``) mean nothing here; most often a text begins
    with an exclamation mark and lacks its quotes. Only ``!!str`` is understood.
    Bad:
        ```yaml
        menu:
          button:
            - {type: click, name: !Hot, key: HOT}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: "!Hot", key: HOT}
        ```
    Source: YAML 1.2.2, 6.9.1 Node Tags and 10.3 Core Schema.
    """


@stated("WX015")
def unknown_alias() -> None:
    """An alias has no anchor.

    What: ``*name`` stands for the value marked ``&name`` further up in the same file, and there is none.
    Why: nothing can be put in its place. A text that begins with an asterisk needs quotes.
    Bad:
        ```yaml
        menu:
          button:
            - {type: click, name: *VIP, key: VIP}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: "*VIP", key: VIP}
        ```
    Source: YAML 1.2.2, 7.1 Alias Nodes.
    """


@stated("WX016")
def recursive_alias() -> None:
    """An alias stands inside its own anchor.

    What: ``*name`` is used within the value that ``&name`` marks, which would contain itself without end.
    Why: such a value can't be written as JSON, which is what the API takes.
    Bad:
        ```yaml
        menu: &menu
          button:
            - *menu
        ```
    Good:
        ```yaml
        menu:
          button:
            - &news {type: click, name: 新闻, key: NEWS}
        ```
    Source: YAML 1.2.2, 3.2.2.2 Anchors and Aliases.
    """


@stated("WX017")
def expansion_bound() -> None:
    """The aliases of a file expand to too much.

    What: with every alias replaced by what it stands for, the file would hold more than 100,000 values.
    Why: a few lines of aliases of aliases can stand for billions of values and bring any program down.
    Bad:
        ```yaml
        menu:
          - &a [x, x, x, x, x, x, x, x, x, x]
          - &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
          - &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
          - &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
          - [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: 今日歌曲, key: TODAY}
        ```
    Source: wxdeploy's own bound.
    """


@stated("WX018")
def too_deep() -> None:
    """Values are nested too deep.

    What: a value lies within more than 64 others.
    Why: a menu is nested four deep; what is deeper is a slip of the keyboard or an attempt to exhaust the program.
    Bad:
        ```yaml
        menu: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: 今日歌曲, key: TODAY}
        ```
    Source: wxdeploy's own bound.
    """


@stated("WX019")
def merge_of_no_mapping() -> None:
    """What is merged is no mapping.

    What: after ``<<:`` stands something other than a mapping or a list of mappings.
    Why: only keys can be merged. A key that is really called ``<<`` is written in quotes.
    Bad:
        ```yaml
        menu:
          <<: news
          button:
            - {type: click, name: 新闻, key: NEWS}
        ```
    Good:
        ```yaml
        menu:
          button:
            - &news {type: click, name: 新闻, key: NEWS}
            - {<<: *news, name: 快讯}
        ```
    Source: yaml.org/type/merge.html.
    """


@stated("WX020")
def number_out_of_range() -> None:
    """A number is too long to be one.

    What: the digits of a number are more than any program can hold.
    Why: it is almost always an identifier, which has to be text to be kept digit by digit.
    Bad:
        ```text
        key: 1000...       # 5,000 digits
        ```
    Good:
        ```text
        key: "1000..."
        ```
    Source: wxdeploy's own bound.
    """


@stated("WX050")
def malformed_silence() -> None:
    """A comment that silences a rule is malformed.

    What: a comment that is to silence a rule is written ``# wxdeploy: ignore[CODE] reason``, with one code or several
    separated by commas, and with a reason.
    Why: a silenced finding is a decision; whoever reads the file next year has to know why it was taken.
    Bad:
        ```yaml
        menu:
          button:
            - {type: click, name: 今日歌曲, key: TODAY}    # wxdeploy: ignore[WX203]
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: 今日歌曲, key: TODAY}
        ```
    Source: wxdeploy's own.
    """


@stated("WX051", severity=Severity.WARNING)
def idle_silence() -> None:
    """A comment silences nothing.

    What: the rule that the comment names finds nothing on the comment's line, or on the next line where the comment
    stands alone.
    Why: the finding was mended or has moved. A comment that stays would hide the next, different finding.
    Bad:
        ```yaml
        menu:
          button:
            - {type: click, name: 今日歌曲, key: TODAY}    # wxdeploy: ignore[WX203] longer names are in use here
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: 今日歌曲, key: TODAY}
        ```
    Source: wxdeploy's own.
    """


RULES = (
    yaml_syntax,
    several_documents,
    duplicate_key,
    key_not_a_string,
    yaml_tag,
    unknown_alias,
    recursive_alias,
    expansion_bound,
    too_deep,
    merge_of_no_mapping,
    number_out_of_range,
    malformed_silence,
    idle_silence,
)
