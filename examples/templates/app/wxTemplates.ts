// Template messages and menu keys of WeChat accounts, by logical name.
// Made by `wxdeploy export --format typescript`: a change by hand is lost with the next one.
/* eslint-disable */

export type Account = "east" | "west";
export type MenuKey = "CONTACT" | "MY_ORDERS";

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

export const APPIDS: Readonly<Record<Account, string | null>> = {
  "east": "wx00000000000000e1",
  "west": "wx00000000000000e2",
};

export const MENU_KEYS: Readonly<Record<Account, readonly MenuKey[]>> = {
  "east": ["CONTACT", "MY_ORDERS"],
  "west": ["CONTACT", "MY_ORDERS"],
};

export type OrderPaidData = {
  readonly "order.no": string; // 订单编号
  readonly "order.amount": string; // 支付金额
  readonly "order.paid_at": string; // 支付时间
};
export const ORDER_PAID = new Template<"east" | "west", OrderPaidData>("order_paid", {
  "east": {
    template_id: "E1paidQm7Zk2uVb0sXc9TnRf4Wy8LhJd6GpAe3Ki5Mo",
    title: "订单支付成功通知",
    fields: [
      { label: "订单编号", placeholder: "character_string1", source: "order.no" },
      { label: "支付金额", placeholder: "amount3", source: "order.amount" },
      { label: "支付时间", placeholder: "time4", source: "order.paid_at" },
    ],
    url: "https://east.example.com/orders/{order.no}",
    miniprogram: { appid: "wx286b93c14bbf93aa", pagepath: "pages/order?no={order.no}" },
  },
  "west": {
    template_id: "W2paidTx6Lc1nQz8rKv3FbHw5Jg9DmSp0YoUe7Ia4Xt",
    title: "订单支付成功通知",
    fields: [
      { label: "订单编号", placeholder: "character_string6", source: "order.no" },
      { label: "支付金额", placeholder: "amount8", source: "order.amount" },
      { label: "支付时间", placeholder: "time2", source: "order.paid_at" },
    ],
    url: "https://west.example.com/orders/{order.no}",
    miniprogram: { appid: "wx286b93c14bbf93aa", pagepath: "pages/order?no={order.no}" },
  },
});

export type OrderShippedData = {
  readonly "order.no": string; // 订单编号
  readonly "parcel.carrier": string; // 快递公司
  readonly "parcel.no": string; // 快递单号
};
export const ORDER_SHIPPED = new Template<"east" | "west", OrderShippedData>("order_shipped", {
  "east": {
    template_id: "E1shipBn4Xr8tYd1qLw6VjHg0Cz5KsMf9PoUa2Ei7Nb",
    title: "订单发货通知",
    fields: [
      { label: "订单编号", placeholder: "character_string2", source: "order.no" },
      { label: "快递公司", placeholder: "phrase7", source: "parcel.carrier" },
      { label: "快递单号", placeholder: "character_string8", source: "parcel.no" },
    ],
    url: "https://east.example.com/parcels/{parcel.no}",
    miniprogram: null,
  },
  "west": {
    template_id: "W2shipKd3Gs9hPf7bTq1YmXc5Rn0VzJl8WoIu4Ea6Hy",
    title: "订单发货通知",
    fields: [
      { label: "订单编号", placeholder: "character_string11", source: "order.no" },
      { label: "快递公司", placeholder: "phrase2", source: "parcel.carrier" },
      { label: "快递单号", placeholder: "character_string5", source: "parcel.no" },
    ],
    url: "https://west.example.com/parcels/{parcel.no}",
    miniprogram: null,
  },
});
