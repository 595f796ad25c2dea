// What the hand points at, by pointer, focus or tap. A value, a line of a proof and the characters
// that they rest on light each other up; a term, a value that will differ and what was checked are
// told in a popover. Without this the characters are underlined, and a title tells the rest.
(() => {
  "use strict";
  const article = document.querySelector("article");
  if (!article) return;
  const ENDS = "[data-at]", TOLD = "[title], [data-told]", WAIT = 350;

  // All that has a name in common with an end: numbers count within a block, values on the page.
  const partners = (end) => end.dataset.at.split(" ").flatMap((name) => {
    const around = name.includes("/") ? article : end.closest(".scene");
    return [...around?.querySelectorAll(`[data-at~="${name}"]`) ?? []];
  });

  let lit = [];
  const light = (end) => {
    for (const one of lit) one.classList.remove("lit");
    lit = end ? partners(end) : [];
    if (lit.length < 2) lit = [];
    for (const one of lit) one.classList.add("lit");
  };

  const tip = document.createElement("div");
  tip.className = "tip";
  tip.id = "hand-tip";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  document.body.append(tip);
  const row = (...inner) => {
    const line = document.createElement("p");
    line.append(...inner);
    return line;
  };
  const link = (href, ...inner) => {
    const made = document.createElement("a");
    made.href = href;
    made.append(...inner);
    return made;
  };

  // What is told of an element: what was checked of it, and where; then its own words.
  const rows = (element) => {
    const end = element.closest(ENDS), told = element.closest(TOLD), found = [];
    if (end && !end.matches("li")) {
      const all = partners(end);
      const lines = new Map(all.filter((one) => one.matches("li")).map((one) => [one.textContent, one]));
      for (const one of lines.values())
        found.push(row(...[...one.childNodes].map((node) => node.cloneNode(true))));
      const step = end.matches("code") ? all.find((one) => one.matches("u"))?.closest(".step") : null;
      const way = step?.querySelector("a.link")?.hash;
      if (way) found.push(row(link(way, step.querySelector(".cmd .ln").textContent)));
    }
    if (told) {
      if (told.title) {
        told.dataset.told = told.title;
        told.removeAttribute("title");
      }
      found.push(row(told.dataset.told));
      if (told.matches("a")) found.push(row(link(told.href, "→ ", told.textContent)));
    }
    return found;
  };

  let shown = null, waiting = 0;
  const hide = () => {
    clearTimeout(waiting);
    shown?.removeAttribute("aria-describedby");
    shown = null;
    tip.hidden = true;
  };
  const show = (element) => {
    const found = rows(element);
    hide();
    if (!found.length) return;
    tip.replaceChildren(...found);
    tip.hidden = false;
    shown = element.closest(`${TOLD}, ${ENDS}`);
    shown.setAttribute("aria-describedby", tip.id);
    const at = element.getClientRects()[0] ?? element.getBoundingClientRect();
    const { width, height } = tip.getBoundingClientRect(), edge = 8;
    const left = Math.min(Math.max(at.left, edge), innerWidth - width - edge);
    const below = at.bottom + edge + height < innerHeight || at.top < height + edge;
    tip.style.left = `${left}px`;
    tip.style.top = `${below ? at.bottom + edge / 2 : at.top - height - edge / 2}px`;
  };
  const after = (wait, act, ...args) => {
    clearTimeout(waiting);
    waiting = setTimeout(act, wait, ...args);
  };

  const target = (event) => event.target.closest?.(`${ENDS}, ${TOLD}`) && event.target;
  addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    if (tip.contains(event.target)) return clearTimeout(waiting);
    const element = article.contains(event.target) && target(event);
    light(element?.closest?.(ENDS));
    after(WAIT, element ? show : hide, element);
  });
  article.addEventListener("focusin", (event) => {
    light(target(event)?.closest(ENDS));
    if (target(event) && event.target.matches(":focus-visible")) show(event.target);
  });
  article.addEventListener("focusout", ({ relatedTarget }) => {
    light(null);
    if (!tip.contains(relatedTarget)) hide();
  });

  // A tap tells; what is a link besides is followed from there.
  addEventListener("click", (event) => {
    if (tip.contains(event.target)) return;
    const element = article.contains(event.target) && target(event);
    const link = element && element.closest("a, button, summary");
    const touched = event.pointerType === "touch";
    if (!element || link && !(touched && link.matches(".term"))) return touched && (light(null), hide());
    if (link) event.preventDefault();
    light(element.closest(ENDS));
    show(element);
  });
  addEventListener("keydown", (event) => event.key === "Escape" && hide());
  addEventListener("scroll", () => shown && hide(), { passive: true });

  // The lines of a proof that is open can be gone to by keys: they are the ends with a focus.
  article.addEventListener("toggle", ({ target: proof }) => {
    for (const line of proof.querySelectorAll("li[data-at]")) line.tabIndex = 0;
  }, true);
})();
