// Small mends to the page: language link, search box. Everything works without it.
(() => {
  "use strict";

  // The link to the other language keeps the anchor, and the choice is remembered for "/".
  for (const link of document.querySelectorAll("[data-other-language]")) {
    const page = link.getAttribute("href");
    const follow = () => link.setAttribute("href", page + location.hash);
    follow();
    addEventListener("hashchange", follow);
    link.addEventListener("click", () => {
      follow();
      try { localStorage.setItem("netdocs-language", link.hreflang); } catch { /* not allowed */ }
    });
  }

  const query = document.querySelector("[data-md-component=search-query]");
  if (query) {
    // To lunr `--network` is a syntax error and `-t` means "must not contain t".
    const { get, set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
    Object.defineProperty(query, "value", {
      get() { return get.call(this).replace(/(^|\s)-+(?=\S)/g, "$1"); },
      set(text) { set.call(this, text); },
    });
    // Material listens for keys only: what is pasted, or picked in an IME, types none.
    const search = () => query.dispatchEvent(new KeyboardEvent("keyup"));
    query.addEventListener("input", (event) => event.isComposing || search());
    query.addEventListener("compositionend", search);
  }
})();
