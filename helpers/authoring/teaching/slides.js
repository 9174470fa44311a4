// Turns the slides of one file: keys, buttons, and the address (#5), which a reload keeps.
"use strict";
(() => {
    const slides = [...document.querySelectorAll(".slide")];
    const where = document.getElementById("where");
    const [back, on] = ["back", "on"].map((name) => document.getElementById(name));
    const SMALLEST = 0.4;
    let now = 0;

    // As large as fits: what is too long for the window is set smaller, never cut off.
    function fit() {
        const slide = slides[now];
        const fits = (size) => {
            slide.style.setProperty("--size", size);
            return slide.scrollHeight <= slide.clientHeight + 1 && slide.scrollWidth <= slide.clientWidth + 1;
        };
        let [low, high] = [SMALLEST, 1];
        if (fits(high)) return;
        for (let step = 0; step < 7; step += 1) {
            const middle = (low + high) / 2;
            if (fits(middle)) low = middle;
            else high = middle;
        }
        fits(low);
    }

    function show(number) {
        now = Math.min(Math.max(number, 0), slides.length - 1);
        slides.forEach((slide, place) => { slide.hidden = place !== now; });
        where.textContent = `${now + 1} of ${slides.length}`;
        back.setAttribute("aria-disabled", String(now === 0));
        on.setAttribute("aria-disabled", String(now === slides.length - 1));
        window.history.replaceState(null, "", `#${now + 1}`);
        fit();
    }

    const keys = {
        ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1,
        ArrowLeft: -1, ArrowUp: -1, PageUp: -1, Home: -Infinity, End: Infinity,
    };
    document.addEventListener("keydown", (event) => {
        const answers = event.target.closest?.("summary, button, a");
        if (!(event.key in keys) || event.ctrlKey || event.altKey || event.metaKey) return;
        if (event.key === " " && answers) return; // it unfolds an answer or presses a button
        event.preventDefault();
        show(now + (event.key === " " && event.shiftKey ? -1 : keys[event.key]));
        if (answers?.closest(".slide")) slides[now].focus(); // what had the focus is gone from view
    });
    back.addEventListener("click", () => show(now - 1));
    on.addEventListener("click", () => show(now + 1));
    window.addEventListener("resize", fit);
    window.addEventListener("hashchange", () => show(Number(window.location.hash.slice(1)) - 1 || 0));
    document.addEventListener("toggle", fit, true);
    document.documentElement.classList.add("turning");
    show(Number(window.location.hash.slice(1)) - 1 || 0);
})();
