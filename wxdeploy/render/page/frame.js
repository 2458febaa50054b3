"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  root.classList.add("js");

  /* Accounts */
  const chooser = document.getElementById("account");
  const showAccount = (number) => all(".account").forEach((each) => { each.hidden = each.dataset.account !== number; });
  if (chooser) {
    chooser.addEventListener("change", () => showAccount(chooser.value));
    showAccount(chooser.value);
  }

  /* Menus of an account: who sees what */
  const showMenu = (button) => {
    const account = button.closest(".account");
    all(".menus button", account).forEach((each) => each.setAttribute("aria-pressed", String(each === button)));
    all(".show", account).forEach((each) => { each.hidden = each.id !== button.dataset.menu; });
  };
  all(".account").forEach((account) => {
    const first = account.querySelector(".menus button");
    if (first) showMenu(first);
  });

  /* Before and after */
  const showSide = (view) => {
    document.body.dataset.view = view;
    all(".sides button").forEach((each) => each.setAttribute("aria-pressed", String(each.dataset.view === view)));
  };
  const wide = matchMedia("(min-width: 901px)");
  if (document.querySelector(".sides")) {
    showSide(wide.matches ? "both" : "after");
    wide.addEventListener("change", () => {
      if (!wide.matches && document.body.dataset.view === "both") showSide("after");
    });
  }

  /* The phone */
  const listOf = (key) => document.getElementById(key.getAttribute("aria-controls"));
  const open = (key, is) => {
    key.setAttribute("aria-expanded", String(is));
    listOf(key).hidden = !is;
  };
  const close = (phone, but) =>
    all(".key[aria-expanded=true]", phone).forEach((key) => { if (key !== but) open(key, false); });
  const tap = (button) => {
    const chat = button.closest(".phone").querySelector(".chat");
    const told = document.getElementById(button.dataset.tap);
    const name = document.createElement("p");
    name.className = "tapped";
    name.textContent = told.dataset.name;
    chat.replaceChildren(name, told.cloneNode(true));
    chat.lastChild.removeAttribute("id");
    chat.scrollTop = 0;
  };
  all(".key[aria-expanded]").forEach((key) => open(key, key.hasAttribute("data-open")));

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) {
      all(".phone").forEach((phone) => close(phone));
      return;
    }
    if (button.dataset.menu) showMenu(button);
    else if (button.dataset.view) showSide(button.dataset.view);
    else if (button.id === "lang") {
      root.dataset.lang = root.dataset.lang === "zh" ? "en" : "zh";
      root.lang = root.dataset.lang === "zh" ? "zh-CN" : "en";
    } else if (button.id === "theme") {
      const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      button.setAttribute("aria-pressed", String(!dark));
    } else if (button.hasAttribute("aria-expanded")) {
      close(button.closest(".phone"), button);
      open(button, button.getAttribute("aria-expanded") !== "true");
    } else if (button.dataset.tap) {
      const key = button.closest(".col").querySelector(".key");
      const within = button !== key;
      tap(button);
      close(button.closest(".phone"));
      if (within) key.focus();
    }
  });

  /* Keys: Escape closes, the arrows go through a list */
  document.addEventListener("keydown", (event) => {
    const col = event.target.closest(".col");
    const key = col && col.querySelector(".key[aria-expanded]");
    if (!key) return;
    if (event.key === "Escape" && key.getAttribute("aria-expanded") === "true") {
      open(key, false);
      key.focus();
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      close(key.closest(".phone"), key);
      open(key, true);
      const subs = all(".sub", col);
      const here = subs.indexOf(event.target);
      const up = event.key === "ArrowUp";
      const next = here < 0 ? (up ? subs.length - 1 : 0) : (here + (up ? -1 : 1) + subs.length) % subs.length;
      subs[next].focus();
    }
  });
})();
