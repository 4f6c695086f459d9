// Reads the words of a query as `testimony search` does: names of camps, labels of topics, words that need not occur.
// What it must know lies in words.js; the Python functions that it follows are named beside each part.
"use strict";
window.QueryReader = class {
  constructor(known) {
    this.known = known;
    const sets = known.lists;
    this.functions = new Set(sets.functions);
    this.koreanFunctions = new Set(sets.koreanFunctions);
    this.general = new Set(sets.general);
    this.koreanGeneral = new Set(sets.koreanGeneral);
    this.background = new Set(known.background);
    this.notRequired = new Set(known.notRequired);
    this.hangulParts = new Set([...Object.keys(known.labels).filter(isHangul), ...known.notRequired]);
    this.terms = new Map();
    for (const line of known.stems.split("\n")) {
      const [term, ...words] = line.split(" ");
      for (const word of words) this.terms.set(word === "-" ? term : word[0] === "-" ? term + word.slice(1) : word, term);
    }
    const names = known.names;
    this.name = Object.fromEntries(["generic", "beside", "seam"].map((each) => [each, new RegExp(names[each], "g")]));
    this.counted = new RegExp(`^(?:${names.counted})$`);
    this.types = names.types.map(([letters, pattern, kind]) => [letters, new RegExp(pattern, "g"), kind]);
  }

  // Words to terms: archive.analysis.tokens, archive.engine._plan.to_units
  term(folded) { return this.terms.get(folded) ?? folded; }
  unit(written) {
    const terms = [];
    for (const part of partsOf(plainWord(written))) {
      if (!SYLLABLES.test(part)) { const folded = fold(part).slice(0, 64); if (folded) terms.push([this.term(folded)]); continue; }
      const first = southern(part[0]);
      if (part.length === 1) { terms.push([...new Set([first, part])]); continue; }
      terms.push([...new Set([first + part[1], part.slice(0, 2)])]);
      for (let at = 1; at < part.length - 1; at++) terms.push([part.slice(at, at + 2)]);
    }
    return terms;
  }
  units(written) { return wordsOf(written).map((word) => this.unit(word)).filter((unit) => unit.length); }

  // The signs of the language: archive.search.syntax
  parse(typed) {
    const lexemes = lexemesOf(typed);
    if (!lexemes.length) return null;
    let at = 0;
    const is = (sign) => at < lexemes.length && lexemes[at].sign === sign;
    const either = () => {
      const parts = [every()];
      while (is("OR")) { at++; parts.push(every()); }
      const kept = parts.filter(Boolean);
      return kept.length > 1 ? { or: kept } : kept[0] ?? null;
    };
    const every = () => {
      const parts = [];
      let count = 0;
      while (at < lexemes.length && !is(")") && !is("OR")) {
        if (is("AND")) { if (!count || ++at >= lexemes.length || is("OR") || is(")")) throw new NotUnderstood("AND"); continue; }
        parts.push(one());
        count++;
      }
      if (!count) throw new NotUnderstood(lexemes[Math.min(at, lexemes.length - 1)].sign ?? "");
      return allOf(parts);
    };
    const one = () => {
      const here = lexemes[at++];
      if (here.sign === "NOT") {
        if (at >= lexemes.length || is("OR") || is("AND") || is(")")) throw new NotUnderstood("NOT");
        const part = one();
        return part && { not: part };
      }
      if (here.sign === "(") { const inner = either(); if (!is(")")) throw new NotUnderstood("("); at++; return inner; }
      return here.node;
    };
    const tree = either();
    if (at < lexemes.length) throw new NotUnderstood(")");
    return tree;
  }

  // Titles, authors and publishers of works: archive.search._works
  works(node) {
    if (node.and) return allOf(this.#worksIn(node.and));
    if (node.or) return { or: node.or.map((part) => this.works(part)) };
    return (node.word !== undefined && this.#work([node.word])) || node;
  }
  #worksIn(parts) {
    const found = [], isKind = (part) => part?.word !== undefined && [...this.keys(part.word)].some((key) => this.known.lists.kinds.includes(key));
    let isBeside = false;
    for (let at = 0; at < parts.length; ) {
      let end = Math.min(parts.length, at + 12), work = null;
      for (; end > at && !work; end--) {
        const words = parts.slice(at, end).map((part) => part.word);
        const isLedIn = words.length > 1 && [words[0], words.at(-1)].some((word) => this.isFunction(word ?? ""));
        work = words.includes(undefined) || isLedIn ? null : this.#work(words);
      }
      if (work) {
        if (isKind(found.at(-1))) found.push({ lift: found.pop() });
        found.push(work);
        at = end + 1;
      } else {
        const part = parts[at++];
        found.push(isBeside && isKind(part) ? { lift: part } : this.works(part));
      }
      isBeside = work !== null;
    }
    return found;
  }
  #work(words) {
    const written = words.join(" ");
    if (written.length <= 3 && isAscii(written) && written !== written.toUpperCase()) return null;
    const named = this.#first(this.known.works, written.replace(/['’]s(?= |$)/g, ""));
    if (named === undefined) return null;
    const part = named[0] === "~" ? { phrase: written } : allOf(words.map((word) => ({ word })));
    return { work: this.known.ofWorks[named.replace("~", "")], called: written, part };
  }

  // Names of facilities: archive.search._names, archive.authority.gazetteer
  named(node) {
    if (node.work) return { ...node, part: this.named(node.part) };
    if (node.and) return allOf(this.#namesIn(node.and));
    if (node.or) return { or: node.or.map((part) => this.named(part)) };
    if (node.not) return { not: this.named(node.not) };
    const written = node.word ?? node.phrase;
    return (written !== undefined && this.#facility(written)) || node;
  }
  #namesIn(parts) {
    const found = [];
    for (let at = 0; at < parts.length; ) {
      let end = Math.min(parts.length, at + 6), name = null;
      for (; end > at + 1 && !name; end--) {
        const words = parts.slice(at, end);
        const ends = [words[0], words.at(-1)];
        name = words.every((part) => part.word !== undefined) && !ends.some((part) => this.isFunction(part.word)) && this.#facility(words.map((part) => part.word).join(" "));
        if (name) { found.push(name); at = end; }
      }
      if (!name) found.push(this.named(parts[at++]));
    }
    return found;
  }
  #facility(run) {
    for (const each of this.bare(run)) {
      const key = nameKey(each), names = this.known.names;
      if (this.counted.test(squash(key.replace(this.name.beside, " "))) || !squash(key.replace(this.name.generic, " "))) continue;
      const meant = this.#candidates(each, key);
      if (meant.length) return { name: run, bare: each, place: true, group: meant.length === 1 ? names.ofOne[meant[0]] : names.ofSeveral[key] ?? -1 };
    }
    return null;
  }
  #candidates(spelling, key) {
    const names = this.known.names;
    if (/^\s*[-‐-―−]\s*[0-9]/.test(spelling)) return [];
    if (names.facilities.some(([id]) => id === key)) return [key];
    if (Object.hasOwn(names.byName, key)) return names.byName[key];
    let kind = "", rest = key;
    if (!/^[0-9]+$/.test(key)) {
      rest = key.replace(this.name.seam, " ");
      for (const [letters, pattern, type] of this.types) {
        const without = rest.replace(/[ -]/g, "").includes(letters) ? rest.replace(pattern, " ") : rest;
        if (without !== rest) [kind, rest] = [type, without];
      }
      rest = squash(rest.replace(this.name.generic, " ").replaceAll("-", " "));
    }
    const pieces = rest.split(" ").filter(Boolean), isNumber = (piece) => /^0*[0-9]{1,3}$/.test(piece);
    const numbers = pieces.filter(isNumber).map(Number), place = pieces.filter((piece) => !isNumber(piece)).join(" ");
    if (numbers.length > 1 || !(numbers.length || place)) return [];
    const here = Object.hasOwn(names.byName, place) ? names.byName[place] : [];
    const fits = ([id, number, type]) => (!numbers.length || numbers.includes(number)) && (!place || here.includes(id)) && (!kind || kind === type);
    return names.facilities.filter(fits).map(([id]) => id);
  }

  // Keys of labels: archive.search.label_keys
  key(written) {
    const words = wordsOf(written);
    if (words.some((word) => /[가-힣]/.test(word))) return words.map((word) => [...fold(word)].map(southern).join("")).join("");
    const folded = words.map(fold);
    const counted = folded.filter((word) => !this.functions.has(word) || (word === "how" && folded.includes("many")));
    return (counted.length > 1 ? counted : folded).map((word) => this.known.lists.also[word] ?? this.term(word)).sort().join(" ");
  }
  *keys(written) {
    const words = written.split(/\s+/).filter(Boolean).map((word) => this.key(word));
    if (words.length < 2 || isAscii(written) || !words.every(isHangul)) { yield* this.bare(this.key(written)); return; }
    for (const order of words.length <= 3 ? permutations(words) : [words]) {
      yield* order.map((word) => [...this.bare(word, 1)]).reduce((begun, ends) => begun.flatMap((each) => ends.map((end) => each + end)), [""]);
    }
  }
  *bare(written, shortest = 2) {
    yield written;
    if (!/[가-힣]$/.test(written)) return;
    const rest = (ending) => written.slice(0, written.length - ending.length);
    yield* this.known.lists.particles.filter((end) => written.endsWith(end) && written.length >= end.length + shortest).map(rest);
    for (const verb of written.matchAll(/(?<=[가-힣]{2})(?:하|해|했|한|할|되|돼|됐|된|될|당하|당해|당했|당한|당할|받|시키|시켰)/g)) yield written.slice(0, verb.index);
    const last = written.at(-1), final = (last.charCodeAt(0) - 0xac00) % 28;
    if ("은는을".includes(last) && written.length > 1) yield `${written.slice(0, -1)}음`;
    else if (final === 4 || final === 8) yield written.slice(0, -1) + String.fromCharCode(last.charCodeAt(0) - final + 16);
    const condition = /^(..+?)으?면$/.exec(written);
    for (let at = written.length - 1; at > 0; at--) {
      const code = written.charCodeAt(at) - 0xac00;
      if (code < 0 || code > 11171 || code % 28 !== 20) continue;
      const initial = Math.floor(code / 588), vowel = Math.floor((code % 588) / 28), whole = { 6: 20, 9: 8, 10: 11, 14: 13 }[vowel] ?? vowel;
      const stem = initial === 11 && [0, 4, 6].includes(vowel) ? "" : String.fromCharCode(0xac00 + initial * 588 + whole * 28);
      if (["", "다", "나", "나요", "는가", "는지", "는가요", "습니까", "습니다", "어요", "던", "고", "지만", "을까"].includes(written.slice(at + 1))) yield `${written.slice(0, at)}${stem}다`;
      break;
    }
    if (condition) yield `${condition[1]}다`;
  }
  isFunction(word) { return this.functions.has(fold(word)) || this.koreanFunctions.has(word); }
  isGeneral(word) {
    const folded = fold(word);
    if (isAscii(folded)) return this.general.has(this.term(folded));
    const forms = [...this.bare(this.key(word))], { asking } = this.known.lists;
    const asked = asking.flatMap((end) => forms.filter((form) => form.endsWith(end)).map((form) => form.slice(0, -end.length)));
    return [...forms, ...asked].some((form) => this.koreanGeneral.has(form));
  }
  #first(table, written) { for (const key of this.keys(written)) if (Object.hasOwn(table, key)) return table[key]; return undefined; }
  #isOfAll(word) { return [...this.bare(this.key(word))].some((form) => this.background.has(form)); }
  isBackground(written) {
    const words = wordsOf(written).filter((word) => !this.isFunction(word));
    return [...this.keys(written)].some((key) => this.notRequired.has(key)) || (words.length > 0 && words.every((word) => this.#isOfAll(word)));
  }
  labels(written) {
    const words = wordsOf(written).filter((word) => !this.isFunction(word)), kept = words.filter((word) => !this.#isOfAll(word));
    const known = this.#first(this.known.labels, written) ?? (kept.length > 1 && kept.length < words.length ? this.#first(this.known.labels, kept.join(" ")) : undefined);
    return known === undefined ? [] : known.split(" ");
  }
  same(written) { return this.#first(this.known.same, written); }
  #named(written, group) {
    const form = [...this.keys(written)].find((key) => Object.hasOwn(this.known.same, key));
    return { name: written, group, ...(!isAscii(written) && form !== this.key(written) && { bare: form }) };
  }

  // Topics and words that need not occur: archive.search.widening, archive.search.labels
  widen(tree, without = new Set(), notes = { narrower: new Map(), onlyWith: new Map(), dropped: [] }) {
    if (tree.or) {
      const parts = tree.or.flatMap((part) => this.#besideOthers(this.#widened([part], without, notes), notes)).filter((part) => !part.lift);
      return { tree: parts.length ? { or: parts } : tree, dropped: notes.dropped };
    }
    let parts = this.#widened(tree.and ?? [tree], without, notes);
    if (tree.and) {
      const asked = new Set(parts.flatMap(termsOf));
      parts = parts.map((part) => ((notes.narrower.get(part) ?? []).some((label) => asked.has(label)) ? { lift: part } : part));
    }
    parts = this.#besideOthers(parts, notes);
    if (!parts.every((part) => part.lift || part.not)) return { tree: allOf(parts), dropped: notes.dropped };
    const words = parts.map((part) => part.lift ?? part), carrying = words.filter((part) => part.word === undefined || !this.isFunction(part.word));
    return { tree: allOf(carrying.length ? carrying : words), dropped: [] };
  }
  #widened(parts, without, notes) {
    const found = [];
    for (let at = 0; at < parts.length; ) {
      let end = at;
      while (end < parts.length && parts[end].word !== undefined) end++;
      if (end > at) { found.push(...this.#words(parts.slice(at, end).map((part) => part.word), without, notes)); at = end; continue; }
      const part = parts[at++];
      if (part.lift?.word !== undefined) notes.dropped.push(part.lift.word);
      if (part.work) found.push({ ...part, part: this.widen(part.part, without, notes).tree });
      else found.push(part.and || part.or ? this.widen(part, without, notes).tree : part);
    }
    return found;
  }
  #words(words, without, notes) {
    const found = [], rest = [];
    const flush = () => found.push(...this.#unnamed(rest.splice(0), notes));
    for (let at = 0; at < words.length; ) {
      let end = Math.min(words.length, at + 8), labels = [];
      for (; end > at; end--) {
        const written = words.slice(at, end).join(" ");
        const isLedIn = this.isFunction(words[at]) && !written.toLowerCase().startsWith("how many ");
        if (end - at > 1 && (isLedIn || this.isFunction(words[end - 1]) || without.has(written))) continue;
        if ((labels = this.labels(written)).length) break;
      }
      if (labels.length) { flush(); found.push(this.#run(words.slice(at, end), labels, notes)); at = end; } else rest.push(words[at++]);
    }
    flush();
    return found;
  }
  #unnamed(words, notes) {
    const found = [];
    for (let at = 0; at < words.length; ) {
      let end = Math.min(words.length, at + 8), group;
      for (; end > at; end--) {
        const written = words.slice(at, end).join(" ");
        if (end - at === 1 ? this.isGeneral(written) : this.isFunction(words[at]) || this.isFunction(words[end - 1])) continue;
        if ((group = this.same(written)) !== undefined && !this.isBackground(written)) break;
      }
      if (end > at) { found.push(this.#named(words.slice(at, end).join(" "), group)); at = end; } else found.push(this.#single(words[at++], notes));
    }
    return found;
  }
  #run(words, labels, notes) {
    const written = words.join(" "), means = labels.filter((label) => "=~".includes(label[0])).map((label) => label.slice(1));
    let part = allOf(this.#counted(words, written).map((word) => ({ word })));
    if (means.length) {
      part = { concept: written, part, terms: means };
      notes.onlyWith.set(part, labels.filter((label) => label[0] === "~").map((label) => label.slice(1)));
    } else {
      const group = this.same(written);
      if (group !== undefined) part = this.#named(written, group);
      notes.narrower.set(part, labels.filter((label) => label[0] === "<").map((label) => label.slice(1)));
    }
    if (!this.isBackground(written)) return part;
    notes.dropped.push(written);
    return { lift: part };
  }
  #counted(words, written) {
    const carrying = words.filter((word) => !this.isFunction(word)), counted = carrying.length ? carrying : words;
    if ([...this.keys(written)].some((key) => Object.hasOwn(this.known.labels, key))) return counted;
    const kept = counted.filter((word) => !this.isBackground(word) && !this.#isOfAll(word));
    const isSubject = (word) => !["no", "not", "never", "none", "without"].includes(fold(word)) && !this.isGeneral(word);
    return kept.some(isSubject) ? kept : counted;
  }
  #single(word, notes) {
    if (this.isFunction(word) || this.isBackground(word) || this.isGeneral(word)) { notes.dropped.push(word); return { lift: { word } }; }
    if (isYears(word)) return { lift: { word } };
    const named = this.#compound(word).filter((name) => !this.notRequired.has(name));
    if (!named.length) return { word };
    const parts = named.map((name) => {
      const terms = this.labels(name).filter((label) => label[0] === "=").map((label) => label.slice(1));
      return terms.length ? { concept: name, part: { word: name }, terms } : { word: name };
    });
    return { or: [{ word }, allOf(parts)] };
  }
  #compound(word) {
    const whole = this.key(word);
    if (!isHangul(whole) || whole.length > 40) return [];
    const rests = { [whole.length]: [] };
    for (let at = whole.length - 1; at >= 0; at--) {
      for (let end = whole.length; end > at && !rests[at]; end--) {
        const part = whole.slice(at, end);
        if (!rests[end]) continue;
        if (this.hangulParts.has(part)) rests[at] = [part, ...rests[end]];
        else if (at && this.known.lists.particles.includes(part)) rests[at] = rests[end];
      }
    }
    return (rests[0] ?? []).length > 1 ? rests[0] : [];
  }
  #besideOthers(parts, notes) {
    const asked = parts.filter((part) => !part.lift && !part.not), [alone] = asked;
    const dropped = asked.length === 1 && alone.concept ? notes.onlyWith.get(alone) ?? [] : [];
    if (!dropped.length) return parts;
    const terms = alone.terms.filter((term) => !dropped.includes(term));
    return parts.map((part) => (part !== alone ? part : terms.length ? { ...alone, terms } : alone.part));
  }

  // Most of a longer query: archive.search._most
  isPlain(typed) { return lexemesOf(typed).every((lexeme) => !lexeme.sign && lexeme.node?.phrase === undefined); }
  either(tree) {
    const parts = [];
    let is = false;
    for (const part of tree.and) {
      const last = parts.at(-1), isWord = !part.lift && !part.not;
      if (is && isWord && last && !last.lift && !last.not) { parts[parts.length - 1] = { or: [last, part] }; is = false; continue; }
      is = parts.length > 0 && ["or", "또는", "혹은"].includes(fold(part.lift?.word ?? ""));
      if (!is) parts.push(part);
    }
    return parts.length < tree.and.length ? allOf(parts) : null;
  }
  partsCounted(tree) { return tree.and.filter((part) => !part.lift && !part.not && !part.place); }
  isDetail(part) { return part.not === undefined && !part.work && !(part.word !== undefined && (/^\p{Lu}/u.test(part.word) || /\p{Nd}/u.test(part.word))); }
  mostOf(tree, details) {
    const few = this.partsCounted(tree).length < 6 ? 1 : 2, words = details.filter((part) => part.concept === undefined);
    return (words.length && words.length < details.length ? [words, details] : [details]).filter((spared) => spared.length).map((spared) => {
      const out = combinations(spared, Math.min(few, spared.length)), kept = out.map((each) => allOf(spared.filter((part) => !each.includes(part)))).filter(Boolean);
      const rest = tree.and.filter((part) => !spared.includes(part));
      return { tree: allOf([...rest, kept.length > 1 ? { or: kept } : kept[0], ...spared.map((part) => ({ lift: part }))]), spared: spared.map(writtenOf) };
    });
  }

  // Other ways to write a word: archive.search._variants
  ways(written) {
    const prefixed = () => this.known.lists.prefixes.filter((each) => written.toLowerCase().startsWith(each) && written.length >= each.length + 4).map((each) => `${written.slice(0, each.length)} ${written.slice(each.length)}`);
    if (/^[A-Za-z][a-z]*$/.test(written)) return prefixed();
    if (/^(?:[A-Za-z]{1,2}\.)+[A-Za-z]{1,2}\.?$/.test(written)) return [written.replaceAll(".", "")];
    if (/^(?:[A-Z][a-z]?){2,6}$/.test(written)) return [written.match(/[A-Z][a-z]?/g).join(" ")];
    if (/^[1-9][0-9]{0,2}(?:,[0-9]{3})+$/.test(written)) return [written.replaceAll(",", "")];
    if (/^[1-9][0-9]{3,11}$/.test(written)) return [written.replace(/\B(?=(?:[0-9]{3})+$)/g, " ")];
    const measured = /^([0-9]+)[  ]?([A-Za-z]{1,2}[23]?)$/.exec(written);
    if (measured) return [measured[1] + (written === measured[1] + measured[2] ? " " : "") + measured[2]];
    if (/^\p{L}+(?:[-‐‑ ]\p{L}+){1,3}$/u.test(written) && !/[가-힣]{2}/.test(written)) return [written.replace(/[-‐‑ ]/g, "")];
    return /^[A-Za-z]+$/.test(written) ? prefixed() : [];
  }
  respelled(written) {
    return [...written].flatMap((syllable, at) => otherSpellings(syllable).map((other) => written.slice(0, at) + other + written.slice(at + 1)));
  }
  guesses(written) {
    if (written.includes(" ")) return [written.replaceAll(" ", "")];
    const split = Array.from({ length: Math.max(0, written.length - 3) }, (_, at) => `${written.slice(0, at + 2)} ${written.slice(at + 2)}`);
    return isAscii(written) ? split : [...new Set([...this.bare(written)].slice(1)), ...split, ...this.respelled(written)];
  }
};

window.NotUnderstood = class extends Error {};

const SYLLABLES = /[\p{sc=Hangul}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
const WORD = /(?![ʻʼʹㆍ])[\p{L}\p{N}](?:(?![ʻʼʹㆍ])[\p{L}\p{N}\p{M}\p{DI}])*(?:['’‘ʻʼ`´ʹ′](?![ʻʼʹㆍ])[\p{L}\p{N}](?:(?![ʻʼʹㆍ])[\p{L}\p{N}\p{M}\p{DI}])*)*/gu;
const UNDECOMPOSED = { ł: "l", ø: "o", đ: "d", ð: "d", þ: "th", ß: "ss", æ: "ae", œ: "oe", ħ: "h", ı: "i", ŀ: "l", ŋ: "n", ŧ: "t" };
const ELSEWHERE = /.~[0-9]*$|^--|^(?:NEAR|XOR|ADJ[0-9]*|(?:NEAR|ONEAR|ADJ|WITHIN|PRE|W|N|P)\/[0-9]+)$|^[A-Za-z][A-Za-z_-]*:$/;
const isAscii = (text) => /^[\x00-\x7f]*$/.test(text);
const isHangul = (text) => /^[가-힣]+$/.test(text);
const squash = (text) => text.trim().replace(/\s+/g, " ");
const wordsOf = (text) => text.match(WORD) ?? [];
const partsOf = (word) => word.match(new RegExp(`${SYLLABLES.source}+|(?:(?!${SYLLABLES.source}).)+`, "gu")) ?? [];
const allOf = (parts) => {
  const kept = parts.filter(Boolean).flatMap((part) => part.and ?? [part]);
  return kept.length > 1 ? { and: kept } : kept[0] ?? null;
};

function fold(text) {
  const spread = text.normalize("NFKC").toLowerCase().normalize("NFD").replace(/(?![\u3099\u309a])[\p{Mn}\p{DI}]/gu, "").replace(/(?![0-9])\p{Nd}/gu, digit);
  return spread.normalize("NFC").replace(/['’‘ʻʼ`´ʹ′]/g, "").replace(/[łøđðþßæœħıŀŋŧ]/g, (letter) => UNDECOMPOSED[letter]);
}
function digit(sign) {
  let zero = sign.codePointAt(0);
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((sign.codePointAt(0) - zero) % 10);
}
function nameKey(spelling) { return squash(fold(spelling).replace(/[^\p{L}\p{N}\p{M}\s-]/gu, " ")); }
function plainWord(written) {
  const word = written.normalize("NFKC").replace(/\p{DI}/gu, "");
  return /^[0-9]*0['’‘ʻʼ`´ʹ′][sS]$/.test(word) ? word : word.replace(/['’‘ʻʼ`´ʹ′][sS]$/, "");
}
function southern(syllable) {
  const at = syllable.charCodeAt(0) - 0xac00;
  if (syllable.length !== 1 || at < 0 || at > 11171) return syllable;
  const initial = Math.floor(at / 588), vowel = Math.floor((at % 588) / 28);
  const spelled = (initial === 2 || initial === 5) && [2, 3, 6, 7, 12, 17, 20].includes(vowel) ? 11 : initial === 5 ? 2 : initial;
  return String.fromCharCode(0xac00 + spelled * 588 + (at % 588));
}
function otherSpellings(syllable) {
  if (!isHangul(syllable)) return [];
  const at = syllable.charCodeAt(0) - 0xac00;
  const others = [2, 5, 11].filter((initial) => initial !== Math.floor(at / 588)).map((initial) => String.fromCharCode(0xac00 + initial * 588 + (at % 588)));
  return others.filter((other) => southern(other) === southern(syllable));
}
const termsOf = (part) => part?.terms ?? (part?.work ? termsOf(part.part) : (part?.and ?? part?.or ?? []).flatMap(termsOf));
const writtenOf = (part) => (part.or ? writtenOf(part.or[0]) : part.word ?? part.concept ?? part.name ?? "");
function combinations(items, size) {
  if (!size) return [[]];
  return items.flatMap((item, at) => combinations(items.slice(at + 1), size - 1).map((rest) => [item, ...rest]));
}
function permutations(words) {
  return words.length < 2 ? [words] : words.flatMap((word, at) => permutations(words.filter((_, other) => other !== at)).map((rest) => [word, ...rest]));
}
function isYears(word) {
  const plain = word.replace(/(?<=[년대])(?:에|의|에는|부터|까지)$/, ""), year = "(?:1[89]|20)[0-9]{2}";
  return new RegExp(`^(?:${year}년?(?:도)?|(?:1[89]|20)[0-9]0(?:s|'s|’s|년대)(?:초반|초|중반|중|후반|말)?|${year}년?(?:[-–—~/]|부터|에서)(?:${year}|[0-9]{2})년?(?:까지)?)$`, "i").test(plain);
}

function lexemesOf(typed) {
  const read = typed.normalize("NFC").replace(/\p{DI}/gu, "").replace(/(\S(?<!(?<![\p{L}\p{N}_])(?:AND|OR|NOT))\s+[^\s()"*?~:]*[\p{L}\p{N}_])\?(\s*)$/u, "$1？$2").replace(/(?<!\S)(?:ＡＮＤ|ＯＲ|ＮＯＴ)(?!\S)/g, (word) => word.normalize("NFKC")).replace(/[“”„‟«»‹›「」『』〝〞〟＂″‶❝❞]/g, '"')
    .replace(/[（）＊～〜∼：｜＆！¬]/g, (sign) => "()*~~~:|&!!"["（）＊～〜∼：｜＆！¬".indexOf(sign)])
    .replace(/(?<![^\s(])[‘‚]([^‘’"]+(?:’[\p{L}\p{N}][^‘’"]*)*)[’‘](?=[\s)~]|$)/gu, '"$1"')
    .replace(/^(\s*["(]*)[—―]+(?=["(\p{L}\p{N}])/u, "$1 ").replace(/(?<![^\s("])(?:[‐-–⁃−﹣－]+|[—―﹘])(?=[-"(\p{L}\p{N}_])/gu, (dashes) => "-".repeat(dashes.length)).replace(/(?<![^\s(])!(?=["(\p{L}\p{N}_])/gu, "-").replace(/？(?=[\p{L}\p{N}])/gu, "?");
  const token = /\s*(?:([()])|([A-Za-z][A-Za-z_-]*:(?:"[^"]*"|[^\s()"]+))|"([^"]*)"(~[0-9]*)?|(")|(-)(?=["(\p{L}\p{N}_])|([^\s()"]+))/uy;
  const lexemes = [];
  for (let match; (match = token.exec(read)) && match[0]; ) {
    const [, bracket, field, phrase, near, quote, minus, word] = match;
    if (field || near || quote || /[*?]/.test(phrase ?? word) || (word && ELSEWHERE.test(word))) throw new NotUnderstood(match[0].trim());
    if (bracket) lexemes.push({ sign: bracket });
    else if (minus) lexemes.push({ sign: "NOT" });
    else if (phrase !== undefined) lexemes.push({ node: wordsOf(phrase).length ? { phrase: wordsOf(phrase).join(" ") } : null });
    else if (["OR", "AND", "NOT", "||", "&&", "|", "&"].includes(word)) lexemes.push({ sign: { "||": "OR", "|": "OR", "&&": "AND", "&": "AND" }[word] ?? word });
    else {
      const found = [...word.matchAll(WORD)], last = found.at(-1);
      lexemes.push({ node: found.length ? { word: word.slice(found[0].index, last.index + last[0].length) } : null });
    }
  }
  return lexemes;
}
