// What is copied for a wiki, of a heading, a block or a diagram; and each form of it.
(() => {
  "use strict";
  const article = document.querySelector("article");

  // --- what is quoted ---

  const title = article.querySelector("h1"), canonical = document.querySelector("link[rel=canonical]");
  const page = canonical?.href ?? location.href.split(/[?#]/)[0];
  const text = (element, skipped = ".headerlink, .quote, a") => [...element?.childNodes ?? []]
    .map((node) => node.matches?.(skipped) ? "" : node.textContent).join("").replace(/[\s·]+$/, "").trim();
  const heading = (element) => text(element, ".headerlink, .quote");
  const before = (element) => [...article.querySelectorAll(":is(h1, h2, h3, h4)[id]")]
    .findLast((one) => one.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) ?? title;

  function quoted(at) {
    const block = at.closest("figure.scene"), under = block ? before(block) : at.parentElement;
    const by = block?.querySelector(".proof:not(.told) .says")?.textContent.trim() || text(article.querySelector(".notice .outputs"));
    const about = [...new Set([title, under])].map(heading).join(" › ");
    const address = (anchor) => page + (anchor ? `#${anchor}` : "");
    if (!block) return { about, by, url: address(at.parentElement === title ? "" : under.id), sentence: first(under) };
    const step = block.querySelector(".step > .link")?.hash.slice(1);
    const url = address(block.id || (step ?? under.id));
    if (!block.matches(".diagram")) return { about, by, url, code: printed(block) };
    const hops = [...block.querySelectorAll(".hops > li")].map((one, at) => [0, `${at + 1}. ${one.textContent}`]);
    return { about, by, url, caption: block.querySelector("fieldset")?.ariaLabel ?? "", list: [...hops, ...items(block)] };
  }
  const printed = (block) => [...block.querySelectorAll(".ln")].map((line) => line.textContent).join("\n");
  const items = (block) => [...block.querySelectorAll(".told li")].map((one) => {
    let depth = -1;
    for (let up = one; up !== block; up = up.parentElement) depth += up.localName === "ul";
    return [depth, text(one, "ul")];
  });
  function first(under) {
    for (let next = under.nextElementSibling; next && !/^H\d$/.test(next.tagName); next = next.nextElementSibling)
      if (next.localName === "p") return /^.*?(?:[.!?](?=\s|$)|[。！？]|$)/s.exec(next.textContent.trim())[0];
    return "";
  }

  // --- how ---

  const each = (text, mark) => text.split("\n").map((line) => mark + line).join("\n");
  const join = (...parts) => parts.filter(Boolean).join("\n\n");
  const coded = (text, odd) => text.replace(odd, (char) => `&#${char.codePointAt()};`);
  const link = (url) => url.replace(/[\s()[\]<>"'|{}]/g, (char) => `%${char.charCodeAt().toString(16)}`);
  const said = (quote, name) => [name, quote.by].filter(Boolean).join(" · ");

  const md = (text) => text.replace(/[\\`*_{}[\]<>#|!&~+-]/g, "\\$&");
  const fence = (code) => "`".repeat(Math.max(3, ...[...code.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  const xml = (text) => coded(text, /[&<>"]/g);
  const nested = (list, depth = 0) => {
    let html = "";
    for (let at = 0; at < list.length; at++) {
      const end = list.findIndex(([deep], later) => later > at && deep <= depth);
      const below = list.slice(at + 1, end < 0 ? undefined : end);
      html += `<li>${xml(list[at][1])}${below.length ? nested(below, depth + 1) : ""}</li>`;
      at += below.length;
    }
    return `<ul>${html}</ul>`;
  };
  const wiki = (text) => coded(text, /[^\p{L}\p{N}\s.,()·›→。，、：；（）“”-]/gu);

  const FORMATS = {
    link: (quote) => quote.url,
    markdown: (quote) => join(
      quote.code && `${fence(quote.code)}console\n${quote.code}\n${fence(quote.code)}`,
      quote.caption && md(quote.caption),
      quote.list?.map(([depth, text]) => `${"    ".repeat(depth)}- ${md(text)}`).join("\n"),
      quote.sentence && `> ${md(quote.sentence).replace(/\s*\n/g, " ")}`,
      said({ by: md(quote.by) }, `[${md(quote.about)}](${link(quote.url)})`),
    ),
    confluence: (quote) => [
      quote.code && `<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[${
        quote.code.replaceAll("]]>", "]]]]><![CDATA[>")}]]></ac:plain-text-body></ac:structured-macro>`,
      quote.caption && `<p>${xml(quote.caption)}</p>`,
      quote.list && nested(quote.list),
      quote.sentence && `<blockquote><p>${xml(quote.sentence)}</p></blockquote>`,
      `<p>${said({ by: xml(quote.by) }, `<a href="${xml(link(quote.url))}">${xml(quote.about)}</a>`)}</p>`,
    ].filter(Boolean).join("\n"),
    mediawiki: (quote) => join(
      quote.code && `<pre>${coded(quote.code, /[&<>]/g)}</pre>`,
      quote.caption && wiki(quote.caption),
      quote.list?.map(([depth, text]) => `${"*".repeat(depth + 1)} ${wiki(text)}`).join("\n"),
      quote.sentence && `<blockquote>${wiki(quote.sentence).replace(/\s*\n/g, " ")}</blockquote>`,
      said({ by: wiki(quote.by) }, `[${link(quote.url)} ${wiki(quote.about)}]`),
    ),
    plain: (quote) => join(
      each(quote.code ?? quote.sentence ?? [quote.caption, ...quote.list.map(([depth, text]) => `${"  ".repeat(depth)}- ${text}`)].join("\n"), "> "),
      `— ${said(quote, quote.about)}\n${quote.url}`,
    ),
  };

  globalThis.copyFor = (format, at) => FORMATS[format](quoted(at));
})();
