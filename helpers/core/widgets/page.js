// The stores of questions.js on a web page without a kernel, and FSRS, the deck's schedule. Put behind questions.js.
// What Python sealed is opened here; answers stay in the browser, as { id: [{ choice, right, at }] }, oldest first.

const KEPT = "saved-for-good-answers";
const SEED = "saved-for-good-order";

export function unseal(sealed) {
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(sealed), (sign) => sign.charCodeAt(0))));
}

// localStorage may be full, switched off or damaged: the questions work without it, for as long as the page is open.
function browserStorage() {
  const memory = new Map();
  return {
    read(name) {
      try {
        return window.localStorage.getItem(name) ?? memory.get(name) ?? null;
      } catch {
        return memory.get(name) ?? null;
      }
    },
    write(name, text) {
      memory.set(name, text);
      try {
        window.localStorage.setItem(name, text);
      } catch {
        // kept in memory
      }
    },
  };
}
const BROWSER = browserStorage();

export function answersOf(storage = BROWSER) {
  try {
    const kept = JSON.parse(storage.read(KEPT) ?? "{}");
    const whole = ([, given]) => Array.isArray(given) && given.length && given.every((one) => !isNaN(new Date(one?.at)));
    return Object.fromEntries(Object.entries(kept).filter(whole));
  } catch {
    return {};
  }
}

function note(storage, id, choice, right, now) {
  const answers = answersOf(storage);
  (answers[id] ??= []).push({ choice, right, at: now.toISOString() });
  storage.write(KEPT, JSON.stringify(answers));
}

// Shuffled once for each browser and question.
function shuffled(options, id, storage) {
  let seed = storage.read(SEED);
  if (!seed) storage.write(SEED, (seed = String(Math.random()).slice(2)));
  const rank = (key) => {
    let hash = 2166136261; // FNV-1a
    for (const sign of `${seed} ${id} ${key}`) hash = Math.imul(hash ^ sign.codePointAt(0), 16777619);
    hash = Math.imul(hash ^ (hash >>> 15), 2246822519);
    return (hash ^ (hash >>> 13)) >>> 0;
  };
  return [...options].sort((one, other) => rank(one.id) - rank(other.id));
}

function filled(text, facts) {
  return text.replace(/\{(\w+)\}/g, (_, name) => facts[name]);
}

function beforeLine(whole, given) {
  if (!given) return "";
  const last = given.at(-1);
  const time = new Date(last.at);
  const month = time.toLocaleDateString(document.documentElement.lang || "en", { month: "short" });
  return filled(whole.before[last.right ? "right" : "wrong"], { day: time.getDate(), month });
}

function stateOf(whole, storage) {
  const options = shuffled(whole.item.options, whole.item.id, storage);
  const before = beforeLine(whole, answersOf(storage)[whole.item.id]);
  return { item: { ...whole.item, options }, before, ...NOTHING };
}
const NOTHING = { choice: "", verdict: "", feedback: [], asks: "", evidence: {} };

function answerLines(whole, state, first) {
  const letter = (id) => LETTERS[state.item.options.findIndex((option) => option.id === id)];
  const lines = [...whole.feedback[state.choice]];
  if (first !== state.choice && whole.feedback[first]) {
    const text = `\x02${first}\x03 · ${state.item.options.find((option) => option.id === first).text}`;
    const place = lines.length - whole.background;
    lines.splice(place, 0, filled(whole.first, { text }));
  }
  return lines.map((line) => line.replace(/\x02([^\x03]+)\x03/g, (_, id) => letter(id)));
}

function baseStore(storage, now, link) {
  const drawers = new Set();
  const store = {
    state: undefined,
    whole: undefined,
    get: () => store.state,
    change(more) {
      store.state = { ...store.state, ...more };
      drawers.forEach((draw) => draw());
    },
    watch(draw) {
      drawers.add(draw);
      return () => drawers.delete(draw);
    },
    commit(choice) {
      const { whole } = store;
      if (!whole.feedback[choice] || store.state.choice) return;
      store.first = answersOf(storage)[whole.item.id]?.[0].choice;
      note(storage, whole.item.id, choice, choice === whole.right, now());
      store.state = { ...store.state, choice };
      if (whole.noted.length) store.change({ verdict: "noted", feedback: whole.noted, asks: "tell" });
      else store.tell();
    },
    tell() {
      const verdict = store.state.choice === store.whole.right ? "right" : "wrong";
      store.change({ verdict, asks: "", feedback: answerLines(store.whole, store.state, store.first ?? store.state.choice) });
    },
    send(what) {
      const { verdict } = store.state;
      if (what === "tell" && verdict === "noted") store.tell();
      if (what === "again" && (verdict === "right" || verdict === "wrong")) store.change(NOTHING);
    },
    link,
  };
  return store;
}

export function pageStore(sealed, { storage = BROWSER, now = () => new Date(), link = (target) => target } = {}) {
  const store = baseStore(storage, now, link);
  store.whole = unseal(sealed);
  store.state = stateOf(store.whole, storage);
  return store;
}

export function pageDeck(sealed, { storage = BROWSER, now = () => new Date(), link = (target) => target } = {}) {
  const { items, words, filters, schedule, summary } = unseal(sealed);
  const store = baseStore(storage, now, link);
  const chosen = Object.fromEntries(filters.map((filter) => [filter.label, filter.chosen]));
  let passed = [];
  let count = 0;
  const due = (given) => nextTime(given, schedule);
  const fits = () =>
    items.filter((one) => one.item.id.startsWith(chosen.lesson) && (!chosen.level || one.level === chosen.level));
  const score = () => {
    const answers = answersOf(storage);
    const ids = fits().map((one) => one.item.id);
    const given = ids.map((id) => answers[id]).filter(Boolean);
    return {
      all: ids.length,
      answered: given.length,
      first: given.filter((one) => one[0].right).length,
      now: given.filter((one) => one.at(-1).right).length,
      waiting: given.filter((one) => due(one) <= now()).length,
    };
  };
  const turn = () => {
    const order = deckOrder(fits().map((one) => one.item.id), answersOf(storage), now(), schedule);
    order.sort((one, other) => passed.indexOf(one) - passed.indexOf(other));
    store.whole = items.find((one) => one.item.id === order[0]);
    count = answersOf(storage)[order[0]]?.length ?? 0;
    const state = store.whole ? stateOf(store.whole, storage) : { item: {}, before: "", ...NOTHING };
    store.state = { ...store.state, ...state, words, filters, score: filled(words.score, score()) };
  };
  const { commit, send } = store;
  store.commit = (choice) => {
    commit(choice);
    store.change({ score: filled(words.score, score()) });
  };
  store.send = (what) => {
    if (what !== "next") return send(what);
    const { id } = store.state.item;
    passed = passed.filter((one) => one !== id);
    if ((answersOf(storage)[id]?.length ?? 0) === count) passed.push(id);
    turn();
    return store.change({});
  };
  store.choose = (name, value) => {
    chosen[name] = value;
    turn();
    store.change({});
  };
  // The same lines as `score.summary()`, to hand in; it names nobody.
  store.summary = () => summaryLines(items, answersOf(storage), summary);
  turn();
  return store;
}

function summaryLines(items, answers, words) {
  const facts = (some) => {
    const given = some.map((one) => answers[one.item.id]).filter(Boolean);
    const first = given.filter((one) => one[0].right).length;
    return { all: some.length, answered: given.length, first, now: given.filter((one) => one.at(-1).right).length };
  };
  const total = facts(items);
  if (!total.answered) return [words.score_none];
  const times = items.flatMap((one) => (answers[one.item.id] ?? []).map((given) => given.at.slice(0, 10))).sort();
  const lines = [filled(words.summary_deck, { begin: times[0], end: times.at(-1), ...total })];
  for (const lesson of [...new Set(items.map((one) => one.item.id.slice(0, 2)))].sort()) {
    const part = facts(items.filter((one) => one.item.id.startsWith(lesson)));
    if (part.answered) lines.push(filled(words.summary_lesson, { lesson, ...part }));
  }
  const missed = items.filter((one) => answers[one.item.id] && !answers[one.item.id].at(-1).right);
  if (missed.length) lines.push(words.summary_missed);
  for (const one of missed) lines.push(`  ${one.item.id}: ${one.item.prompt.split("\n")[0]}`);
  return lines;
}

export function deckOrder(ids, answers, now, schedule) {
  const due = new Map(ids.filter((id) => answers[id]).map((id) => [id, nextTime(answers[id], schedule)]));
  const asked = [...due.keys()].sort((one, other) => due.get(one) - due.get(other));
  return [
    ...asked.filter((id) => due.get(id) <= now),
    ...ids.filter((id) => !due.has(id)),
    ...asked.filter((id) => due.get(id) > now),
  ];
}

const SECOND = 1000;
const DAY = 86400 * SECOND;
const [AGAIN, GOOD, EASY] = [1, 3, 4];

// When an item is due again: FSRS 6 as the package `fsrs` computes it, for the three ratings that the deck gives.
export function nextTime(answers, { parameters: w, retention, learning, relearning, longest }) {
  const decay = -w[20];
  const factor = 0.9 ** (1 / decay) - 1;
  const between = (low, value, high) => Math.min(Math.max(value, low), high);
  const firstDifficulty = (rating) => w[4] - Math.exp(w[5] * (rating - 1)) + 1;
  const days = (stability) => between(1, even((stability / factor) * (retention ** (1 / decay) - 1)), longest) * DAY;
  let stability, difficulty, last, due;
  let step = 0; // of the steps before an item waits for days; undefined once it does
  let steps = learning;
  answers.forEach(({ right, at }, number) => {
    const rating = right ? (number === 0 ? EASY : GOOD) : AGAIN;
    const time = new Date(at).getTime();
    if (stability === undefined) {
      stability = Math.max(w[rating - 1], 0.001);
      difficulty = between(1, firstDifficulty(rating), 10);
    } else {
      const passedDays = Math.floor((time - last) / DAY);
      if (passedDays < 1) {
        const growth = Math.exp(w[17] * (rating - 3 + w[18])) * stability ** -w[19];
        stability = Math.max(stability * (rating === AGAIN ? growth : Math.max(growth, 1)), 0.001);
      } else {
        const known = (1 + (factor * Math.max(0, passedDays)) / stability) ** decay;
        const forgotten = Math.min(
          w[11] * difficulty ** -w[12] * ((stability + 1) ** w[13] - 1) * Math.exp((1 - known) * w[14]),
          stability / Math.exp(w[17] * w[18]),
        );
        const kept =
          stability *
          (1 + Math.exp(w[8]) * (11 - difficulty) * stability ** -w[9] * (Math.exp((1 - known) * w[10]) - 1));
        stability = Math.max(rating === AGAIN ? forgotten : kept, 0.001);
      }
      const change = difficulty + ((10 - difficulty) * -(w[6] * (rating - 3))) / 9;
      difficulty = between(1, w[7] * firstDifficulty(EASY) + (1 - w[7]) * change, 10);
    }
    if (rating === AGAIN) {
      if (step === undefined) steps = relearning;
      step = 0;
      due = time + steps[0] * SECOND;
    } else if (step === undefined || rating === EASY || step + 1 >= steps.length) {
      step = undefined;
      due = time + days(stability);
    } else {
      step += 1;
      due = time + steps[step] * SECOND;
    }
    last = time;
  });
  return new Date(due);
}

// Python rounds a half to the even number.
function even(value) {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 ? floor + 1 : floor;
}

// Draws what Python has put into the page: data-course-question and data-course-deck hold what is sealed.
export function drawPage(root = document, options = {}) {
  for (const el of root.querySelectorAll("[data-course-question]")) {
    drawQuestion({ el: emptied(el), store: pageStore(el.dataset.courseQuestion, options) });
  }
  for (const el of root.querySelectorAll("[data-course-deck]")) {
    const store = pageDeck(el.dataset.courseDeck, options);
    drawDeck({ el: emptied(el), store });
    el.dispatchEvent(new CustomEvent("course-deck-drawn", { bubbles: true, detail: store }));
  }
}

function emptied(el) {
  el.replaceChildren();
  return el;
}
