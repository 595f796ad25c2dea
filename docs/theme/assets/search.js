// The search box: what a hand does with it. The list is made by results.js, which comes with the index.
// The landing page has one for each language, and no dialog around it.
document.querySelectorAll("[data-md-component=search-query]").forEach((box) => {
  "use strict";
  const around = box.closest("[role=search]");
  const toggle = document.querySelector("#__search");
  const { scripts } = around.querySelector(".md-search-result__list").dataset;
  let loading;

  const open = (is) => { if (!toggle) is || box.blur(); else if (toggle.checked !== is) toggle.click(); };
  // The index is loaded when somebody is about to search; from a disk, too, a script may be.
  const load = () => (loading ??= Promise.all(scripts.split(" ").map((source) => new Promise((done, failed) => {
    const script = document.createElement("script");
    script.onload = done;
    script.onerror = failed;
    script.src = source;
    document.head.append(script);
  }))).then(() => resultsOf(box, open, mark)));
  const search = () => load().then((show) => show());

  box.addEventListener("focus", () => { open(true); load(); });
  toggle?.addEventListener("change", () => { toggle.checked ? box.focus() : box.blur(); });
  box.addEventListener("input", (event) => event.isComposing || search());
  box.addEventListener("compositionend", search);
  box.form.addEventListener("reset", () => { setTimeout(search); box.focus(); });
  box.form.addEventListener("submit", (event) => event.preventDefault());
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || !["Escape", "Tab"].includes(event.key)) return;
    open(false);
    if (event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
  });
  // A link that looks like a box: without a script it leads to the list of messages.
  document.querySelector(".paste")?.addEventListener("click", (event) => { event.preventDefault(); box.focus(); });
  addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || !["/", "s", "f"].includes(key)) return;
    if (target.isContentEditable || /^(input|select|textarea)$/i.test(target.tagName)) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
  // What was sought is marked on the page that it led to.
  const mark = () => {
    try {
      const { path, pattern } = JSON.parse(sessionStorage.getItem("netdocs-sought"));
      sessionStorage.removeItem("netdocs-sought");
      if (path !== location.pathname) return;
      const found = new RegExp(pattern, "gi"), ranges = [];
      const texts = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
      for (let text; (text = texts.nextNode()); )
        for (const { index, 0: word } of text.data.matchAll(found)) {
          const range = new Range();
          range.setStart(text, index);
          range.setEnd(text, index + word.length);
          ranges.push(range);
        }
      CSS.highlights.set("sought", new Highlight(...ranges));
    } catch { /* nothing was sought, or it is not allowed */ }
  };
  mark();

  const asked = new URLSearchParams(location.search).get("q");
  if (asked) {
    box.value = asked;
    box.focus();
    search();
  } else if (document.activeElement === box) { // somebody was here before this script
    open(true);
    load();
    if (box.value) search();
  }
});
