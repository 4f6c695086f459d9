// Answers a query in the reader's browser, from files beside this one; nothing that is typed leaves the page.
// The files hold numbers of passages alone. What is shown are whole articles: words, caveats and citation in one piece,
// which this script puts in or leaves out, and never cuts; what was found is marked by ranges, not by rewriting.
"use strict";
window.Edition = class {
  constructor(files) {
    this.files = files;
    this.scripts = new Map();
    this.postings = new Map();
    this.shards = [];
    window.H = (head) => { this.head = head; };
    window.W = (known) => { this.reader = new QueryReader(known); };
    window.T = (number, terms) => { this.shards[number] = terms; };
  }
  load(file) {
    if (!this.scripts.has(file)) {
      this.scripts.set(file, new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = new URL(file, this.files).href;
        script.onload = done;
        script.onerror = () => failed(new Error(file));
        document.head.append(script);
      }));
    }
    return this.scripts.get(file);
  }
  async open() {
    await Promise.all([this.load("head.js"), this.load("words.js")]);
    const { units, passages } = this.head;
    this.pairs = this.head.pairs.match(/../gu) ?? [];
    this.unitsOf = passages.map(() => []);
    units.forEach(([passage], unit) => this.unitsOf[passage].push(unit));
    this.passagesOf = Array.from({ length: this.head.records }, () => []);
    passages.forEach(([record], passage) => this.passagesOf[record].push(passage));
  }

  // Where terms and phrases stand: archive.analysis.positions
  async shard(term) {
    let number = 0;
    for (const letter of isAscii(term) ? term : [...term][0]) number = (number * 31 + letter.codePointAt(0)) % 1000003;
    number %= this.head.shards;
    await this.load(`t${number}.js`);
    return this.shards[number];
  }
  async places(term) {
    const shard = await this.shard(term);
    if (!this.postings.has(term)) this.postings.set(term, Object.hasOwn(shard, term) ? readPostings(shard[term]) : new Map());
    return this.postings.get(term);
  }
  /** Return the documents in which some words stand next to each other, each with how often. */
  async found(written) {
    const units = this.reader.units(written), documents = new Map();
    if (!units.length) return documents;
    const isSyllable = (unit) => unit.length === 1 && SYLLABLES.test(unit[0][0]) && unit[0][0].length === 1;
    for (const unit of units.filter(isSyllable)) {
      // By itself a syllable is looked for in every pair; in a phrase it also begins a word.
      const places = units.length === 1 ? [0, 1] : [0];
      unit[0].push(...this.pairs.filter((pair) => places.some((place) => unit[0].includes(pair[place]))));
    }
    const where = await Promise.all(units.map((unit) => Promise.all(unit.map((spellings) => Promise.all(spellings.map((term) => this.places(term)))))));
    const has = (document) => where.every((unit) => unit.every((spellings) => spellings.some((places) => places.has(document))));
    for (const document of new Set(where[0][0].flatMap((places) => [...places.keys()]))) {
      const times = has(document) ? phraseTimes(where, document) : 0;
      if (times) documents.set(document, times);
    }
    return documents;
  }

  // Other ways to write a word, where this edition has them: archive.search._variants
  async isFound(written) {
    const { length } = this.head.units, after = length + this.head.passages.length;
    return [...(await this.found(written)).keys()].some((document) => document < length || document >= after);
  }
  async expanded(node) {
    for (const kind of ["and", "or"]) if (node[kind]) return { [kind]: await Promise.all(node[kind].map((part) => this.expanded(part))) };
    if (node.work) return { ...node, part: await this.expanded(node.part) };
    if (node.concept !== undefined && node.part.word !== undefined) return { ...node, part: await this.expanded(node.part) };
    const written = node.word ?? node.phrase;
    if (written === undefined) return node;
    const among = async (ways) => (await Promise.all(ways.map(async (way) => (await this.isFound(way)) && way))).filter(Boolean);
    let others = await among(this.reader.ways(written));
    const isKorean = written.length <= 24 && written.split(" ").every((word) => /^[가-힣]{2,}$/.test(word));
    if (!others.length && (isKorean || /^[A-Z][A-Za-z]{4,23}$/.test(written))) {
      others = await among(isKorean && written.length >= 4 ? this.reader.respelled(written) : []);
      if (!others.length && !(await this.isFound(written))) others = await among(this.reader.guesses(written));
    }
    return others.length ? { any: [written, ...others] } : node;
  }

  // What answers a part of a query, unit by unit with a score: archive.engine._plan at its last level
  async answering(node, asked) {
    if (node.and) {
      const wanted = node.and.filter((part) => !part.lift && !part.not);
      let units = wanted.length ? await this.answering(wanted[0], asked) : this.#every();
      for (const part of wanted.slice(1)) units = both(units, await this.answering(part, asked));
      for (const part of node.and.filter((each) => each.not)) units = this.#without(units, await this.#denied(part.not, asked));
      return units;
    }
    if (node.work) return either([await this.answering(node.part, asked), this.#ofWorks(node.work)]);
    if (node.lift) return this.#every();
    if (node.not) return this.#without(this.#every(), await this.#denied(node.not, asked));
    if (node.or || node.any) {
      return either(await Promise.all((node.or ?? node.any.map((phrase) => ({ phrase }))).map((part) => this.answering(part, asked))));
    }
    if (node.concept !== undefined) {
      return either([await this.answering(node.part, asked), ...node.terms.map((term) => this.#onTerm(term, asked))]);
    }
    const group = node.name !== undefined && node.group >= 0 ? this.reader.known.groups[node.group] : [[], []];
    const documents = await this.found(node.name ?? node.word ?? node.phrase);
    const bare = node.bare === undefined || node.bare === node.name ? [] : (await this.found(node.bare)).keys();
    for (const document of [...bare, ...group[1]]) if (!documents.has(document)) documents.set(document, 1);
    if (!documents.size) asked.nowhere.push(node.name ?? node.word ?? node.phrase);
    return this.#unitsWith(documents, asked);
  }
  #unitsWith(documents, asked) {
    const units = new Map(), { length } = this.head.units, after = length + this.head.passages.length;
    const rare = Math.log(1 + length / Math.max(1, documents.size));
    const put = (unit, score) => units.set(unit, Math.max(score, units.get(unit) ?? 0));
    for (const [document, times] of documents) {
      if (document < length) put(document, (rare * times) / (times + 1));
      else if (document < after) { if (!asked.isDenied) this.unitsOf[document - length].forEach((unit) => put(unit, rare / 20)); }
      else this.passagesOf[document - after].forEach((passage) => this.unitsOf[passage].forEach((unit) => put(unit, rare / 20)));
    }
    return units;
  }
  async #denied(node, asked) {
    return new Set([...(await this.answering(node, { ...asked, isDenied: true, nowhere: [] })).keys()].map((unit) => this.head.units[unit][0]));
  }
  #every() { return new Map(this.head.units.map((_, unit) => [unit, 0])); }
  #without(units, passages) { return new Map([...units].filter(([unit]) => !passages.has(this.head.units[unit][0]))); }
  #ofWorks(passages) { return new Map(passages.flatMap((passage) => this.unitsOf[passage].map((unit) => [unit, 0]))); }
  #onTerm(term, asked) {
    const [list, id] = term.split(":"), units = new Map();
    this.head.passages.forEach(([, entries, marks, claims], passage) => {
      const isOn = list === "topic"
        ? this.head.claims[claims].some(([topics, about]) => topics.includes(id) && about.some((entry) => this.#meets(entry, asked.filters)))
        : [...this.head.entries[entries], this.head.marks[marks]].some((of) => [of[list] ?? []].flat().includes(id));
      if (isOn) this.unitsOf[passage].forEach((unit) => units.set(unit, 0.01));
    });
    return units;
  }

  // Filters: archive.engine._attributes.FilterPredicate
  #meets(entry, filters, anyTime = false) {
    if (ENTRY.some((field) => filters[field] && !filters[field].includes(entry[field] ?? ""))) return false;
    return anyTime || !filters.decade || (entry.days !== undefined && filters.decade.some((decade) => entry.days[0] <= decade * 10000 + 91231 && decade * 10000 + 101 <= entry.days[1]));
  }
  #isMarked(passage, filters) {
    const marks = this.head.marks[this.head.passages[passage][2]];
    return MARKS.every((field) => !filters[field] || filters[field].some((value) => marks[field].includes(value)));
  }
  #passes(passage, filters) {
    return this.#isMarked(passage, filters) && this.head.entries[this.head.passages[passage][1]].some((entry) => this.#meets(entry, filters));
  }
  #isUndated(passage, filters) {
    const kept = this.head.entries[this.head.passages[passage][1]].filter((entry) => this.#meets(entry, filters, true));
    return this.#isMarked(passage, filters) && kept.length > 0 && !kept.some((entry) => entry.days);
  }

  /** Answer a query: the passages with the unit to show of each, the best first, and what is to be told of it. */
  async search(words, filters, language) {
    const camps = filters.camp?.flatMap((camp) => [camp, ...(this.head.parts[camp] ?? [])]);
    const asked = { filters: { ...filters, ...(camps && { camp: camps }) }, nowhere: [] };
    const tree = this.reader.parse(words), named = tree && this.reader.named(this.reader.works(tree));
    let answer = null;
    for (const without of [new Set(), null]) {
      const long = without ?? new Set(conceptsOf(answer.tree).filter((written) => written.includes(" ")));
      if (!without && (answer.passages.length || !long.size)) break;
      const again = await this.#answer(named && this.reader.widen(named, long), { ...asked, nowhere: [] }, language);
      answer = answer && !again.passages.length ? answer : again;
    }
    if (!named || answer.passages.length || !this.reader.isPlain(words)) return answer;
    const apart = await this.#nowhereByWords(named), read = this.reader.widen(apart);
    if (apart !== named) {
      const again = await this.#answer(read, { ...asked, nowhere: [] }, language);
      if (again.passages.length) return again;
    }
    for (const most of read.tree?.and ? await this.#most(read.tree) : []) {
      const again = await this.#answer({ ...read, ...most }, { ...asked, nowhere: [] }, language);
      if (again.passages.length) return again;
    }
    return answer;
  }
  async #nowhereByWords(named) {
    const parts = named.and ?? [named], found = await Promise.all(parts.map(async (part) => !part.place || (await this.#isThere(part))));
    if (found.every(Boolean)) return named;
    const words = parts.flatMap((part, at) => (found[at] ? [part] : part.name.split(" ").map((word) => ({ word }))));
    return words.length > 1 ? { and: words } : words[0];
  }
  async #isThere(part) {
    if (part.word !== undefined) return this.isFound(part.word);
    if (part.concept !== undefined || part.or) return (await this.answering(part, { filters: {}, nowhere: [] })).size > 0;
    return this.reader.known.groups[part.group][1].length > 0 || (await this.isFound(part.name)) || (part.bare !== undefined && this.isFound(part.bare));
  }
  async #most(whole) {
    const joined = this.reader.either(whole), tree = joined ?? whole, trees = joined ? [{ tree: joined }] : [];
    const counted = tree.and ? this.reader.partsCounted(tree) : [];
    if (counted.length < 3 || counted.length > 8) return trees;
    const found = await Promise.all(counted.map(async (part) => this.reader.isDetail(part) && (await this.#isThere(part))));
    return [...trees, ...this.reader.mostOf(tree, counted.filter((_, at) => found[at]))];
  }
  async #answer(read, asked, language) {
    const tree = read && (await this.expanded(read.tree));
    const units = tree ? await this.answering(tree, asked) : this.#every();
    const wanted = asked.filters.language, best = new Map();
    for (const [unit, score] of units) {
      const [passage, tags] = this.head.units[unit];
      if (tree && wanted && !wanted.some((tag) => tags.includes(tag))) continue;
      const value = score + (tags.includes(wanted?.[0] ?? language) ? 1e-6 : 0);
      if (!best.has(passage) || value > best.get(passage).value) best.set(passage, { passage, unit, score, value });
    }
    const answering = [...best.values()], passages = answering.filter(({ passage }) => this.#passes(passage, asked.filters));
    passages.sort((one, other) => other.score - one.score || one.passage - other.passage);
    return {
      tree, passages, dropped: read?.dropped ?? [], spared: read?.spared ?? [], nowhere: [...new Set(asked.nowhere)],
      records: new Set(passages.map(({ passage }) => this.head.passages[passage][0])).size,
      undated: asked.filters.decade ? answering.filter(({ passage }) => this.#isUndated(passage, asked.filters)).length : 0,
    };
  }
};

const ENTRY = ["camp", "zone", "role", "basis", "status"];
const MARKS = ["flag", "topic", "kind", "reliability", "connection", "language", "code"];

function readPostings(written) {
  const documents = new Map();
  let document = 0;
  for (const posting of written.split(";")) {
    const [step, ...places] = posting.split(",");
    let word = 0;
    document += parseInt(step, 36);
    documents.set(document, places.map((place) => {
      const [on, syllable] = place.split(".");
      word += parseInt(on, 36);
      return word * 256 + (syllable ? parseInt(syllable, 36) : 0);
    }));
  }
  return documents;
}
function phraseTimes(where, document) {
  let ends = null;
  for (const unit of where) {
    const sets = unit.map((spellings) => new Set(spellings.flatMap((places) => places.get(document) ?? [])));
    const starts = [...sets[0]].filter((at) => sets.every((set, step) => set.has(at + step)));
    const placed = starts.map((at) => [at >> 8, (at + unit.length - 1) >> 8]).filter(([first]) => !ends || ends.has(first - 1));
    ends = new Set(placed.map(([, last]) => last));
    if (!ends.size) return 0;
  }
  return ends.size;
}
function both(one, other) {
  return new Map([...one].filter(([unit]) => other.has(unit)).map(([unit, score]) => [unit, score + other.get(unit)]));
}
function either(maps) {
  const units = new Map();
  for (const map of maps) for (const [unit, score] of map) units.set(unit, (units.get(unit) ?? 0) + score);
  return units;
}
function conceptsOf(tree) {
  if (!tree) return [];
  if (tree.work) return conceptsOf(tree.part);
  return tree.concept !== undefined ? [tree.concept] : (tree.and ?? tree.or ?? []).flatMap(conceptsOf);
}
