// What search finds: the index (macros/site/postings.py) and a query, no page. Loaded with the index.
globalThis.Finder = class {
  constructor(index) {
    const { rules } = (this.index = index);
    this.drop = new RegExp(rules.drop, "g");
    this.word = new RegExp(rules.word, "g");
    this.han = new RegExp(rules.han);
    this.between = new RegExp(rules.between, "g");
    this.plain = new RegExp(rules.plain);
    this.stems = index.stems.map(([ending, to]) => [new RegExp(ending), to.replace("\\", "$")]);
    this.costs = new Map([...index.costs.matchAll(/(\D+)(\d+) ?/g)].map(([, word, cost]) => [word, +cost]));
    this.lines = `\n${index.words}\n`;
    this.silent = new Set(index.silent);
    this.own = new Set(index.own);
    this.same = new Map(Object.entries(index.same));
    this.longest = Math.max(1, ...[...this.same.keys()].map((key) => key.split(" ").length));
  }

  // As macros/site/words.py cuts, by the same rules and the same dictionary.
  cut(text) {
    return (this.normal(text).match(this.word) ?? []).flatMap((run) => this.han.test(run[0]) ? this.pieces(run) : [this.stem(run)]);
  }

  normal(text) {
    return text.normalize("NFKC").toLowerCase().replace(this.drop, "");
  }

  stem(word) {
    if (this.plain.test(word)) for (const [ending, to] of this.stems) word = word.replace(ending, to);
    return word.replaceAll("_", "-");
  }

  pieces(run) {
    const best = [];
    best[run.length] = [0];
    for (let at = run.length - 1; at >= 0; at--) {
      best[at] = [best[at + 1][0] + (this.costs.get(run[at]) ?? 200), at + 1];
      for (let end = at + 2; end <= Math.min(at + 8, run.length); end++) {
        const cost = this.costs.get(run.slice(at, end));
        if (cost !== undefined && best[end][0] + cost <= best[at][0]) best[at] = [best[end][0] + cost, end];
      }
    }
    const found = [];
    for (let at = 0, end, strange = false; at < run.length; at = end) {
      end = best[at][1];
      const piece = run.slice(at, end), fresh = !this.costs.has(piece);
      if (strange && fresh) found[found.length - 1] += piece;
      else found.push(piece);
      strange = fresh;
    }
    return found;
  }

  inside(word) {
    const parts = [];
    if (this.han.test(word)) {
      for (let at = 0; at < word.length; at++)
        for (let size = Math.min(8, word.length - at); size > 1; size--)
          if (size < word.length && this.has(word.substr(at, size))) {
            parts.push(word.substr(at, size));
            at += size - 1;
            break;
          }
      return parts.join("").length === word.length ? parts : [];
    }
    if (word[0] === "-") return [];
    return word.split(/[.-]/).filter((part) => part.length > 1).map((part) => this.stem(part));
  }

  // The postings of the words that begin so, from a line of the index each: of most nobody asks.
  *postings(beginning) {
    for (let at = 0; (at = this.lines.indexOf(`\n${beginning}`, at)) >= 0; at++)
      yield this.lines.slice(this.lines.indexOf(" ", at) + 1, this.lines.indexOf("\n", at + 1));
  }

  has(word) {
    return this.lines.includes(`\n${word} `);
  }

  // Document → how much of a word is in it. A word that is nowhere is looked for as a beginning.
  of(word) {
    const found = new Map(), exact = this.has(word);
    const add = (postings, weight) => {
      const at = [...postings.matchAll(/([0-9a-z]+)([A-Z])/g)];
      const all = this.index.documents.length;
      const rare = Math.log(1 + (all - at.length + 0.5) / (at.length + 0.5));
      let number = 0;
      for (const [, step, level] of at) {
        number += parseInt(step, 36);
        const much = (level.charCodeAt(0) - 64) / 26 * rare * weight;
        if (much > (found.get(number) ?? 0)) found.set(number, much);
      }
    };
    if (exact || (!this.han.test(word) && word.replace(/^-+/, "").length > 3))
      for (const postings of this.postings(exact ? `${word} ` : word)) add(postings, exact ? 1 : 0.5);
    return found;
  }

  // Documents that have all of these words.
  together(words, weight) {
    const [first, ...rest] = words.map((word) => this.of(word));
    const found = new Map();
    for (const [number, much] of first ?? [])
      if (rest.every((one) => one.has(number)))
        found.set(number, weight * rest.reduce((sum, one) => sum + one.get(number), much));
    return found;
  }

  // What is asked for: for each thing the ways to say it, with what each counts.
  asked(cut) {
    const means = (word) => !this.silent.has(word) && (word.length > 1 || this.own.has(word));
    const things = [];
    for (let at = 0, size; at < cut.length; at += size) {
      let meant;
      for (size = Math.min(this.longest, cut.length - at); size > 0; size--)
        if ((meant = this.same.get(cut.slice(at, at + size).join(" ")))) break;
      if (!meant) size = 1;
      const words = cut.slice(at, at + size);
      const said = words.filter(means);
      if (!said.length && !meant) continue;
      const ways = said.length ? [[said, 1]] : [];
      for (const each of meant ?? []) ways.push([each.filter(means), size > 1 ? 1 : 0.8]);
      if (said.length === 1) {
        const inside = this.inside(said[0]);
        if (inside.length && (this.han.test(said[0]) || !this.has(said[0]))) ways.push([inside, 0.5]);
      }
      things.push({ said: words.join(" "), ways });
    }
    return things.length ? things : cut.map((word) => ({ said: word, ways: [[[word], 1]] }));
  }

  // Pages with their sections, best first, those with everything before those with some; how many
  // sections have everything; what is nowhere; what to mark.
  find(text) {
    const { documents } = this.index, things = this.asked(this.cut(text));
    const found = new Map(), missing = [];
    let total = 0;
    for (const { said, ways } of things) {
      const at = new Map();
      for (const [words, weight] of ways)
        for (const [number, much] of this.together(words, weight))
          if (much > (at.get(number) ?? 0)) at.set(number, much);
      if (!at.size) missing.push(said);
      const worth = Math.log(1 + documents.length / Math.max(at.size, 1));
      total += worth;
      for (const [number, much] of at) {
        const one = found.get(number) ?? { document: documents[number], much: 0, worth: 0, things: 0 };
        one.much += much;
        one.worth += worth;
        one.things++;
        found.set(number, one);
      }
    }
    const order = (a, b) => b.whole - a.whole || b.much - a.much;
    const hits = [...found.values()];
    for (const one of hits) {
      one.whole = one.things === things.length;
      one.much *= (one.worth / total) ** 2;
    }
    const plain = this.plainly(text), pairs = this.pairs(text);
    const likely = hits.sort(order).slice(0, 80);
    for (const one of likely) one.much *= this.near(plain, pairs, things, one.document);
    return {
      pages: this.pages(likely.sort(order)),
      whole: hits.filter((one) => one.whole).length,
      missing,
      marks: things.flatMap(({ ways }) => ways.flatMap(([words]) => words)),
    };
  }

  // A page is where its best section is; of which more is found, it is worth more. Pages in a folder
  // of their own below a chapter's, as the failures are, stand together.
  pages(hits) {
    const pages = new Map(), seen = new Set();
    for (const { document, much, whole } of hits) {
      const [address] = document, at = address.split("#")[0].split("/").slice(0, 2).join("/");
      if (seen.has(address)) continue;
      seen.add(address);
      const page = pages.get(at) ?? { much: 0, whole, sections: [] };
      page.much += much * ([1, 0.3, 0.2][page.sections.length] ?? 0);
      page.sections.push(document);
      pages.set(at, page);
    }
    return [...pages.values()].sort((a, b) => b.whole - a.whole || b.much - a.much);
  }

  // How much more a document is worth whose title has the words, or which has them as the query does.
  near(asked, pairs, things, [address, title, text]) {
    const share = (where) => pairs.length && pairs.filter((pair) => pair.test(where)).length / pairs.length;
    const words = new Set(this.cut(title)), head = this.plainly(title);
    const named = things.filter(({ ways }) => ways[0][0].every((word) => words.has(word))).length;
    const short = Math.max(things.length, Math.min(words.size, 4));
    const worth = 1 + share(title) + share(text) + (address.includes("#") ? 0.6 : 1) * named / short;
    return head === asked || (head.length > 8 && asked.includes(head)) ? (things.length > 1 ? 2 : 1.5) * worth : worth;
  }

  // A text as words between spaces.
  plainly(text) {
    return ` ${this.normal(text).replace(this.between, " ").trim()} `;
  }

  // What stands side by side in a query, as what it looks like in a text.
  pairs(text) {
    const words = (this.normal(text).match(this.word) ?? []).flatMap((run) => this.han.test(run) ? this.pieces(run) : [run]);
    return words.slice(1).map((word, at) => {
      const [a, b] = [words[at], word].map((each) => this.han.test(each));
      const [before, after] = [words[at], word].map((each) => each.replaceAll(/[.]/g, "\\."));
      const gap = `(?:${this.index.rules.between})` + (a && b ? "?" : "+");
      return new RegExp((a ? "" : "(?<![a-z0-9])") + before + gap + after + (b || this.plain.test(word) ? "" : "(?![a-z0-9])"), "i");
    });
  }
};
