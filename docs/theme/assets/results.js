// The list of what a search box finds: links, gone through by keys. What is found, finder.js finds.
globalThis.resultsOf = (box, open, mark) => {
  "use strict";
  const finder = new Finder(searchIndex);
  const around = box.closest("[role=search]");
  const list = around.querySelector(".md-search-result__list");
  const meta = around.querySelector(".md-search-result__meta");
  const { root, none, one, other, some, missing } = list.dataset;
  const start = meta.textContent;
  const SHOWN = 12, MORE = 3, AROUND = 60, LONG = 180;
  let active = -1, sought = {};

  const element = (name, type, ...content) => {
    const made = document.createElement(name);
    made.className = type;
    made.append(...content);
    return made;
  };
  const pattern = (marks) => {
    const each = [...new Set(marks)].sort((a, b) => b.length - a.length).map((word) =>
      word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("-", "[-_]") + (/[a-z]$/.test(word) ? "[a-z]{0,4}" : ""));
    return each.length ? `(?<![a-z0-9])(?:${each.join("|")})(?![a-z0-9])` : "(?!)";
  };
  const marked = (text, found) => {
    const nodes = [];
    let at = 0;
    for (const { 0: word, index } of text.matchAll(found)) {
      nodes.push(text.slice(at, index), element("mark", "", word));
      at = index + word.length;
    }
    return [...nodes, text.slice(at)];
  };
  // The piece of a text that has most of the words.
  const piece = (text, found) => {
    const at = [...text.matchAll(found)].map(({ index, 0: word }) => [index, word.toLowerCase()]);
    let best = 0, most = 0;
    for (const [from] of at) {
      const words = new Set(at.filter(([to]) => to >= from && to < from + LONG - AROUND).map(([, word]) => word));
      if (words.size > most) [best, most] = [from, words.size];
    }
    const from = best < AROUND ? 0 : text.lastIndexOf(" ", best - AROUND / 2) + 1 || best - AROUND / 2;
    const shown = text.slice(from, from + LONG);
    return (from ? "… " : "") + shown + (from + LONG < text.length ? " …" : "");
  };

  const option = ([address, title, text, page], pages, found, type) => {
    const link = element("a", `md-search-result__link ${type}`);
    link.href = root + address;
    link.setAttribute("role", "option");
    link.setAttribute("aria-selected", "false");
    link.tabIndex = -1;
    const article = element("div", "md-search-result__article md-typeset");
    if (!type && address.includes("#")) article.append(element("span", "sought-page", pages[page]));
    article.append(element("span", "sought-title", ...marked(title, found)));
    if (!type && text) article.append(element("span", "sought-text", ...marked(piece(text, found), found)));
    link.append(article);
    return link;
  };
  const options = () => [...list.querySelectorAll("[role=option]")];
  const pick = (number) => {
    const all = options();
    if (!all.length) return;
    all[active]?.setAttribute("aria-selected", "false");
    active = (number + all.length) % all.length;
    all[active].setAttribute("aria-selected", "true");
    all[active].scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", all[active].id);
  };

  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") pick(active + 1);
    else if (event.key === "ArrowUp") pick(active < 0 ? -1 : active - 1);
    else if (event.key === "Enter") (options()[active] ?? options()[0])?.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    try {
      sessionStorage.setItem("netdocs-sought", JSON.stringify({ path: link.pathname, ...sought }));
    } catch { /* not allowed */ }
    open(false);
    if (link.pathname === location.pathname) mark();
  });

  // Show what is found for what stands in the box.
  return () => {
    const text = box.value.trim();
    active = -1;
    box.removeAttribute("aria-activedescendant");
    if (!text) {
      list.replaceChildren();
      meta.textContent = start;
      box.setAttribute("aria-expanded", "false");
      return;
    }
    const { pages, whole, missing: lost, marks } = finder.find(text);
    const found = new RegExp(pattern(marks), "gi");
    sought = { pattern: found.source };
    list.replaceChildren(...pages.slice(0, SHOWN).map(({ sections: [best, ...more] }) => {
      const item = element("li", "md-search-result__item");
      item.setAttribute("role", "presentation");
      item.append(option(best, finder.index.pages, found, ""));
      item.append(...more.slice(0, MORE).map((one) => option(one, finder.index.pages, found, "sought-more")));
      return item;
    }));
    options().forEach((link, number) => { link.id = `${list.id}_${number}`; });
    box.setAttribute("aria-expanded", String(pages.length > 0));
    const count = whole === 1 ? one : other.replace("#", whole);
    const nowhere = lost.length ? ` ${missing.replace("#", lost.join(", "))}` : "";
    meta.textContent = whole ? count : (pages.length ? some : none) + nowhere;
    around.querySelector(".md-search__scrollwrap").scrollTop = 0;
  };
};
