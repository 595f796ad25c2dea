// Copy for a wiki: at each heading, block and diagram a button that opens one menu, which is in the
// page and opened by nothing else. What is copied, formats.js reads off the page when it is asked for.
(() => {
  "use strict";
  const article = document.querySelector("article"), menu = document.getElementById("quote");
  if (!article || !menu?.showPopover) return;

  const put = (place, classes) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: classes, title: menu.ariaLabel, popoverTargetElement: menu });
    place.append(button);
  };
  for (const heading of article.querySelectorAll(":is(h1, h2, h3, h4)[id]")) put(heading, "quote");
  for (const block of article.querySelectorAll("figure.scene")) {
    let place = block.querySelector(".copies");
    if (!place) {
      place = document.createElement("span");
      place.className = "copies";
      block.querySelector("figcaption").prepend(place);
    }
    put(place, "copy quote");
  }

  let asked = null;
  article.addEventListener("click", ({ target }) => {
    asked = target.closest(".quote") ?? asked;
  }, true);
  menu.addEventListener("toggle", ({ newState }) => {
    if (newState !== "open" || !asked) return;
    const box = asked.getBoundingClientRect();
    const left = Math.min(box.left, document.documentElement.clientWidth - menu.offsetWidth - 8);
    const room = innerHeight - box.bottom > menu.offsetHeight + 8 || box.top < menu.offsetHeight;
    menu.style.left = `${scrollX + Math.max(8, left)}px`;
    menu.style.top = `${scrollY + (room ? box.bottom + 4 : box.top - menu.offsetHeight - 4)}px`;
  });
  menu.addEventListener("keydown", (event) => {
    const all = [...menu.querySelectorAll("button")], step = { ArrowDown: 1, ArrowUp: all.length - 1 }[event.key];
    if (!step) return;
    all[(all.indexOf(document.activeElement) + step) % all.length].focus();
    event.preventDefault();
  });
  // Material copies what the attribute says, and tells so; it is said to who does not see it, too.
  menu.addEventListener("click", ({ target }) => {
    const format = target.closest("[data-format]")?.dataset.format;
    if (!format || !asked) return;
    target.dataset.clipboardText = copyFor(format, asked);
    setTimeout(() => menu.hidePopover());
  }, true);
  document.querySelector(".md-dialog__inner")?.setAttribute("role", "status");
})();
