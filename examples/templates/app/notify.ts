// The shop's application, as in notify.py: it knows neither template ids nor placeholders.

import { ORDER_PAID, ORDER_SHIPPED, type Account, type MenuKey, type Message } from "./wxTemplates.js";

export type Order = { readonly no: string; readonly cents: number; readonly paidAt: string };

/** The message for a payment; sent twice by mistake, it arrives once. */
export function paid(shop: Account, openid: string, order: Order): Message {
  return ORDER_PAID.message(
    shop,
    openid,
    {
      "order.no": order.no,
      "order.amount": `¥${(order.cents / 100).toFixed(2)}`,
      "order.paid_at": order.paidAt,
    },
    `paid-${order.no}`,
  );
}

/** The message for a parcel. */
export function shipped(shop: Account, openid: string, order: Order, carrier: string, parcel: string): Message {
  return ORDER_SHIPPED.message(shop, openid, {
    "order.no": order.no,
    "parcel.carrier": carrier,
    "parcel.no": parcel,
  });
}

/** What a tap on a button of the menu is answered with; a key that nobody handles is an error of the compiler's. */
export function answer(key: MenuKey): string {
  switch (key) {
    case "MY_ORDERS":
      return "您的订单: https://www.example.com/orders";
    case "CONTACT":
      return "客服在线时间: 9:00-21:00";
  }
}
