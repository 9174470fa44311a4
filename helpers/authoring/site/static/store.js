// What the notebook's kernel does for a question and for the deck, here in the browser: it keeps the answers, says
// what is said of them, and chooses what is asked next. The drawing is the notebook's own script, unchanged.
"use strict";
const course = { items: {}, drawn: [] };

course.take = (name, content) => {
  if (name === "items") {
    const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
    Object.assign(course.items, JSON.parse(new TextDecoder().decode(bytes)));
  } else course[name] = content;
};

course.fill = (text, facts = {}) => text.replace(/\{(\w+)\}/g, (whole, key) => (key in facts ? facts[key] : whole));

// The answers, oldest first, as the notebook's progress file has them. Where the browser refuses to keep anything they
// live as long as the page.
course.answers = (() => {
  const KEY = "saved-for-good";
  let here = {};
  const read = () => {
    try {
      const kept = JSON.parse(window.localStorage.getItem(KEY) ?? "{}");
      const usable = Object.entries(kept).filter(([, given]) => Array.isArray(given) && given.length > 0
        && given.every((one) => Number.isFinite(Date.parse(one?.at)) && typeof one.right === "boolean"));
      return { ...here, ...Object.fromEntries(usable) };
    } catch {
      return here;
    }
  };
  return {
    read,
    add(id, choice, right) {
      const at = new Date().toISOString();
      here = read();
      here = { ...here, [id]: [...(here[id] ?? []), { choice, right, at }] };
      try {
        window.localStorage.setItem(KEY, JSON.stringify(here));
        here = {};
      } catch { /* it stays in `here` */ }
    },
  };
})();

// When an item is due again: FSRS with the settings of helpers/deck.py, three of its four ratings, nothing random.
course.spacing = (W) => {
  const [AGAIN, GOOD, EASY] = [1, 3, 4];
  const [MINUTE, DAY] = [60000, 86400000];
  const factor = 0.9 ** (1 / -W[20]) - 1;
  const stable = (days) => Math.max(days, 0.001);
  const difficult = (value) => Math.min(Math.max(value, 1), 10);
  const start = (rating) => W[4] - Math.exp(W[5] * (rating - 1)) + 1;
  const harder = (value, rating) => difficult(
    W[7] * start(EASY) + (1 - W[7]) * (value - (10 - value) * W[6] * (rating - 3) / 9));
  const soon = (days, rating) => {
    const grown = Math.exp(W[17] * (rating - 3 + W[18])) * days ** -W[19];
    return stable(days * (rating === AGAIN ? grown : Math.max(grown, 1)));
  };
  const later = (hard, days, recalled, rating) => {
    if (rating === AGAIN) {
      const long = W[11] * hard ** -W[12] * ((days + 1) ** W[13] - 1) * Math.exp((1 - recalled) * W[14]);
      return stable(Math.min(long, days / Math.exp(W[17] * W[18])));
    }
    const bonus = rating === EASY ? W[16] : 1;
    const grown = Math.exp(W[8]) * (11 - hard) * days ** -W[9] * (Math.exp((1 - recalled) * W[10]) - 1) * bonus;
    return stable(days * (1 + grown));
  };
  // Python rounds a half to the even number.
  const round = (value) => (value % 1 === 0.5 ? 2 * Math.round(value / 2) : Math.round(value));
  const days = (stability) => Math.min(Math.max(round(stability), 1), 36500) * DAY;

  return (answers) => {
    let [state, step, stability, difficulty, last, due] = ["learning", 0, null, null, null, 0];
    answers.forEach((answer, number) => {
      const rating = answer.right ? (number === 0 ? EASY : GOOD) : AGAIN;
      const now = Date.parse(answer.at);
      const passed = last === null ? null : Math.floor((now - last) / DAY);
      if (stability === null) {
        stability = stable(W[rating - 1]);
        difficulty = difficult(start(rating));
      } else {
        const recalled = (1 + factor * Math.max(0, passed) / stability) ** -W[20];
        stability = passed < 1 ? soon(stability, rating) : later(difficulty, stability, recalled, rating);
        difficulty = harder(difficulty, rating);
      }
      const steps = state === "learning" ? [MINUTE, 10 * MINUTE] : [10 * MINUTE];
      let wait = days(stability);
      if (rating === AGAIN) {
        if (state === "review") state = "relearning";
        step = 0;
        wait = (state === "learning" ? MINUTE : 10 * MINUTE);
      } else if (state !== "review" && rating === GOOD && step + 1 < steps.length) {
        step += 1;
        wait = steps[step];
      } else state = "review";
      [last, due] = [now, now + wait];
    });
    return due;
  };
};

course.nextTime = (answers) => {
  course.spaced ??= course.spacing(course.words.spacing);
  return course.spaced(answers);
};

course.order = (ids, answers, now = Date.now()) => {
  const due = new Map(ids.filter((id) => id in answers).map((id) => [id, course.nextTime(answers[id])]));
  const asked = [...due.keys()].sort((one, other) => due.get(one) - due.get(other));
  return [
    ...asked.filter((id) => due.get(id) <= now),
    ...ids.filter((id) => !due.has(id)),
    ...asked.filter((id) => due.get(id) > now),
  ];
};

course.counts = (ids, answers) => {
  const given = ids.filter((id) => id in answers).map((id) => answers[id]);
  return {
    all: ids.length,
    answered: given.length,
    first: given.filter((one) => one[0].right).length,
    now: given.filter((one) => one.at(-1).right).length,
  };
};

// The part of a widget's model that the drawing uses, with what the kernel would do at each change.
class Model {
  constructor(values) {
    this.values = { choice: "", feedback: [], verdict: "", evidence: {}, before: "", item: {}, ...values };
    this.listeners = [];
  }

  get(name) { return this.values[name]; }

  on(events, listener) { this.listeners.push([events, listener]); }

  off(events, listener) { this.listeners = this.listeners.filter((one) => one[0] !== events || one[1] !== listener); }

  set(name, value) { this.put({ [name]: value }); }

  put(values) {
    const changed = Object.keys(values).filter((key) => values[key] !== this.values[key]);
    Object.assign(this.values, values);
    for (const [events, listener] of [...this.listeners]) {
      if (events.split(" ").some((event) => changed.includes(event.slice("change:".length)))) listener();
    }
  }

  save_changes() { if (this.values.choice && !this.values.verdict) this.commit(); }

  ask(id) {
    const entry = course.items[id];
    this.asked = id;
    this.put({ choice: "", feedback: [], verdict: "", evidence: {}, before: entry ? course.before(id) : "",
      item: entry ? entry.question : {} });
  }

  commit() {
    const { asked: id, values: { choice } } = this;
    const entry = course.items[id];
    const first = course.answers.read()[id]?.[0].choice;
    const right = choice === entry.right;
    course.answers.add(id, choice, right);
    const lines = [...entry.feedback[choice]];
    if (first in entry.first && first !== choice) lines.splice(lines.length - entry.background, 0, entry.first[first]);
    this.put({ feedback: lines, verdict: right ? "right" : "wrong" });
    for (const draw of course.drawn) draw();
  }

  send({ do: what }) {
    if (what === "again") this.put({ choice: "", feedback: [], verdict: "", evidence: {} });
    if (what === "show") {
      const { site_show: seen, evidence_code: label } = course.words;
      this.put({ evidence: { seen, label, code: course.items[this.asked].code } });
    }
  }
}

class DeckModel extends Model {
  constructor() {
    super({ words: course.words.deck, filters: course.words.filters.map((one) => ({ ...one, chosen: "" })),
      lesson: "", level: "", score: "" });
    this.passed = [];
    this.turn();
  }

  get ids() {
    const { lesson, level } = this.values;
    return Object.keys(course.items).filter((id) => id.startsWith(lesson) && (!level || course.items[id].level === level));
  }

  turn() {
    const answers = course.answers.read();
    const waiting = course.order(this.ids, answers);
    // What was passed over in this session comes last, in the order it was passed.
    waiting.sort((one, other) => this.passed.indexOf(one) - this.passed.indexOf(other));
    this.before = (answers[waiting[0]] ?? []).length;
    this.ask(waiting[0]);
    this.count();
  }

  count() {
    const answers = course.answers.read();
    const waiting = this.ids.filter((id) => id in answers && course.nextTime(answers[id]) <= Date.now()).length;
    this.put({ score: course.fill(course.words.deck_score, { waiting, ...course.counts(this.ids, answers) }) });
  }

  set(name, value) {
    super.set(name, value);
    if (name === "lesson" || name === "level") this.turn();
  }

  commit() {
    super.commit();
    this.count();
  }

  send(message) {
    super.send(message);
    if (message.do !== "next") return;
    this.passed = this.passed.filter((id) => id !== this.asked);
    if ((course.answers.read()[this.asked] ?? []).length === this.before) this.passed.push(this.asked);
    this.turn();
  }
}

course.before = (id) => {
  const last = course.answers.read()[id]?.at(-1);
  if (!last) return "";
  const time = new Date(last.at);
  const { words } = course;
  const verdict = last.right ? words.before_right : words.before_wrong;
  return course.fill(words.answered_before, { day: time.getDate(), month: words.months.split(" ")[time.getMonth()], verdict });
};

course.summary = () => {
  const { words, items } = course;
  const ids = Object.keys(items);
  const answers = course.answers.read();
  const found = course.counts(ids, answers);
  if (!found.answered) return words.score_none;
  const given = ids.filter((id) => id in answers);
  const days = given.flatMap((id) => answers[id].map((one) => one.at.slice(0, 10))).sort();
  const lines = [course.fill(words.summary_deck, { begin: days[0], end: days.at(-1), ...found })];
  for (const lesson of [...new Set(ids.map((id) => id.split(".")[0]))]) {
    const part = course.counts(ids.filter((id) => id.startsWith(lesson)), answers);
    if (part.answered) lines.push(course.fill(words.summary_lesson, { lesson, ...part }));
  }
  const missed = given.filter((id) => !answers[id].at(-1).right);
  if (missed.length) lines.push(words.summary_missed);
  return [...lines, ...missed.map((id) => `  ${id}: ${items[id].question.prompt.split("\n")[0]}`)].join("\n");
};

document.addEventListener("DOMContentLoaded", () => {
  for (const place of document.querySelectorAll(".course-page-question")) {
    const model = new Model({});
    model.ask(place.dataset.item);
    question({ model, el: place });
  }
  for (const place of document.querySelectorAll(".course-page-deck")) deck({ model: new DeckModel(), el: place });
  for (const place of document.querySelectorAll(".course-page-summary")) {
    const draw = () => { place.textContent = course.summary(); };
    course.drawn.push(draw);
    draw();
  }
  for (const place of document.querySelectorAll(".course-page-clinic")) course.drawClinic(place);
  // What scrolls sideways can be reached by the keyboard.
  for (const wide of document.querySelectorAll(".cell_output pre, .highlight pre, .pst-scrollable-table-container, .output.text_html")) {
    if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
  }
});
