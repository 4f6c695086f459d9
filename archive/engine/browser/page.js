// Shows the answers of search.js in the page: reads its address, loads whole articles, marks what was found.
// Which scripts lie where: those of the search beside this one, articles and words of this language in "search/" beside the page.
"use strict";
(() => {
  const MOST = 10, IN_A_FILE = 50;
  const FILTERS = ["camp", "zone", "role", "basis", "status", "period", "flag", "topic", "kind", "reliability", "connection", "language", "code"];
  const edition = new Edition(document.currentScript.src), beside = new URL("search/", document.baseURI), language = document.documentElement.lang;
  const articles = [];
  let says = null;
  window.S = (strings) => { says = strings; };
  window.A = (number, written) => { articles[number] = written; };
  const place = (id) => document.getElementById(id);
  const say = (message, named = {}) => says[message].replace(/\{(\w+)\}/g, (_, name) => named[name]);
  const tell = (...lines) => place("asides").append(...lines.map((line) => Object.assign(document.createElement("p"), { className: "small", textContent: line })));

  /** Return what the address asks: the words, and the filters by name. */
  function asked() {
    const address = new URLSearchParams(location.search), filters = {};
    for (const [name, value] of address) {
      if (name === "q" || value === "") continue;
      if (!FILTERS.includes(name)) throw new NotUnderstood(`${name}=${value}`);
      (filters[name] ??= []).push(value);
    }
    return { words: (address.get("q") ?? "").trim(), filters };
  }
  /** Return the filters as the search takes them: of times it knows decades. */
  function forSearch({ period, language: tags, ...filters }) {
    const other = period?.find((each) => !/^[0-9]{3}X$/.test(each));
    if (other) throw new NotUnderstood(other);
    return { ...filters, ...(tags && { language: tags.map((tag) => tag.toLowerCase()) }), ...(period && { decade: period.map((each) => Number(each.slice(0, 3)) * 10) }) };
  }
  function command() {
    const quoted = (text) => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`), address = new URLSearchParams(location.search);
    const options = [...address].filter(([name, value]) => name !== "q" && value).map(([name, value]) => `--${name.replaceAll("_", "-")} ${quoted(value)}`);
    const words = (address.get("q") ?? "").trim();
    return ["testimony search", ...options, ...(words ? [...(words.startsWith("-") ? ["--"] : []), quoted(words)] : [])].join(" ");
  }
  function tellCommand(typed = command()) {
    place("asides").append(Object.assign(document.createElement("pre"), { className: "copy", tabIndex: 0, textContent: typed }));
  }
  /** Return the codes among the words, as `codes_meant` of the program does, whose patterns these are. */
  function codesIn(words) {
    const [, letters, number, first, last = first] = words.trim().match(new RegExp(`^(?:${says.code_otherwise})$`, "i")) ?? [];
    if (letters?.toUpperCase() === says.prefix && (!first || (+first >= 1 && +last >= +first))) {
      const paragraphs = first ? `#p${+first}${+last > +first ? `-${+last}` : ""}` : "";
      return new Set([`${says.prefix}-${number.padStart(4, "0")}${paragraphs}`]);
    }
    return new Set([...words.matchAll(new RegExp(says.codes, "g"))].map(([code]) => code.toUpperCase().replace("#P", "#p")));
  }

  async function show(passages, from, marks) {
    const shown = passages.slice(from, from + MOST);
    const files = new Set(shown.map(({ unit }) => Math.floor(unit / IN_A_FILE)));
    await Promise.all([...files].map((number) => edition.load(new URL(`a${number}.js`, beside).href)));
    const ranges = [];
    shown.forEach(({ unit }, at) => {
      const holder = document.createElement("template");
      holder.innerHTML = articles[Math.floor(unit / IN_A_FILE)][unit % IN_A_FILE];
      const article = holder.content.firstElementChild;
      place("answer").append(article);
      Basket.offer(article, article.querySelector("a").href, says.basket);
      if (from && !at) article.querySelector("a").focus();
      for (const words of article.querySelectorAll("blockquote")) ranges.push(...rangesIn(words, marks));
    });
    if (window.Highlight) {
      const before = CSS.highlights.get("found") ?? new Highlight();
      ranges.forEach((range) => before.add(range));
      CSS.highlights.set("found", before);
    }
    const last = from + shown.length;
    if (last < passages.length) {
      const more = Object.assign(document.createElement("button"), { type: "button", textContent: `${say("more")} (${say("shown", { first: 1, last })})` });
      more.addEventListener("click", () => { more.remove(); show(passages, last, marks); });
      place("answer").append(more);
    }
  }
  /** Return the ranges of the words of an element that were looked for. */
  function rangesIn(element, marks) {
    const ranges = [], texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let text; (text = texts.nextNode()); ) {
      const words = [...text.data.matchAll(WORD)].map((match) => ({ at: match.index, end: match.index + match[0].length, unit: edition.reader.unit(match[0]) }));
      for (const units of marks) {
        words.forEach((_, first) => {
          const places = units.map((unit, step) => words[first + step] && placeIn(words[first + step].unit, unit));
          if (places.some((at) => at === undefined || at < 0)) return;
          const range = document.createRange(), { at, end } = words[first], isHangul = SYLLABLES.test(text.data.slice(at, end));
          const begun = isHangul ? at + places[0] : at, last = words[first + units.length - 1].end;
          range.setStart(text, Math.min(begun, text.length));
          range.setEnd(text, isHangul && units.length === 1 ? Math.min(last, begun + units[0].length + 1) : last);
          ranges.push(range);
        });
      }
    }
    return ranges;
  }
  const placeIn = (has, wanted) => has.findIndex((_, at) => wanted.every((spellings, step) => has[at + step]?.some((term) => spellings.includes(term))));

  /** Yield the words that a tree looks for, and the terms that it takes them for. */
  function* leaves(tree) {
    if (!tree || tree.not) return;
    if (tree.and || tree.or) { for (const part of tree.and ?? tree.or) yield* leaves(part); return; }
    if (tree.lift) return;
    if (tree.work) { yield { called: tree.called }; yield* leaves(tree.part); return; }
    if (tree.concept !== undefined) { yield { terms: tree.terms }; yield* leaves(tree.part); return; }
    const written = tree.any ?? [tree.name ?? tree.word ?? tree.phrase];
    yield { written, also: [...written.slice(1), ...(tree.group >= 0 ? edition.reader.known.groups[tree.group][0] : [])] };
  }

  async function answer() {
    await edition.load(new URL("strings.js", beside).href);
    place("unscripted").remove();
    const typed = new URLSearchParams(location.search);
    place("q").value = typed.get("q") ?? "";
    for (const [name, value] of typed) if (place(`by-${name}`)) place(`by-${name}`).value = value;
    const named = asked();
    if (!named.words && !Object.keys(named.filters).length) return;
    place("told").textContent = say("waiting");
    const filters = forSearch(named.filters);
    await edition.open();
    const found = await edition.search(named.words, filters, language), parts = [...leaves(found.tree)];
    place("told").textContent = say("found", { passages: found.passages.length, testimonies: found.records });
    const terms = [...new Set(parts.flatMap((part) => part.terms ?? []))].map((term) => says.terms[term] ?? term), also = [...new Set(parts.flatMap((part) => part.also ?? []))];
    if (terms.length) tell(say("meant", { terms: terms.join("; ") }));
    const works = parts.flatMap((part) => part.called ?? []);
    if (works.length) tell(say("works", { words: works.join("; ") }));
    if (also.length) tell(say("also", { words: also.slice(0, 8).join("; ") + (also.length > 8 ? " …" : "") }));
    if (found.dropped.length) tell(say("dropped", { words: found.dropped.join(", ") }));
    if (found.spared.length) tell(say("spared", { words: found.spared.join(", ") }));
    if (found.nowhere.length) tell(say("nowhere", { words: found.nowhere.join(", ") }));
    if (found.undated) tell(say("undated", { passages: found.undated }));
    const codes = found.passages.length ? [] : codesIn(named.words);
    for (const code of codes) { tell(say("code", { code })); tellCommand(`testimony show ${code}`); }
    if (!found.passages.length && !codes.size) { tell(say("nothing")); tellCommand(); }
    const marks = parts.flatMap((part) => [...(part.written ?? []), ...(part.also ?? [])]).map((written) => edition.reader.units(written)).filter((units) => units.length);
    await show(found.passages, 0, marks);
  }
  answer().catch((error) => {
    if (!says) throw error;
    place("told").textContent = "";
    if (!(error instanceof NotUnderstood)) { place("told").textContent = say("broken", { file: error.message }); return; }
    place("told").textContent = say("unknown", { part: error.message });
    tellCommand();
  });
})();
