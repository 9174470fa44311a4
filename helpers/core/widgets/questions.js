// Draws questions and the deck, in JupyterLab and on a plain web page. One ES module that imports nothing.
//
// drawQuestion({ el, store })   draws the question of a store into an element; returns what takes it away.
// drawDeck({ el, store })       the same for the deck: a choice of lesson and level, a score, a question, "next".
//
// A store knows an item and what was answered. The script asks it for no more than this:
//   get()                 the state now (see below)
//   commit(option)        the learner has committed to the option with this id
//   send(what, more)      "tell" (more.word: a word of the teacher's), "show", "again"; the deck: "next"
//   choose(name, value)   the deck alone: another "lesson" or "level"
//   watch(draw)           calls draw() after each change; returns what ends that
//   link(target)          optional: the address for a place such as "04_formats.ipynb#A-trap"
// The state of a question:
//   item      { id, kind, prompt, options: [{ id, text }] in the order to show, words: {...}, shows: boolean }
//   before    a line about earlier answers, or ""
//   choice    the id of the committed option, or ""
//   verdict   "" (nothing known yet), "noted" (committed, the answer comes later), "right" or "wrong"
//   feedback  lines to show; each may hold `code`, **strong** and [words](target)
//   asks      while "noted": "" (nothing can be asked), "tell" (a button), "word" (a field for the teacher's word)
//   evidence  {} or { seen, label, code }
// The deck's state has more: words, filters [{ label, chosen, choices: [[value, text]] }], score.
//
// notebook.js is the store of a kernel. page.js has stores for a page without one, pageStore(sealed) and pageDeck(sealed),
// and drawPage(), which draws every element with a data-course-question (Python: question.sealed(...)) or a
// data-course-deck (deck.sealed()). Each is put behind this file, as one script: quiz.script("questions.js", "page.js")
// gives the text for a <script type="module">, which also runs from file:// since it imports nothing; end it with
// drawPage(document, { link: (target) => address }). When a deck is drawn, its element sends "course-deck-drawn" with the
// store, whose summary() returns the lines to hand in.
// Text arrives as data and is put in as text, never as HTML.

const LETTERS = "ABCDEFGH";
const MARKS = /(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^()\s]+\))/;

function addText(parent, text, link = (target) => target) {
  for (const part of text.split(MARKS)) {
    const place = /^\[([^\]]+)\]\(([^()\s]+)\)$/.exec(part);
    if (place) {
      const anchor = addText(document.createElement("a"), place[1]);
      anchor.href = link(place[2]);
      parent.append(anchor);
    } else if (/^`[^`]+`$/.test(part)) {
      parent.append(Object.assign(document.createElement("code"), { textContent: part.slice(1, -1) }));
    } else if (/^\*\*[^*]+\*\*$/.test(part)) {
      parent.append(Object.assign(document.createElement("strong"), { textContent: part.slice(2, -2) }));
    } else {
      parent.append(part);
    }
  }
  return parent;
}

function make(tag, properties = {}, text = "", link = undefined) {
  return addText(Object.assign(document.createElement(tag), properties), text, link);
}

// Without this the notebook takes single keys as its own shortcuts (arrows leave the cell, D D deletes it).
function keepKeys(event) {
  if (event.key === "Escape") event.currentTarget.closest(".jp-Cell")?.focus(); // back to the notebook's shortcuts
  else if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
}

export function drawQuestion({ el, store }) {
  const first = store.get();
  const { id, kind, prompt, options, words } = first.item;
  const group = `${id}-${Math.random().toString(36).slice(2)}`;

  const form = make("form", { className: "course-quiz", noValidate: true });
  const fieldset = make("fieldset");
  const legend = make("legend");
  legend.append(make("strong", {}, kind), " ", make("span", {}, prompt));
  fieldset.append(legend);
  if (first.before) fieldset.append(make("p", { className: "course-quiz-before" }, first.before));
  const radios = options.map((option, place) => {
    const label = make("label");
    const radio = make("input", { type: "radio", name: group, value: option.id });
    label.append(radio, make("b", {}, LETTERS[place]), " ", make("span", {}, option.text));
    fieldset.append(label);
    return radio;
  });
  const commit = make("button", { type: "submit" }, words.commit);
  const status = make("div", { className: "course-quiz-status" });
  status.setAttribute("role", "status");
  const asking = make("p", { className: "course-quiz-asking", hidden: true });
  const word = make("input", { type: "text", autocomplete: "off" });
  const wordLabel = make("label", { hidden: true }, words.word);
  wordLabel.append(" ", word);
  const tell = make("button", { type: "button" }, words.tell);
  asking.append(wordLabel, tell);
  const show = make("button", { type: "button", hidden: true }, words.show);
  const again = make("button", { type: "button", hidden: true }, words.again);
  const seen = make("div", { className: "course-quiz-evidence" });
  seen.setAttribute("role", "status");
  form.append(fieldset, commit, status, asking, show, " ", again, seen);
  el.append(form);

  form.addEventListener("keydown", keepKeys);

  const askForAnswer = () => store.send("tell", { word: word.value });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const state = store.get();
    if (state.choice) {
      if (document.activeElement === word) askForAnswer(); // Enter in the field
      return;
    }
    const chosen = radios.find((radio) => radio.checked);
    if (!chosen) {
      status.replaceChildren(make("p", {}, words.choose_first));
      return;
    }
    store.commit(chosen.value);
    commit.focus(); // the radios are locked next, and a locked control would drop the focus
  });
  tell.addEventListener("click", askForAnswer);
  show.addEventListener("click", () => store.send("show"));
  again.addEventListener("click", () => store.send("again"));

  const drawAnswer = ({ choice, verdict, feedback, asks, item }) => {
    const reopened = radios[0].disabled && !choice;
    for (const radio of radios) {
      radio.disabled = Boolean(choice);
      if (choice || reopened) radio.checked = radio.value === choice;
    }
    // "Try again" goes away, and would drop the focus. So does what asked for the answer.
    if (reopened && form.contains(document.activeElement)) radios[0].focus();
    const asked = asking.contains(document.activeElement);
    commit.setAttribute("aria-disabled", String(Boolean(choice)));
    commit.textContent = choice ? words.locked : words.commit;
    form.dataset.verdict = verdict;
    const lines = choice && !verdict ? [words.waiting] : feedback;
    const drawn = lines.map((line) => make("p", {}, line, store.link)); // unchanged lines are not announced again
    const same = drawn.length === status.children.length && drawn.every((one, n) => one.isEqualNode(status.children[n]));
    if (!same) status.replaceChildren(...drawn);
    asking.hidden = verdict !== "noted" || !asks;
    wordLabel.hidden = asks !== "word";
    tell.textContent = asks === "tell" ? words.tell : words.released;
    const told = verdict === "right" || verdict === "wrong";
    show.hidden = !told || !item.shows;
    again.hidden = !told;
    if (asked && asking.hidden) commit.focus();
  };
  const drawEvidence = ({ evidence: { seen: line, label, code } }) => {
    const key = JSON.stringify([line, code]);
    if (seen.dataset.key === key) return;
    seen.dataset.key = key;
    seen.replaceChildren();
    if (line) seen.append(make("p", {}, line));
    if (code) {
      const details = make("details");
      details.append(make("summary", {}, label), Object.assign(document.createElement("pre"), { textContent: code }));
      seen.append(details);
    }
  };
  const draw = () => {
    const state = store.get();
    if (state.item.id !== id) return; // the deck has gone on, and draws the next one
    drawAnswer(state);
    drawEvidence(state);
  };
  const stop = store.watch(draw);
  draw();
  return () => {
    stop();
    form.remove();
  };
}

function selection(words, { label, chosen, choices }, change) {
  const select = make("select");
  for (const [value, text] of choices) select.append(make("option", { value, selected: value === chosen }, text));
  select.addEventListener("change", () => change(select.value));
  const around = make("label", {}, `${words[label]} `);
  around.append(select);
  return around;
}

export function drawDeck({ el, store }) {
  const { words, filters: choices } = store.get();
  const root = make("section", { className: "course-deck" });
  root.setAttribute("aria-label", words.title);
  root.addEventListener("keydown", keepKeys);
  const filters = make("div", { className: "course-deck-filters" });
  for (const filter of choices) {
    filters.append(selection(words, filter, (value) => store.choose(filter.label, value)));
  }
  const score = make("p", { className: "course-deck-score" });
  const place = make("div");
  const empty = make("p", { hidden: true }, words.none);
  empty.setAttribute("role", "status");
  const next = make("button", { type: "button" });
  root.append(filters, score, place, empty, next);
  el.append(root);

  let takeAway = () => {};
  let drawn; // the item on the screen: an object of its own for each time it is asked
  const draw = () => {
    const { item, score: line, verdict } = store.get();
    if (item !== drawn) {
      const wasInside = place.contains(document.activeElement) || document.activeElement === next;
      drawn = item;
      takeAway();
      const some = Boolean(item.id);
      takeAway = some ? drawQuestion({ el: place, store }) : () => {};
      empty.hidden = some;
      next.hidden = !some;
      // The question that had the focus is gone, and "next" is about it: go to the new one.
      if (wasInside && some) place.querySelector("input").focus();
    }
    if (score.textContent !== line) score.replaceChildren(line);
    next.textContent = verdict ? words.next : words.skip;
  };
  next.addEventListener("click", () => store.send("next"));
  const stop = store.watch(draw);
  draw();
  return () => {
    stop();
    takeAway();
    root.remove();
  };
}
