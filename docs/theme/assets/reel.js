// Pictures in frames: one at a time, by buttons, and by arrow keys where these have the focus.
// Nothing moves by itself. Without this all frames are there: see reel.css.
(() => {
  "use strict";
  if (!matchMedia("(scripting: enabled)").matches) return; // an older browser shows them all

  for (const reel of document.querySelectorAll(".reel")) {
    const control = reel.querySelector(".control"), status = control.querySelector("[role=status]");
    const frames = [...reel.querySelector(".frames").children];
    const stops = [...control.querySelectorAll("[data-to]")];
    const ends = [...control.querySelectorAll("[data-go]")];
    const parts = [...reel.querySelectorAll("[data-frame]")]
      .map((part) => [part, part.dataset.frame.split(" ").map(Number)]);
    let at = 1;

    const show = (number, said = true) => {
      at = Math.min(Math.max(number, 1), frames.length);
      frames.forEach((frame, index) => frame.classList.toggle("now", index + 1 === at));
      for (const [part, of] of parts) {
        part.classList.toggle("here", of.includes(at));
        part.classList.toggle("ahead", Math.min(...of) > at);
      }
      stops.forEach((stop, index) => {
        stop.tabIndex = index + 1 === at ? 0 : -1;
        if (index + 1 === at) stop.setAttribute("aria-current", "step");
        else stop.removeAttribute("aria-current");
      });
      for (const end of ends) end.setAttribute("aria-disabled", !frames[at - 1 + Number(end.dataset.go)]);
      if (!said) return; // the first frame is there at once
      reel.classList.add("moves");
      status.textContent = stops[at - 1].ariaLabel;
    };

    control.addEventListener("click", ({ target }) => {
      const { to, go } = target.closest("button")?.dataset ?? {};
      if (to) show(Number(to));
      else if (go) show(at + Number(go));
    });
    control.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 1, End: frames.length }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      show(next);
      if (event.target.dataset.to) stops[at - 1].focus({ preventScroll: true });
    });
    reel.addEventListener("reached", ({ target }) => {
      const frame = frames.findIndex((one) => one.contains(target));
      if (frame >= 0) show(frame + 1);
    });
    show(1, false);
  }
})();
