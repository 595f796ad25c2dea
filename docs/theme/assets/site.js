// Small mends to the page: language link, folds. Everything works without it.
(() => {
  "use strict";

  // A link to another language keeps the anchor, and the choice is remembered for "/".
  for (const link of document.querySelectorAll("[data-other-language]")) {
    const page = link.getAttribute("href");
    const follow = () => link.setAttribute("href", page + location.hash);
    follow();
    addEventListener("hashchange", follow);
    link.addEventListener("click", () => {
      follow();
      try {
        localStorage.setItem("netdocs-language", link.hreflang);
        sessionStorage.setItem("netdocs-place", JSON.stringify({ path: link.pathname, ...place() }));
      } catch { /* not allowed */ }
    });
  }

  // Who leaves a page takes its theme along to all languages, and to "/": Material keeps one for each.
  document.addEventListener("visibilitychange", () => {
    try {
      const { pathname } = __md_scope, theme = localStorage.getItem(`${pathname}.__palette`);
      for (const { hreflang } of theme ? document.querySelectorAll("[data-other-language]") : [])
        localStorage.setItem(`${pathname.replace(/[^/]+\/$/, hreflang)}/.__palette`, theme);
    } catch { /* not allowed */ }
  });

  // What is open and where the reader is: all languages have the same blocks and anchors.
  function place() {
    const passed = [...document.querySelectorAll("article [id]")]
      .filter((one) => one.getClientRects().length && one.getBoundingClientRect().top < innerHeight / 3);
    const near = passed.at(-1);
    const open = [...document.querySelectorAll("article details")].map((one) => one.open);
    return { id: near?.id, top: near?.getBoundingClientRect().top, open };
  }
  function restore({ id, top, open }) {
    document.querySelectorAll("article details").forEach((one, index) => { one.open = open[index]; });
    const near = id && document.getElementById(id);
    if (near && scrollY + near.getBoundingClientRect().top > top)
      scrollBy({ top: near.getBoundingClientRect().top - top, behavior: "instant" });
  }
  try {
    const kept = JSON.parse(sessionStorage.getItem("netdocs-place"));
    sessionStorage.removeItem("netdocs-place");
    if (kept?.path === location.pathname) addEventListener("load", () => setTimeout(restore, 0, kept));
  } catch { /* not allowed */ }

  // An address with an anchor: one that has moved leads on, one that is gone says so. A step that
  // a short link led to is unfolded, with its proof.
  function arrive() {
    const note = document.querySelector(".anchorless");
    const id = (() => { try { return decodeURIComponent(location.hash.slice(1)); } catch { return ""; } })();
    const there = document.getElementById(id);
    if (there?.matches(".moved")) location.replace(there.querySelector("a").href);
    if (!note) return;
    note.hidden = !id || Boolean(there);
    note.textContent = note.hidden ? "" : note.dataset.said.replace("{}", id);
    if (!note.hidden) scrollTo({ top: 0, behavior: "instant" });
    try {
      if (!there || sessionStorage.getItem("netdocs-unfold") !== id) return;
      sessionStorage.removeItem("netdocs-unfold");
    } catch { return; }
    const step = there.closest(".step") ?? there;
    for (const one of step.querySelectorAll("details.rest")) one.open = true;
    const proof = there.closest(".scene")?.querySelector("details.proof:not(.told)");
    if (proof) proof.open = true;
    step.scrollIntoView({ behavior: "instant" });
  }
  addEventListener("hashchange", arrive);
  arrive();

  // The line of an output that is pointed at, or has the focus, gets a link to itself: to its text,
  // behind the line above where there is one, since the same text may stand elsewhere.
  const line = document.createElement("a");
  line.className = "link line";
  line.setAttribute("aria-label", document.querySelector(".anchorless")?.dataset.line ?? "");
  const encoded = (text) => encodeURIComponent(text.trim()).replaceAll("-", "%2D");
  function point({ target }) {
    const here = target.closest?.(".out .ln");
    const step = here?.closest(".step");
    if (!step || line.parentNode === here || !here.textContent.trim()) return;
    const own = step.querySelector(":scope > .link").hash;
    const lines = [...step.querySelectorAll(".out .ln")];
    const above = lines[lines.indexOf(here) - 1]?.textContent.trim();
    line.href = `${own}:~:text=${above ? `${encoded(above)}-,` : ""}${encoded(here.textContent)}`;
    here.prepend(line);
  }
  addEventListener("pointerover", point);
  addEventListener("focusin", point);

  // Sections with a page of their own leave Material's label of their list empty.
  for (const nav of document.querySelectorAll("nav[aria-labelledby]")) {
    const label = document.getElementById(nav.getAttribute("aria-labelledby"));
    const title = nav.querySelector(":scope > .md-nav__title");
    if (!title || label?.textContent.trim()) continue;
    nav.removeAttribute("aria-labelledby");
    nav.setAttribute("aria-label", title.textContent.trim());
  }

  // Who has chosen a heading has done with the list of them.
  document.querySelector(".contents")?.addEventListener("click", ({ target, currentTarget }) => {
    if (target.closest("a")) currentTarget.querySelector("details").open = false;
  });

  // A table that scrolls must be reachable by keys.
  addEventListener("load", () => {
    for (const one of document.querySelectorAll(".md-typeset__scrollwrap"))
      if (one.scrollWidth > one.clientWidth) one.tabIndex = 0;
  });

  // What a block's buttons copy: commands, or all that it shows, read off it before Material's
  // handler does.
  addEventListener("click", ({ target }) => {
    const button = target.closest?.(".copy:not(.quote)");
    if (!button) return;
    const all = button.matches(".all"), prompt = (line) => all ? 0 : line.querySelector(".gp").textContent.length;
    const lines = [...button.closest(".scene").querySelectorAll(all ? ".ln" : ".cmd .ln")];
    button.dataset.clipboardText = lines.map((line) => line.textContent.slice(prompt(line))).join("\n");
  }, true);

  // What answers a hand is loaded when there is one. A click waits for it, and what came last is
  // said again, to what did not hear it.
  const scripts = document.getElementById("wire-bar")?.dataset.scripts.trim().split(" ");
  const WAKE = ["pointerover", "focusin", "click"];
  let loading, last;
  const load = (source) => new Promise((done) => {
    const script = document.createElement("script");
    script.onload = script.onerror = done;
    script.src = source;
    document.head.append(script);
  });
  const wake = (event) => {
    const click = event.type === "click";
    if (event.type !== "focusin" && !event.target.closest?.("article")) return;
    if (click && event.target.closest("a:not(.term), summary, input, label")) return;
    last = event;
    if (click) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    loading ??= Promise.all(scripts.map(load)).then(() => {
      for (const kind of WAKE) removeEventListener(kind, wake, true);
      last.target.dispatchEvent(new last.constructor(last.type, last));
    });
  };
  if (scripts) for (const kind of WAKE) addEventListener(kind, wake, true);
})();
