// Puts passages together in the reader's browser. Kept are their places and the hashes of their words, never words;
// shown are the whole articles of this edition, with the caveats that are in force now. Nothing is sent anywhere.
"use strict";
(() => {
  const MOST = 100, IN_A_FILE = 50, PLACE = /\/(p\/[^/?#]+\/[0-9]+(?:\/[^/?#.]+)?)(?:\.html)?$/, MARK = /sha256:[0-9a-f]{16}/;
  const edition = new URL("..", document.currentScript.src), { lang } = document.documentElement, isOnStick = location.protocol === "file:";
  const KEY = `testimony-basket ${edition.href}`;
  const node = (name, of) => Object.assign(document.createElement(name), of);
  const store = (() => {
    // From a stick every page of every folder may share what is kept: there it ends with the tab.
    for (const kind of isOnStick ? ["sessionStorage"] : ["localStorage", "sessionStorage"]) {
      try {
        window[kind].setItem(`${KEY} `, "");
        window[kind].removeItem(`${KEY} `);
        return window[kind];
      } catch { /* this browser keeps nothing there */ }
    }
    return null;
  })();
  let says = null;
  const say = (message, named = {}) => says[message].replace(/\{(\w+)\}/g, (_, name) => named[name]);

  const isKept = ([place, mark] = []) => PLACE.test(`/${place}`) && MARK.test(mark);
  function kept() {
    try {
      return JSON.parse(store.getItem(KEY) ?? "[]").filter((each) => Array.isArray(each) && isKept(each)).slice(0, MOST);
    } catch { return []; }
  }
  function keep(items) {
    if (items.length) store.setItem(KEY, JSON.stringify(items));
    else store.removeItem(KEY);
    // Some browsers keep for each file of a stick by itself: the way to the basket takes along what was put in here.
    if (isOnStick) for (const link of document.querySelectorAll('a[href*="basket.html"]')) link.hash = items.length ? encodeURIComponent(JSON.stringify(items)) : "";
  }
  const has = (place) => kept().some(([other]) => other === place);

  /** Write a button behind an article that puts it in or takes it out. */
  function offer(article, address, strings) {
    says ??= strings;
    const place = new URL(address, document.baseURI).pathname.match(PLACE)?.[1], mark = article.textContent.match(MARK)?.[0];
    if (!store || !place || !mark) return;
    const button = node("button", { type: "button", className: "copying" }), told = node("span", { role: "status" });
    const name = () => { button.textContent = say(has(place) ? "take" : "put"); };
    button.addEventListener("click", () => {
      const others = kept().filter(([other]) => other !== place), isIn = others.length !== kept().length;
      const isFull = !isIn && others.length >= MOST;
      if (!isFull) keep(isIn ? others : [...others, [place, mark]]);
      told.textContent = ` ${say(isFull ? "full" : isIn ? "taken" : "isIn", { number: kept().length })}`;
      name();
    });
    name();
    article.after(button, told);
    window.addEventListener("storage", name);
    window.addEventListener("pageshow", name);
  }
  window.Basket = { offer };

  const load = (file) => new Promise((done, failed) => {
    const script = node("script", { src: new URL(file, edition).href });
    script.onload = done;
    script.onerror = () => failed(new Error(file));
    document.head.append(script);
  });
  const texts = () => load(`${lang}/search/strings.js`);
  const byId = (id) => document.getElementById(id);

  async function show() {
    await texts();
    byId("unscripted").remove();
    byId("told").textContent = store ? say(isOnStick ? "inTab" : "inBrowser") : say("keepsNothing");
    if (!store) return;
    const brought = (() => { try { return JSON.parse(decodeURIComponent(location.hash.slice(1))).filter((each) => Array.isArray(each) && isKept(each)); } catch { return []; } })();
    const here = kept();
    if (brought.length) {
      keep([...here, ...brought.filter(([place]) => !here.some(([other]) => other === place))].slice(0, MOST));
      history.replaceState(null, "", location.pathname);
    }
    await list();
    window.addEventListener("storage", list);
  }
  const articles = [];
  let units = null;
  async function list() {
    const items = kept();
    if (items.length && !units) await load("search/units.js");
    const at = items.map(([place]) => (units ?? []).indexOf(place));
    const files = new Set(at.filter((unit) => unit >= 0).map((unit) => Math.floor(unit / IN_A_FILE)));
    await Promise.all([...files].filter((number) => !articles[number]).map((number) => load(`${lang}/search/a${number}.js`)));
    const shown = items.flatMap(([place, mark], number) => [...one(place, mark, at[number]), out(place)]);
    byId("answer").replaceChildren(...shown);
    byId("tools").replaceChildren(...(items.length ? tools() : []));
    byId("number").textContent = say("number", { number: items.length });
  }
  function one(place, mark, unit) {
    const [, code, number, version] = place.split("/"), reference = `${code}#p${number}${version ? ` · ${version}` : ""}`;
    const notice = (message) => node("p", { className: "notice", textContent: say(message, { reference }) });
    if (unit < 0) return [notice("gone")];
    const holder = node("template");
    holder.innerHTML = articles[Math.floor(unit / IN_A_FILE)][unit % IN_A_FILE];
    const article = holder.content.firstElementChild, heading = article.querySelector("[id]");
    // A passage may be in it in two languages: its heading is named after the place, which is that of one.
    heading.id = place.replace(/[^A-Za-z0-9]+/g, "-");
    article.setAttribute("aria-labelledby", heading.id);
    return article.textContent.includes(mark) ? [article] : [notice("changed"), article];
  }
  function button(message, press) {
    const made = node("button", { type: "button", className: "copying", textContent: say(message) });
    made.addEventListener("click", press);
    return made;
  }
  const out = (place) => button("take", async () => {
    keep(kept().filter(([other]) => other !== place));
    await list();
    byId("told").textContent = say("taken", { number: kept().length });
    byId("main").focus();
  });
  const tools = () => [
    button("copyAll", async () => {
      const every = [...byId("answer").querySelectorAll("article, .notice")];
      try {
        await navigator.clipboard.writeText(every.map((each) => each.innerText.trim()).join("\n\n* * *\n\n"));
      } catch {
        getSelection().selectAllChildren(byId("answer"));
        if (!document.execCommand("copy")) return;
      }
      byId("told").textContent = say("copied", { number: byId("answer").querySelectorAll("article").length });
    }),
    button("print", () => window.print()),
    button("empty", async () => {
      keep([]);
      await list();
      byId("told").textContent = say("emptied");
      byId("main").focus();
    }),
  ];

  if (document.body.classList.contains("page-basket")) {
    window.S = ({ basket }) => { says = basket; };
    window.U = (places) => { units = places; };
    window.A = (number, written) => { articles[number] = written; };
    show().catch((error) => { if (says) byId("told").textContent = say("broken", { file: error.message }); });
  } else if (document.body.classList.contains("page-passage")) {
    window.S = ({ basket }) => { says = basket; };
    texts().then(() => offer(document.querySelector("article.passage"), location.href));
  }
})();
