// The deck: what to ask about, how far one is, a question, and a button for the next one.

function selection(words, { label, chosen, choices }, change) {
  const select = make("select");
  for (const [value, text] of choices) select.append(make("option", { value, selected: value === chosen }, text));
  select.addEventListener("change", () => change(select.value));
  const around = make("label", {}, `${words[label]} `);
  around.append(select);
  return around;
}

function deck({ model, el }) {
  const words = model.get("words");
  const root = make("section", { className: "course-deck" });
  root.setAttribute("aria-label", words.title);
  root.addEventListener("keydown", keepKeys);
  const filters = make("div", { className: "course-deck-filters" });
  for (const filter of model.get("filters")) {
    filters.append(selection(words, filter, (value) => {
      model.set(filter.label, value);
      model.save_changes();
    }));
  }
  const score = make("p", { className: "course-deck-score" });
  const place = make("div");
  const empty = make("p", { hidden: true }, words.none);
  empty.setAttribute("role", "status");
  const next = make("button", { type: "button" });
  root.append(filters, score, place, empty, next);
  el.append(root);

  let takeAway = () => {};
  const drawQuestion = () => {
    const wasInside = place.contains(document.activeElement) || document.activeElement === next;
    takeAway();
    const some = Boolean(model.get("item").id);
    takeAway = some ? question({ model, el: place }) : () => {};
    empty.hidden = some;
    next.hidden = !some;
    // The question that had the focus is gone, and "next" is about it: go to the new one.
    if (wasInside && some) place.querySelector("input").focus();
  };
  const drawScore = () => score.replaceChildren(model.get("score"));
  const drawNext = () => {
    next.textContent = model.get("verdict") ? words.next : words.skip;
  };
  next.addEventListener("click", () => model.send({ do: "next" }));

  const events = [["change:item", drawQuestion], ["change:score", drawScore], ["change:verdict", drawNext]];
  for (const [event, draw] of events) {
    model.on(event, draw);
    draw();
  }
  return () => {
    for (const [event, draw] of events) model.off(event, draw);
    takeAway();
  };
}

export default { render: deck };
