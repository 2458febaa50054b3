"""The typed fields of category templates: the two official tables, see ``wxdeploy.wechat.template_fields``.

Every bound on both sides, first of the table, then of a message that is sent.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wxdeploy.sandbox import library
from wxdeploy.wechat.template_fields import TYPES, Basis, Sort, check, doubt, sort_of, type_of

ACCEPTED = {
    "thing": ["x", "测" * 20, "x" * 20, "a b，c！1", "😀" * 20],
    "character_string": ["9" * 32, "SF-1234/56_7 (a)#", "￥（1）。"],
    "time": [
        *("15:01", "00:00", "23:59:59", "2019年10月1日 15:01", "2019-10-01 15:01", "2019/10/01 15:01:02"),
        *("2025-11-29 10:00:00~12:00:00", "10:00~12:00", "2025-11-29 10:00~2025-11-30 12:00", "10月1日 15:01"),
    ],
    "date": [
        *("2019年10月1日", "2019年10月01日", "2019年10月", "10月1日", "2018-01-01", "2018/01/01", "2018.01.01"),
        *("2018-01", "01-01", "2018-1-1", "2019年10月1日 15:01", "2019-10-01~2019-10-07", "12-31"),
        *("2019-10-01 10:00~12:00", "2019-10-01 10:00~2019-10-02 12:00:30"),
    ],
    "amount": ["1", "88.00", "¥88.00", "￥88", "$5", "100元", "¥100.5元", "9" * 12, "¥9999999999.99元"],
    "phone_number": ["+86-0766-66888866", "10086", "9" * 17, "010 8888 6666"],
    "car_number": ["粤A8Z888挂", "粤AD12345", "粤Z1234港", "京A12345", "AB12345", "A"],
    "const": ["", "退款成功", "x" * 20],
    "number": ["0", "1.5", "9" * 32, f"{'9' * 31}.5"],
    "letter": ["a", "Z" * 32],
    "symbol": ["!", "!?#-~", "，。！？…"],
    "name": ["王小明", "王" * 10, "a" * 20, "John Smith", "阿卜杜拉·买买提", "Dr. 王"],
    "phrase": ["待", "配送中", "已经发货啦"],
    "enum": ["任何值", "x" * 99],
    "enum_string": ["任何值", "x" * 99],
    "short_thing": ["B2-017", "x" * 99],
}
REFUSED = {
    "thing": ["", " ", "测" * 21, "x" * 21, "a\nb", "a\tb", "a\u2028b", "\x00"],
    "character_string": ["", "9" * 33, "单号1", "заказ", "1\n2", "😀"],
    "time": [
        *("", "24:00", "9:05", "12:60", "12:00:60", "15：01", "2019-10-01", "2019年10月1日", "下午3点", "15:01~"),
        *("2019-10-0115:01", "10:00-12:00", "10:00~12:00~13:00", "2019-13-01 10:00", "2019-10-01  10:00"),
    ],
    "date": ["", "2018", "20180101", "2018-01/01", "2018-13-01", "2018-01-32", "00-01", "15:01", "2018-01-01~", "明天"],
    "amount": ["", "9" * 13, "¥9999999999.999元", "1,000", "-5", "¥¥5", "5.", ".5", "五元", "5元整", "US$5", "¥", "１"],
    "phone_number": ["", "9" * 18, "1O086", "电话10086"],
    "car_number": ["", "粤A8Z8888挂", "粤粤12345", "京A·1234", "粤A 1234", "粤A港1234"],
    "const": [" ", "x" * 21, "a\nb"],
    "number": ["", "9" * 33, f"{'9' * 32}.5", "1,5", "-1", "1e5", "1.", "一"],
    "letter": ["", "a" * 33, "a1", "é", "字", "a b"],
    "symbol": ["", "!!!!!!", "a", "1", "字", "😀"],
    "name": ["", "王" * 11, "a" * 21, "王" + "a" * 10, "张三1", "a1"],
    "phrase": ["", "已经发货啦啦", "13笔", "ok", "待，", "待 发"],
    "enum": ["", "a\nb"],
    "enum_string": ["", "a\nb"],
    "short_thing": ["", " ", "a\nb"],
}


def test_every_type_has_cases_a_source_and_a_basis():
    assert set(TYPES) == set(ACCEPTED) == set(REFUSED)
    assert all(row.name == name and row.source and isinstance(row.basis, Basis) for name, row in TYPES.items())
    assert not any(re.search(r"[{}]", row.wants) for row in TYPES.values())


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in ACCEPTED.items() for value in values])
def test_accepted(kind, value):
    assert check(kind, value) is None


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in REFUSED.items() for value in values])
def test_refused(kind, value):
    reason = check(kind, value)
    assert reason
    assert len(value.strip()) < 4 or value not in reason  # what a stranger wrote is not repeated


DIGITS, LETTERS, SYMBOLS = "0123456789", "abcXYZ", "!#-/。￥"
CHINESE = "测试〇退款㐀"
ALPHABETS = {Sort.DIGIT: DIGITS, Sort.LETTER: LETTERS, Sort.SYMBOL: SYMBOLS, Sort.CHINESE: CHINESE}
COUNTED = [name for name, row in TYPES.items() if row.most is not None and row.form is None]


def texts(kind: str, size: int) -> st.SearchStrategy[str]:
    sorts = TYPES[kind].sorts or {Sort.DIGIT, Sort.LETTER, Sort.SYMBOL, Sort.CHINESE}
    return st.text("".join(ALPHABETS[sort] for sort in sorted(sorts)), min_size=size, max_size=size)


@settings(deadline=None, database=None)
@given(st.data())
def test_the_longest_is_accepted_and_one_more_is_not(data):
    row = TYPES[data.draw(st.sampled_from(COUNTED))]
    value = data.draw(texts(row.name, row.most))
    chinese = any(sort_of(character) is Sort.CHINESE for character in value)
    fits = row.most_with_chinese is None or not chinese
    assert (check(row.name, value) is None) is fits
    assert check(row.name, value + value[:1]) is not None
    if not fits:
        value = value[: row.most_with_chinese - 1] + "王"
        assert check(row.name, value) is None
        assert check(row.name, value + "a") is not None


@settings(deadline=None, database=None)
@given(st.sampled_from(["amount", "number"]), st.integers(0, 40))
def test_decimals_count_as_digits(kind, decimals):
    most = TYPES[kind].most
    for size in (most, most + 1):
        if 0 < decimals < size:
            value = f"{'1' * (size - decimals)}.{'2' * decimals}"
            assert (check(kind, value) is None) is (size == most)


@settings(deadline=None, database=None)
@given(st.sampled_from(sorted(TYPES)), st.text(max_size=45))
def test_any_text_is_judged(kind, value):
    """One reason or none, and none that holds a control character."""
    reason = check(kind, value)
    assert reason is None or (reason and "\n" not in reason)
    if reason is None and value:
        assert value.strip()


def test_between_the_two_tables_an_amount_is_doubtful():
    """12 digits for category templates, 10 for subscription notifications."""
    assert doubt("amount", "¥" + "1" * 10) is None
    assert "11 digits" in doubt("amount", "¥" + "1" * 11)
    assert doubt("number", "1" * 32) is None
    assert doubt("unheard", "1" * 99) is None


def test_an_unknown_type_takes_anything():
    """Whether there are more of them is not known."""
    assert check("unheard", "") is None
    assert check("unheard", "x\n" * 99) is None


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        *(("thing2", "thing"), ("character_string12", "character_string"), ("number01", "number")),
        *(("enum_string3", "enum_string"), ("short_thing5", "short_thing"), ("time3", "time")),
        *(("thing", None), ("first", None), ("keyword1", None), ("remark", None), ("thing_2", None), ("2", None)),
        *(("Thing2", None), ("unheard1", None), ("thing2x", None), ("", None)),
    ],
)
def test_the_type_is_the_beginning_of_the_name(key, kind):
    assert type_of(key) == kind


def test_the_library_s_own_examples_are_sendable(api):
    """Every template with all of its keywords, filled with its examples."""
    api.seed(followers={"o1": {}})
    used = set()
    for template in library.templates().values():
        kept = [keyword for keyword in template.keywords.values() if not keyword.dropped]
        body = {"template_id_short": template.id, "keyword_name_list": [keyword.name for keyword in kept]}
        template_id = api.post("template/api_add_template", body)["template_id"]
        data = {keyword.key: {"value": keyword.example} for keyword in kept}
        assert api.post("message/template/send", {"touser": "o1", "template_id": template_id, "data": data})["msgid"]
        used |= {type_of(keyword.key) for keyword in kept}
    assert used == set(TYPES) - {"enum"}
    assert len(library.templates()) == 11


CASES = [(kind, value, True) for kind, values in ACCEPTED.items() for value in values]
CASES += [(kind, value, False) for kind, values in REFUSED.items() for value in values]


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_a_message_is_judged_by_the_same_table(api, kind):
    key = f"{kind}1"
    api.seed(templates=[{"template_id": "T", "title": "x", "placeholders": {key: "x"}}], followers={"o1": {}})
    for value, fits in [(value, fits) for name, value, fits in CASES if name == kind and "\x00" not in value]:
        # Control characters can't be sent as they are: JSON wants them escaped.
        text = value.replace("\n", r"\n").replace("\t", r"\t")
        body = f'{{"touser":"o1","template_id":"T","data":{{"{key}":{{"value":"{text}"}}}}}}'
        answer = api.raw("POST", "message/template/send", body.encode())
        assert (answer["errcode"] == 0) is fits, value
        if not fits:
            assert (answer["errcode"], answer["errmsg"].split(" rid")[0]) == (
                47003,
                f"argument invalid! data.{key}.value {'invalid' if value.strip() else 'is emtpy'}",
            )
