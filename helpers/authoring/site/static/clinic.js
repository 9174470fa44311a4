// The error clinic in the browser: the rules of helpers/tools/clinic/matching.py, with the same entries and expressions.
"use strict";
course.rules = () => {
  if (course.compiled) return course.compiled;
  const { rules } = course.clinic;
  const made = (text, flags) => new RegExp(text, `us${flags}`);
  const escape = (text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  const expression = (pieces) => new RegExp(pieces.map(escape).join(`.{0,${rules.widest}}?`), "gsu");
  course.compiled = {
    ...rules,
    colour: made(rules.colour, "g"),
    source: made(`^(?:${rules.source})`, ""),
    head: made(rules.head, ""),
    end: made(`^(?:${rules.end})`, ""),
    word: made(rules.word, "g"),
    spaces: made(`[${rules.space.slice(1, -1)}]+`, "g"),
    quote: new Map(Object.entries(rules.quotes)),
    patterns: new Map(course.clinic.entries.flatMap((entry) => [...entry.patterns, ...entry.weak, ...entry.unless])
      .concat(rules.withoutCause).map((pattern) => [pattern, pattern.parts.map(expression)])),
  };
  return course.compiled;
};

course.unescaped = (text) => text.replace(/&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)/g, (entity) => {
  const place = document.createElement("textarea"); // it holds text and runs nothing
  place.innerHTML = entity;
  return place.value;
});

course.cleaned = (pasted) => {
  const rules = course.rules();
  let signs = [...pasted];
  if (signs.length > rules.longest) {
    signs = [...signs.slice(0, rules.longest / 4), "\n", ...signs.slice(-rules.longest * 3 / 4)];
  }
  const strange = signs.filter((sign) => sign === "\ufffd"
    || (sign !== " " && /[\p{C}\p{Z}]/u.test(sign) && !"\n\r\t\x1b\x07\x08".includes(sign))).length;
  const plain = course.unescaped(signs.join("").replace(rules.colour, ""));
  const text = [...plain].map((sign) => (rules.quote.has(sign) ? rules.quote.get(sign) : sign)).join("");
  const trimmed = (line) => line.replace(rules.spaces, " ").trim();
  const oneLine = (lines) => trimmed(lines.join(" "));
  const lines = text.split("\n").filter((line) => !rules.source.test(line));
  const messages = [];
  let inside = false;
  for (const line of lines) {
    const head = rules.head.exec(line);
    if (head) {
      messages.push([head.groups.line]);
      inside = true;
    } else if (rules.end.test(line)) inside = false;
    else if (inside) messages.at(-1).push(line);
  }
  // Each message once, where it stands last, and of very many the first and the last ones.
  let different = [...new Set(messages.map(oneLine).reverse())].reverse();
  const most = rules.mostMessages;
  if (different.length > most) different = [...different.slice(0, most / 4), ...different.slice(-most * 3 / 4)];
  return { messages: different, whole: oneLine(lines), readable: strange <= Math.floor(signs.length / 10) };
};

course.squeezed = (text) => text.replaceAll("`", "").replace(course.rules().spaces, "");

course.found = (pasted) => {
  const rules = course.rules();
  const text = course.cleaned(pasted);
  if (!text.readable) return { matches: [], text };
  const matches = [];
  const whole = course.squeezed(text.whole);
  const parts = [whole, ...text.messages.map(course.squeezed)];
  const has = (expression) => whole.search(expression) >= 0;
  for (const entry of course.clinic.entries) {
    for (const [kind, wanted] of [["certain", entry.patterns], ["shared", entry.weak]]) {
      for (const pattern of wanted) {
        const [first, ...others] = rules.patterns.get(pattern);
        if (!others.every(has)) continue;
        parts.forEach((part, number) => {
          if (entry.unless.some((other) => rules.patterns.get(other).every((piece) => part.search(piece) >= 0))) return;
          const last = [...part.matchAll(first)].at(-1);
          // Python counts signs, and JavaScript counts a sign outside of the first plane twice.
          if (last) matches.push({ entry, kind, words: pattern.words, weight: pattern.weight, place: [number, [...part.slice(0, last.index)].length] });
        });
      }
    }
  }
  const words = text.whole.toLowerCase().match(rules.word) ?? [];
  if (text.messages.length === 0 && words.length <= rules.longestDescription) {
    for (const entry of course.clinic.entries) {
      for (const wanted of entry.described) {
        const seen = wanted.map((choices) => words.find((word) => choices.some((one) => word.startsWith(one))));
        if (seen.every(Boolean)) matches.push({ entry, kind: "described", words: seen.join(", "), weight: seen.length, place: [0, 0] });
      }
    }
  }
  const rank = ({ kind, weight, place }) => [["described", "shared", "certain"].indexOf(kind), Number(place[0] > 0), weight, ...place];
  const compared = (one, other) => {
    const [here, there] = [rank(one), rank(other)];
    const place = here.findIndex((value, index) => value !== there[index]);
    return place < 0 ? 0 : here[place] - there[place];
  };
  const best = new Map();
  for (const match of matches) {
    const before = best.get(match.entry.identifier);
    if (!before || compared(before, match) < 0) best.set(match.entry.identifier, match);
  }
  return { matches: [...best.values()].sort((one, other) => compared(other, one)), text };
};

course.saysNoCause = (text) => {
  const { patterns, withoutCause } = course.rules();
  const whole = course.squeezed(text.whole);
  return text.readable && withoutCause.some((line) => patterns.get(line).every((piece) => whole.search(piece) >= 0));
};

course.sure = (matches) => {
  const [first] = matches;
  const { words } = course;
  const key = { certain: "clinic_certain", shared: "clinic_perhaps", described: "clinic_likely" }[first.kind];
  const said = course.fill(words[key], { words: first.words });
  const same = matches.filter((one) => one.kind === "shared" && first.kind === "shared" && one.words === first.words);
  if (same.length > 1) {
    const entries = same.map((one) => one.entry.identifier).join(", ");
    const shared = same.every((one) => one.entry.inspect) ? words.clinic_shared_file : words.clinic_shared;
    return `${said}. ${course.fill(shared, { count: same.length, entries })}`;
  }
  if (first.kind === "certain" && matches.slice(1).some((one) => one.kind === "certain")) {
    return `${said}. ${course.fill(words.clinic_first, { count: first.weight })}`;
  }
  return said;
};

course.drawAnswer = (pasted, place) => {
  const { words } = course;
  const { matches, text } = course.found(pasted);
  const part = (label, body) => {
    const paragraph = make("p");
    if (label) paragraph.append(make("em", {}, label), make("br"));
    paragraph.append(addText(make("span"), body));
    return paragraph;
  };
  place.replaceChildren();
  if (matches.length) {
    const [first] = matches;
    // The entries are the course's own HTML; what was pasted goes in as text.
    const sheet = (content) => Object.assign(make("div"), { innerHTML: content });
    place.append(make("h3", {}, `${first.entry.identifier} · ${first.entry.title}`), sheet(first.entry.above),
      part(words.clinic_sure, course.sure(matches)), sheet(first.entry.below));
    const others = matches.slice(1).filter((one) => one.kind === first.kind).slice(0, 3);
    if (others.length) place.append(part(words.clinic_also, others.map(({ entry }) => `${entry.identifier} · ${entry.title}`).join("; ")));
    return;
  }
  const list = make("ul");
  list.append(...words.clinic_asked.map((line) => make("li", {}, line)));
  const asking = [part("", words.clinic_how), list, part("", words.clinic_ask_where), part("", words.clinic_describe)];
  if (course.saysNoCause(text)) {
    // Many causes share the line: quote what stands innermost, ask for it where it is missing, name none.
    const [, inner = ""] = /.*Exception encountered: (.*?)(?: (?=Traceback \(most|File ")|$)/s.exec(text.whole) ?? [];
    place.append(make("p", {}, `**${words.clinic_no_cause}**`),
      part("", inner ? course.fill(words.clinic_inner, { line: [...inner].slice(0, 300).join("") }) : words.clinic_no_inner),
      part(words.clinic_file, words.clinic_inspect), ...asking);
    return;
  }
  const heading = !text.readable ? words.clinic_unreadable : !text.whole ? words.clinic_nothing : words.clinic_unknown;
  place.append(make("p", {}, `**${heading}**`));
  if (text.readable && text.messages.length) {
    place.append(part("", course.fill(words.clinic_last, { line: [...text.messages.at(-1)].slice(0, 160).join("") })));
  }
  place.append(...asking);
};

course.drawClinic = (place) => {
  const form = make("form", { className: "course-clinic" });
  const label = make("label", {}, course.words.site_paste);
  const pasted = make("textarea", { rows: 8, spellcheck: false });
  const button = make("button", { type: "submit" }, course.words.site_find);
  const answer = make("div", { className: "course-clinic-answer" });
  answer.setAttribute("role", "status");
  label.append(pasted);
  form.append(label, button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    course.drawAnswer(pasted.value, answer);
  });
  place.append(form, answer);
};
