// Follow the wire: pointing at an interface, address, MAC, id or port marks it wherever the page
// has it: outputs, tables, sentences, diagrams. The page itself is not changed, only painted
// over (CSS custom highlights), so nothing moves and a big page costs no more than a scan.
(() => {
  "use strict";
  const article = document.querySelector("article");
  if (!article || !globalThis.CSS?.highlights) return;

  const TOKENS = ".scene :is(.if, .ip, .ip6, .mac, .port, .v)";
  const HEX = "[0-9a-f]";
  const KINDS = {
    mac: RegExp(`^(?:${HEX}{2}:){5}${HEX}{2}$`),
    ip: /^(?:\d{1,3}\.){3}\d{1,3}(?=$|\/\d+$|:\d+$)/,
    ip6: /^(?=[\da-f:]*:[\da-f]*:)[\da-f:]+(?=$|\/\d+$)/,
    id: RegExp(`^(?:sha256:)?(?=.*\\d)${HEX}{10,64}$`),
    if: /^(?:veth[0-9a-f]{7}|br-\w+|docker\d+|docker_gwbridge|eth\d+|lo|lan|(?:macv|ipv)(?:lan|tap)\d*|vxlan\d*|vx-\w+-\w+|tun\d+)(?=$|@)/,
    port: /^:?(\d{2,5})(?=$|\/(?:tcp|udp)$)/,
  };
  // What may stand before and behind an occurrence.
  const EDGES = {
    mac: [/(?:^|[^\w:])$/, /^(?![\w:])/],
    ip: [/(?:^|[^\w.-])$/, /^(?!\.?\d|\w)/],
    ip6: [/(?:^|[^\w:.])$/, /^(?![\w:])/],
    id: [/(?:^|[^0-9a-z]|br-)$/, /^/],
    if: [/(?:^|[^\w.-])$/, /^(?![\w-]|\.\w)/],
    port: [/(?:[^:]:|->|[ds]pt:|-p |port |--[ds]port |\.\d+\.\d+\.\d+\.)$/, /^(?![\w]|\.\d)/],
  };
  const BARE_PORT = /^(?:\/(?:tcp|udp)\b|:\d)/;
  const found = new Highlight();
  CSS.highlights.set("wire", found);

  const here = new Highlight();
  CSS.highlights.set("wire-here", here);
  const bar = document.getElementById("wire-bar");
  const [said, hint] = bar.querySelectorAll("p");

  // A text as kind and key: "172.17.0.2/16" is the ip 172.17.0.2.
  const keyed = (text, kinds = Object.keys(KINDS)) => {
    for (const kind of kinds) {
      const hit = KINDS[kind].exec(text.trim());
      if (hit) return { kind, key: kind === "id" ? hit[0].replace("sha256:", "").slice(0, 12) : hit[1] ?? hit[0] };
    }
    return null;
  };

  // What a reader points at: a token of a block, or inline code.
  const pointed = (target) => {
    const element = target?.closest?.(`${TOKENS}, code`);
    if (!element || element.closest("pre code") === element) return null;
    const kind = ["mac", "ip", "ip6", "if", "port"].find((name) => element.classList.contains(name));
    const what = keyed(element.textContent, kind && !element.classList.contains("v") ? [kind] : undefined);
    return what && { ...what, element, inside: kind === "if" ? inside(element) : "" };
  };

  // An interface is of a network namespace: eth0 of a container is not eth0 of its host.
  const inside = (node) =>
    (node.closest ? node : node.parentElement).closest("[data-in]")?.dataset.in ?? "";
  const among = (ranges, own) => {
    const other = own && ranges.some((range) => ![own, ""].includes(inside(range.startContainer)));
    return ranges.filter((range) => !other || inside(range.startContainer) === own);
  };

  let texts = null;
  const occurrences = ({ kind, key, inside: own }) => {
    if (!texts) {
      texts = [];
      const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) texts.push(walker.currentNode);
    }
    const [before, behind] = EDGES[kind];
    const ranges = [];
    for (const node of texts) {
      const text = node.data;
      for (let at = text.indexOf(key); at >= 0; at = text.indexOf(key, at + key.length)) {
        const head = context(node, at), tail = text.slice(at + key.length, at + key.length + 8);
        const alone = kind === "port" && (BARE_PORT.test(tail) && !/[\w.]$/.test(head)
          || text.trim() === key && node.parentElement.matches("code, .port"));
        if (!(alone || before.test(head) && behind.test(tail))) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + length(kind, text, at, key));
        ranges.push(range);
      }
    }
    return among(ranges, own);
  };
  // What stands before a place, in the node or just before it: ":" and a port are two pieces.
  const context = (node, at) => at
    ? node.data.slice(Math.max(0, at - 18), at)
    : (node.previousSibling ?? node.parentNode.previousSibling)?.textContent.slice(-18) ?? "";
  // An id is found by its first twelve digits, and marked as far as it goes.
  const length = (kind, text, at, key) =>
    kind === "id" ? /^[0-9a-f]*/.exec(text.slice(at))[0].length : key.length;

  const named = (what) => what && `${what.kind} ${what.key} ${what.inside}`;
  let shown = null, pinned = null, waiting = 0, ranges = [], at = 0;
  const show = (what) => {
    const name = named(what);
    if (name !== shown) {
      shown = name;
      found.clear();
      here.clear();
      said.textContent = "";
      ranges = what ? occurrences(what) : [];
      if (ranges.length < 2) ranges = [];
      for (const range of ranges) found.add(range);
      at = Math.max(0, ranges.findIndex((range) => what.element.contains(range.startContainer)));
      if (ranges.length) say(what, `× ${ranges.length}`);
    }
    hint.hidden = !(ranges.length && once());
    bar.hidden = !(ranges.length && (name === named(pinned) || !hint.hidden));
  };
  const say = ({ key, inside: own }, count) => {
    said.textContent = [key, own, count].filter(Boolean).join(" · ");
  };
  // Said to who points at a name for the first time, and never again.
  const once = () => {
    try {
      const told = localStorage.getItem("netdocs-wire");
      localStorage.setItem("netdocs-wire", "told");
      return !told;
    } catch { return false; }
  };
  const go = (step) => {
    if (!ranges.length) return;
    at = (at + step + ranges.length) % ranges.length;
    const place = ranges[at].startContainer.parentElement;
    for (let fold = place.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    place.dispatchEvent(new Event("reached", { bubbles: true })); // of frames, that one is shown
    place.scrollIntoView({ block: "center", behavior: "instant" });
    here.clear();
    here.add(ranges[at]);
    say(pinned, `${at + 1} / ${ranges.length}`);
  };
  bar.addEventListener("click", ({ target }) => {
    const step = target.closest("button")?.dataset.go;
    if (step === "0") { pinned = null; later(null); } else if (step) go(+step);
  });
  const later = (what) => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => show(what ?? pinned));
  };

  article.addEventListener("pointerover", (event) => event.pointerType !== "touch" && later(pointed(event.target)));
  article.addEventListener("pointerleave", () => later(null));
  article.addEventListener("click", (event) => {
    const what = pointed(event.target);
    if (!what && event.target.closest("a, button, summary, input, label")) return;
    pinned = named(what) !== named(pinned) ? what : null;
    later(pinned);
    if (what?.element.matches(TOKENS)) rove(what.element, true);
  });

  // Keyboard: one stop in each block; arrows walk its tokens, Enter pins, Escape lets go.
  const stops = new WeakMap();
  const rove = (element, focus) => {
    const block = element.closest(".scene");
    stops.get(block)?.removeAttribute("tabindex");
    stops.set(block, element);
    element.tabIndex = 0;
    if (focus) element.focus({ preventScroll: true });
  };
  for (const block of article.querySelectorAll(".scene")) {
    const first = block.querySelector(TOKENS.replaceAll(".scene ", ""));
    if (first) rove(first, false);
  }
  // A tap gives focus before it clicks: a bar that rose then would take the click.
  article.addEventListener("focusin", ({ target }) =>
    target.matches(TOKENS) && target.matches(":focus-visible") && show(pinned ?? pointed(target)));
  article.addEventListener("focusout", (event) => event.target.matches(TOKENS) && later(null));
  article.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { pinned = null; later(null); }
    if (!event.target.matches(TOKENS) || event.ctrlKey || event.altKey || event.metaKey) return;
    const all = [...event.target.closest(".scene").querySelectorAll(TOKENS)].filter((one) => one.checkVisibility());
    const here = all.indexOf(event.target);
    const next = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Enter") { pinned = pinned ? null : pointed(event.target); later(pinned); }
    else if (pinned && event.key === "ArrowDown") go(1);
    else if (pinned && event.key === "ArrowUp") go(-1);
    else if (all[next]) { rove(all[next], true); all[next].scrollIntoView({ block: "nearest", inline: "nearest" }); }
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
})();
