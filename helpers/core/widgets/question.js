// One question: a native radio group, a commit button, and a live region for the result.
// Text arrives from Python as data and is put in as text, never as HTML.
// quiz.js and deck.js are put behind this text, and use `question`.

function addText(parent, text) {
  for (const part of text.split(/(`[^`]+`|\*\*[^*]+\*\*)/)) {
    const mark = part.length > 2 ? { "`": "code", "*": "strong" }[part[0]] : undefined;
    const words = mark === "code" ? part.slice(1, -1) : part.slice(2, -2);
    parent.append(mark ? Object.assign(document.createElement(mark), { textContent: words }) : part);
  }
  return parent;
}

function make(tag, properties = {}, text = "") {
  return addText(Object.assign(document.createElement(tag), properties), text);
}

// Without this the notebook takes single keys as its own shortcuts (arrows leave the cell, D D deletes it).
function keepKeys(event) {
  if (event.key === "Escape") event.currentTarget.closest(".jp-Cell")?.focus(); // back to the notebook's shortcuts
  else if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
}

// Draws the item of a model into an element. Returns what takes it away again.
function question({ model, el }) {
  const { id, kind, prompt, options, words } = model.get("item");
  const group = `${id}-${Math.random().toString(36).slice(2)}`;

  const form = make("form", { className: "course-quiz", noValidate: true });
  const fieldset = make("fieldset");
  const legend = make("legend");
  legend.append(make("strong", {}, kind), " ", make("span", {}, prompt));
  fieldset.append(legend);
  if (model.get("before")) fieldset.append(make("p", { className: "course-quiz-before" }, model.get("before")));
  const radios = options.map((option) => {
    const label = make("label");
    const radio = make("input", { type: "radio", name: group, value: option.id });
    label.append(radio, make("span", {}, option.text));
    fieldset.append(label);
    return radio;
  });
  const commit = make("button", { type: "submit" }, words.commit);
  const status = make("div", { className: "course-quiz-status" });
  status.setAttribute("role", "status");
  const show = make("button", { type: "button", hidden: true }, words.show);
  const again = make("button", { type: "button", hidden: true }, words.again);
  const seen = make("div", { className: "course-quiz-evidence" });
  seen.setAttribute("role", "status");
  form.append(fieldset, commit, status, show, " ", again, seen);
  el.append(form);

  form.addEventListener("keydown", keepKeys);

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (model.get("choice")) return;
    const chosen = radios.find((radio) => radio.checked);
    if (!chosen) {
      status.replaceChildren(make("p", {}, words.choose_first));
      return;
    }
    model.set("choice", chosen.value);
    model.save_changes();
    commit.focus(); // the radios are locked next, and a locked control would drop the focus
  });
  show.addEventListener("click", () => model.send({ do: "show" }));
  again.addEventListener("click", () => model.send({ do: "again" }));

  const drawAnswer = () => {
    const choice = model.get("choice");
    const verdict = model.get("verdict");
    const reopened = radios[0].disabled && !choice;
    for (const radio of radios) {
      radio.disabled = Boolean(choice);
      if (choice || reopened) radio.checked = radio.value === choice;
    }
    // "Try again" goes away, and would drop the focus.
    if (reopened && form.contains(document.activeElement)) radios[0].focus();
    commit.setAttribute("aria-disabled", String(Boolean(choice)));
    commit.textContent = choice ? words.locked : words.commit;
    form.dataset.verdict = verdict;
    const lines = choice && !verdict ? [words.waiting] : model.get("feedback");
    status.replaceChildren(...lines.map((line) => make("p", {}, line)));
    show.hidden = again.hidden = !verdict;
  };
  const drawEvidence = () => {
    const { seen: line, label, code } = model.get("evidence");
    seen.replaceChildren();
    if (line) seen.append(make("p", {}, line));
    if (code) {
      const details = make("details");
      details.append(make("summary", {}, label), Object.assign(document.createElement("pre"), { textContent: code }));
      seen.append(details);
    }
  };
  model.on("change:choice change:feedback change:verdict", drawAnswer);
  model.on("change:evidence", drawEvidence);
  drawAnswer();
  drawEvidence();
  return () => {
    model.off("change:choice change:feedback change:verdict", drawAnswer);
    model.off("change:evidence", drawEvidence);
    form.remove();
  };
}
