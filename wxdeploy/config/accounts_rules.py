"""The pages of what can be wrong with an accounts file (WX06x)."""

from __future__ import annotations

from wxdeploy.kinds.base import stated
from wxdeploy.model.diagnostic import Severity


@stated("WX063")
def account_twice() -> None:
    """An account's name is given twice.

    What: two rows of the accounts file, or one of them and an entry of ``accounts``, have the same name.
    Why: the name is what ``--account`` chooses by and what every report says; one of the two would be lost.
    Bad:
        ```csv title=accounts.csv
        name,appid
        beijing,wx0000000000000001
        beijing,wx0000000000000002
        ```
    Good:
        ```csv title=accounts.csv
        name,appid
        beijing,wx0000000000000001
        beijing-2,wx0000000000000002
        ```
    Source: wxdeploy's own.
    """


@stated("WX064")
def table_broken() -> None:
    """An accounts file is no table.

    What: a CSV file begins with a row that names its columns; every row after it has as many cells. Cells are separated
    by commas; one that holds a comma, a quote or a line break stands in double quotes, with quotes in it doubled.
    Why: from the place where a row is one cell short, every value would be taken for its neighbour's.
    Bad:
        ```csv title=accounts.csv
        name,appid,vars.shop
        beijing,wx0000000000000001
        ```
    Good:
        ```csv title=accounts.csv
        name,appid,vars.shop
        beijing,wx0000000000000001,"Tea, and more"
        ```
    Source: RFC 4180.
    """


@stated("WX065")
def column_unknown() -> None:
    """A column of the accounts file has no meaning.

    What: a column is called ``name``, or as the key of an account that it fills: ``appid``, ``secret``, ``files``,
    ``labels.region``, ``vars.site``, ``authorizer.refresh_token``. Each stands once; ``name`` and ``appid`` are needed.
    Why: what stands in a column that nobody reads would silently be missing from every account.
    Bad:
        ```csv title=accounts.csv
        name,appid,region
        beijing,wx0000000000000001,north
        ```
    Good:
        ```csv title=accounts.csv
        name,appid,labels.region
        beijing,wx0000000000000001,north
        ```
    Source: wxdeploy's own.
    """


@stated("WX066", severity=Severity.WARNING)
def formula() -> None:
    """A cell reads like a formula.

    What: a cell of the accounts file begins with ``=``, ``+``, ``-`` or ``@``.
    Why: a spreadsheet computes it when the file is opened, and writes the result in its place when it is saved:
    ``+8610`` becomes ``8610``. Somebody else's formula can also send what is in the table elsewhere.
    Bad:
        ```csv title=accounts.csv
        name,appid,vars.phone
        beijing,wx0000000000000001,+86 10 5555 0100
        ```
    Good:
        ```csv title=accounts.csv
        name,appid,vars.phone
        beijing,wx0000000000000001,0086 10 5555 0100
        ```
    Source: owasp.org/www-community/attacks/CSV_Injection.
    """


RULES = (account_twice, table_broken, column_unknown, formula)
