"""The export as a TypeScript module without imports, for any compiler under ``--strict``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from wxdeploy.render.export.names import apart, by_template, camel, constant, paths
from wxdeploy.render.export.names import typescript as quoted

_TAKEN = frozenset({"APPIDS", "MENU_KEYS"})

_HEAD = """\
// Template messages and menu keys of WeChat accounts, by logical name.
// Made by `wxdeploy export --format typescript`: a change by hand is lost with the next one.
/* eslint-disable */

"""

_BODY = r"""
export type MiniProgram = { readonly appid: string; readonly pagepath?: string };

/** The body of POST /cgi-bin/message/template/send. */
export type Message = {
  readonly touser: string;
  readonly template_id: string;
  readonly data: Readonly<Record<string, { readonly value: string }>>;
  readonly url?: string;
  readonly miniprogram?: MiniProgram;
  readonly client_msg_id?: string;
};

/** One field: what followers see before it, what this account calls it, where its value comes from. */
export type Field = { readonly label: string; readonly placeholder: string; readonly source: string };

/** What one account has for a logical name; `{order.no}` in a link stands for the value of that source. */
export type AccountTemplate = {
  readonly template_id: string;
  readonly title: string;
  readonly fields: readonly Field[];
  readonly url: string | null;
  readonly miniprogram: { readonly appid: string; readonly pagepath: string | null } | null;
};

/** A logical name: `A` are the accounts that have it, `D` is what the application supplies. */
export class Template<A extends string, D extends Readonly<Record<string, string>>> {
  readonly name: string;
  readonly accounts: Readonly<Record<A, AccountTemplate>>;

  constructor(name: string, accounts: Readonly<Record<A, AccountTemplate>>) {
    this.name = name;
    this.accounts = accounts;
  }

  /** The body to send: within ten minutes, the same `clientMsgId` reaches a follower once. */
  message(account: A, openid: string, data: D, clientMsgId?: string): Message {
    const here: AccountTemplate = this.accounts[account];
    const page = here.miniprogram;
    return {
      touser: openid,
      template_id: here.template_id,
      data: Object.fromEntries(here.fields.map((each) => [each.placeholder, { value: valueOf(data, each.source) }])),
      ...(here.url === null ? {} : { url: filled(here.url, data) }),
      ...(page === null
        ? {}
        : {
            miniprogram: {
              appid: page.appid,
              ...(page.pagepath === null ? {} : { pagepath: filled(page.pagepath, data) }),
            },
          }),
      ...(clientMsgId === undefined ? {} : { client_msg_id: clientMsgId }),
    };
  }
}

function valueOf(data: Readonly<Record<string, string>>, source: string): string {
  const value = data[source];
  if (value === undefined) {
    throw new Error(`the data has no ${source}`);
  }
  return value;
}

function filled(link: string, data: Readonly<Record<string, string>>): string {
  return link.replace(
    /\{([A-Za-z_][A-Za-z0-9_]*(?:\.(?:[A-Za-z_][A-Za-z0-9_]*|[0-9]+))*)\}/g,
    (_whole: string, source: string) => encodeURIComponent(valueOf(data, source)),
  );
}

"""


def typescript(document: Mapping[str, Any]) -> str:
    """The module: ``ORDER_PAID.message("east", openid, {"order.no": …})`` is the body to send."""
    return _HEAD + "\n".join(_types(document)) + _BODY + "\n".join(_values(document))


def _types(document: Mapping[str, Any]) -> Iterator[str]:
    accounts = document["accounts"]
    keys = sorted({key for account in accounts.values() for key in account["menu_keys"]})
    yield f"export type Account = {_union(accounts)};"
    if keys:
        yield f"export type MenuKey = {_union(keys)};"
    yield ""


def _values(document: Mapping[str, Any]) -> Iterator[str]:
    accounts = document["accounts"]
    yield "export const APPIDS: Readonly<Record<Account, string | null>> = {"
    for name, account in accounts.items():
        yield f"  {quoted(name)}: {quoted(account['appid'])},"
    yield "};"
    if any(account["menu_keys"] for account in accounts.values()):
        yield "\nexport const MENU_KEYS: Readonly<Record<Account, readonly MenuKey[]>> = {"
        for name, account in accounts.items():
            yield f"  {quoted(name)}: [{', '.join(map(quoted, account['menu_keys']))}],"
        yield "};"
    templates = by_template(document)
    types, constants = apart(templates, camel), apart(templates, constant, _TAKEN)
    for name, by_account in templates.items():
        yield from _template(name, by_account, types[name] + "Data", constants[name])
    yield ""


def _template(name: str, by_account: Mapping[str, Mapping[str, Any]], kind: str, variable: str) -> Iterator[str]:
    yield f"\nexport type {kind} = {{"
    for path, labels in paths(by_account).items():
        yield f"  readonly {quoted(path)}: string;{_comment(labels)}"
    yield "};"
    yield f"export const {variable} = new Template<{_union(by_account)}, {kind}>({quoted(name)}, {{"
    for account, template in by_account.items():
        yield f"  {quoted(account)}: {{"
        yield f"    template_id: {quoted(template['template_id'])},"
        yield f"    title: {quoted(template['title'])},"
        yield "    fields: ["
        for each in template["fields"]:
            parts = (("label", "label"), ("placeholder", "placeholder"), ("source", "from"))
            yield f"      {{ {', '.join(f'{name}: {quoted(each[key])}' for name, key in parts)} }},"
        yield "    ],"
        yield f"    url: {quoted(template['url'])},"
        page = template["miniprogram"]
        written = f"{{ appid: {quoted(page['appid'])}, pagepath: {quoted(page['pagepath'])} }}" if page else "null"
        yield f"    miniprogram: {written},"
        yield "  },"
    yield "});"


def _comment(labels: str) -> str:
    return f" // {quoted(labels)[1:-1]}" if labels else ""


def _union(names: Iterable[str]) -> str:
    return " | ".join(map(quoted, names))
