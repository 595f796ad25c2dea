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

  const said = document.createElement("p");
  said.className = "wire-said";
  said.setAttribute("role", "status");
  article.append(said);

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
    return what && { ...what, element };
  };

  let texts = null;
  const occurrences = ({ kind, key }) => {
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
    return ranges;
  };
  // What stands before a place, in the node or just before it: ":" and a port are two pieces.
  const context = (node, at) => at
    ? node.data.slice(Math.max(0, at - 18), at)
    : (node.previousSibling ?? node.parentNode.previousSibling)?.textContent.slice(-18) ?? "";
  // An id is found by its first twelve digits, and marked as far as it goes.
  const length = (kind, text, at, key) =>
    kind === "id" ? /^[0-9a-f]*/.exec(text.slice(at))[0].length : key.length;

  let shown = null, pinned = null, waiting = 0;
  const show = (what) => {
    const name = what && `${what.kind} ${what.key}`;
    if (name === shown) return;
    shown = name;
    found.clear();
    said.textContent = "";
    if (!what) return;
    const ranges = occurrences(what);
    if (ranges.length < 2) return;
    for (const range of ranges) found.add(range);
    said.textContent = `${what.key} × ${ranges.length}`;
  };
  const later = (what) => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => show(what ?? pinned));
  };

  article.addEventListener("pointerover", (event) => event.pointerType !== "touch" && later(pointed(event.target)));
  article.addEventListener("pointerleave", () => later(null));
  article.addEventListener("click", (event) => {
    const what = pointed(event.target);
    if (!what && event.target.closest("a, button, summary, input, label")) return;
    pinned = what && `${what.kind} ${what.key}` !== (pinned && `${pinned.kind} ${pinned.key}`) ? what : null;
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
  article.addEventListener("focusin", (event) => event.target.matches(TOKENS) && show(pointed(event.target)));
  article.addEventListener("focusout", (event) => event.target.matches(TOKENS) && later(null));
  article.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { pinned = null; later(null); }
    if (!event.target.matches(TOKENS) || event.ctrlKey || event.altKey || event.metaKey) return;
    const all = [...event.target.closest(".scene").querySelectorAll(TOKENS)].filter((one) => one.checkVisibility());
    const here = all.indexOf(event.target);
    const next = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Enter") pinned = pinned ? null : pointed(event.target);
    else if (all[next]) { rove(all[next], true); all[next].scrollIntoView({ block: "nearest", inline: "nearest" }); }
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
})();
