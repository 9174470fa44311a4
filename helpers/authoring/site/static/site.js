// Draws what the course adds to a page: its questions and its deck (by the notebook's own script), and the clinic.
"use strict";
const course = { take: (name, content) => { course[name] = content; } };

course.fill = (text, facts = {}) => text.replace(/\{(\w+)\}/g, (whole, key) => (key in facts ? facts[key] : whole));

// A place in a notebook, such as 04_formats.ipynb#A-trap, as the address of a page.
course.link = (target) => {
  const [name, anchor] = target.replace(/\.ipynb(?=#|$)/, ".html").split("#");
  return anchor ? `${name}#${decodeURIComponent(anchor).toLowerCase().replace(/[^\p{L}\p{N}_-]/gu, "")}` : name;
};

document.addEventListener("course-deck-drawn", ({ target, detail: store }) => {
  const place = document.querySelector(".course-page-summary");
  if (!place) return;
  const draw = () => { place.textContent = store.summary().join("\n"); };
  store.watch(draw);
  target.addEventListener("click", draw);
  draw();
});

document.addEventListener("DOMContentLoaded", () => {
  drawPage(document, { link: course.link });
  for (const place of document.querySelectorAll(".course-page-clinic")) course.drawClinic(place);
  for (const copy of document.querySelectorAll("button.copybtn")) copy.ariaLabel = copy.dataset.tooltip; // it has no words
  // A picture that a narrow page makes small opens as large as it is.
  for (const picture of document.querySelectorAll(".cell_output img")) {
    if (picture.closest("a")) continue;
    const large = document.createElement("a");
    large.href = picture.src;
    picture.replaceWith(large);
    large.append(picture);
  }
  // What scrolls sideways can be reached by the keyboard.
  for (const wide of document.querySelectorAll(".cell_output pre, .pst-scrollable-table-container, .output.text_html")) {
    if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
  }
});
