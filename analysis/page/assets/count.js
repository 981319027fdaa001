// Year to date: look up curves and sentences, draw, compare.

const RULES = new Map(rowsOf("rules").map((row, i) => [row.name, { ...row, ...DATA.rules[i] }]));
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

// the curve of a year: [day, count, day, count, ...] and the first day with a lower bound
function curveOf(name, year) {
  const rule = RULES.get(name);
  const [leastFrom, ...steps] = DATA.curves[rule.curves[year - rule.first]];
  return { leastFrom, steps };
}

// the count of a year to one of its days, and whether that is a lower bound
function countOn(name, year, day) {
  const { leastFrom, steps } = curveOf(name, year);
  let n = 0;
  for (let i = 0; i < steps.length && steps[i] <= day; i += 2) n = steps[i + 1];
  return { n, least: leastFrom > 0 && day >= leastFrom };
}

function sentenceOf(name, day) {
  const { n, least } = countOn(name, yearOf(day), dayOfYear(day));
  const { sentences } = RULES.get(name);
  const bound = least ? "+" : "";
  const said = sentences[n + bound] ?? sentences[`n${bound}`];
  return said.replace("{day}", inWords(day)).replace("{n}", n.toLocaleString("en-US"));
}

const yearsFrom = (name, from, to) => {
  const first = Math.max(RULES.get(name).first, Math.min(from, to));
  const last = Math.min(yearOf(LAST), Math.max(from, to));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
};

// one row a year: what `year_to_date` says of the same days
function yearsToDate(name, day, years) {
  return years.map((year) => {
    const until = sameDay(day, year);
    const cut = until.slice(5) < sameDay(day, 2023).slice(5) && until === LAST;
    const { n, least } = countOn(name, year, dayOfYear(until));
    const whole = year < yearOf(LAST) ? countOn(name, year, dayOfYear(`${year}-12-31`)) : null;
    return { year, until, n, least: least || cut, whole };
  });
}

const withBound = ({ n, least }) => (least ? `≥ ${n}` : String(n));

function chosen() {
  const day = byId("day").value;
  const [from, to] = ["from", "to"].map((id) => Number(byId(id).value));
  return { rule: byId("rule").value, day, year: yearOf(day), from, to };
}

// take no day that the record does not hold, and say why
function settleDay() {
  const control = byId("day");
  const first = `${RULES.get(byId("rule").value).first}-01-01`;
  const beyond = control.value > LAST || control.value === "";
  byId("beyond").hidden = !beyond;
  byId("beyond").textContent = beyond
    ? `The record ends on ${inWords(LAST)}: counted to that day. A later day needs launches added to the record.` : "";
  if (beyond) control.value = LAST;
  if (control.value < first) control.value = first;
}

function showCount() {
  settleDay();
  const { rule: name, day, year, from, to } = chosen();
  const rule = RULES.get(name);
  showSentence(sentenceOf(name, day), countOn(name, year, dayOfYear(day)).n);
  byId("definition").replaceChildren(make("b", {}, `${rule.label}: `), rule.definition,
    ...(rule.cited ? [` Convention read in: ${rule.cited}.`] : []));
  for (const place of document.querySelectorAll(".rule-name")) place.textContent = rule.label;
  const slide = byId("slide");
  slide.max = dayOfYear(lastOf(year));
  slide.value = dayOfYear(day);
  slide.setAttribute("aria-valuetext", inWords(day));
  const years = [...new Set([...yearsFrom(name, from, to), year])].sort((a, b) => a - b);
  const rows = yearsToDate(name, day, years);
  showCurve(name, day, rows);
  showYears(rows, year, day);
  showCounters(name, day);
}

function showSentence(sentence, n) {
  const number = n.toLocaleString("en-US");
  const place = sentence.search(new RegExp(`(?<= )${number}(?= (?!\\p{Lu}))`, "u"));
  const parts = place < 0 ? [sentence]
    : [sentence.slice(0, place), make("b", {}, number), sentence.slice(place + number.length)];
  byId("sentence").replaceChildren(...parts, ".");
}

function showYears(rows, year, day) {
  const until = inWords(day).replace(/ \d+$/, "");
  byId("years-caption").textContent = `Each year to ${until}`;
  const cell = (row, key) => {
    if (key === "year") {
      const button = make("button", { type: "button", "aria-label": `Count ${row.year} instead` }, String(row.year));
      button.addEventListener("click", () => choose({ day: sameDay(day, row.year) }));
      return row.year === year ? String(row.year) : button;
    }
    if (key === "n") return withBound(row);
    return row.whole ? withBound(row.whole) : "under way";
  };
  const columns = [["year", "Year", "date"], ["n", `To ${until}`, "number"], ["whole", "Whole year", "number"]];
  showTable(byId("years"), columns, [...rows].reverse(), cell, { mark: (row) => row.year === year });
}

function showCounters(name, day) {
  byId("counters-caption").textContent = `1 January to ${inWords(day)} under every counting rule`;
  const rows = [...RULES.values()].filter((rule) => rule.first <= yearOf(day))
    .map((rule) => ({ ...rule, ...countOn(rule.name, yearOf(day), dayOfYear(day)) }));
  const cell = (row, key) => {
    if (key === "n") return withBound(row);
    if (key !== "label") return row[key];
    const button = make("button", { type: "button" }, row.label);
    button.addEventListener("click", () => choose({ rule: row.name }));
    return button;
  };
  const columns = [["label", "Rule", ""], ["n", "Count", "number"], ["unit", "Unit", ""], ["definition", "What is counted", "text"]];
  showTable(byId("counters"), columns, rows, cell, { mark: (row) => row.name === name });
}

// set controls by id and show the page anew
function choose(values) {
  for (const [id, value] of Object.entries(values)) byId(id).value = value;
  show();
}

function showCurve(name, day, rows) {
  const svg = byId("curve");
  const width = Math.max(280, svg.parentNode.clientWidth);
  const [left, right, top, bottom, height] = [34, 74, 14, 24, 340];
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const highest = Math.max(5, ...rows.map((row) => (row.whole ?? row).n));
  const x = (number) => left + ((number - 1) / 365) * (width - left - right);
  const y = (n) => height - bottom - (n / highest) * (height - top - bottom);
  const year = yearOf(day);
  const { n, least } = countOn(name, year, dayOfYear(day));
  const unit = { day: "days with a launch", salvo: "salvos", missile: "missiles" }[RULES.get(name).unit];
  const words = `${RULES.get(name).label}, ${unit} since 1 January. ${year} to ${inWords(day)}: ${withBound({ n, least })}. `
    + rows.filter((row) => row.year !== year).map((row) => `${row.year}: ${withBound(row)}`).join(", ");
  const others = rows.filter((row) => row.year !== year).map((row) => otherYear(name, row, x, y));
  svg.replaceChildren(draw("title", { id: "curve-title" }, `Launches since 1 January, ${year} beside other years`),
    draw("desc", { id: "curve-words" }, words), ...axes(x, y, highest, width, right, height - bottom),
    ...others, ...thisYear(name, day, x, y, top, height - bottom), ...namesAtTheEnd(name, rows, year, x, y));
  byId("curve-caption").textContent = `${RULES.get(name).label}: ${unit} since 1 January. Red: ${year} to ${inWords(day)}; grey: other years, named where there is room or when pointed at.`;
}

function axes(x, y, highest, width, right, floor) {
  const step = [1, 2, 5, 10, 20, 50, 100].find((one) => highest / one <= 6) ?? 200;
  const parts = [];
  for (let n = 0; n <= highest; n += step) {
    parts.push(draw("line", { class: "axis", x1: x(1), x2: width - right, y1: y(n), y2: y(n) }),
      draw("text", { class: "tick", x: x(1) - 6, y: y(n) + 4, "text-anchor": "end" }, String(n)));
  }
  const wide = width > 520;
  MONTHS.forEach((month, i) => {
    if (wide || i % 3 === 0) parts.push(draw("text", { class: "tick", x: x(dayOfYear(`2023-${String(i + 1).padStart(2, "0")}-01`)), y: floor + 16 }, month));
  });
  return parts;
}

// the path of a year's curve to one of its days
function pathOf(name, year, until, x, y) {
  const { steps } = curveOf(name, year);
  let path = `M${x(1)} ${y(0)}`;
  for (let i = 0; i < steps.length && steps[i] <= until; i += 2) path += `H${x(steps[i]).toFixed(1)}V${y(steps[i + 1]).toFixed(1)}`;
  return `${path}H${x(until).toFixed(1)}`;
}

function otherYear(name, row, x, y) {
  const d = pathOf(name, row.year, dayOfYear(lastOf(row.year)), x, y);
  const words = `${row.year}: ${withBound(row)} by ${inWords(row.until)}${row.whole ? `, ${withBound(row.whole)} in the whole year` : ""}`;
  const group = draw("g", { "data-year": row.year }, draw("path", { class: "other", d }), draw("path", { class: "reach", d }), draw("title", {}, words));
  const over = (is) => () => {
    for (const part of byId("curve").querySelectorAll(`[data-year="${row.year}"]`)) part.classList.toggle("over", is);
  };
  group.addEventListener("pointerenter", over(true));
  group.addEventListener("pointerleave", over(false));
  group.addEventListener("click", () => choose({ day: row.until }));
  return group;
}

function thisYear(name, day, x, y, top, floor) {
  const [year, until] = [yearOf(day), dayOfYear(day)];
  const found = countOn(name, year, until);
  return [draw("line", { class: "today", x1: x(until), x2: x(until), y1: top, y2: floor }),
    draw("path", { class: "this", d: pathOf(name, year, until, x, y) }),
    draw("text", { class: "this-name", x: x(until) + 6, y: y(found.n) - 6 }, `${year}: ${withBound(found)}`)];
}

// names of other years at the right edge, from the highest on, where there is room
function namesAtTheEnd(name, rows, year, x, y) {
  const named = [];
  let above = -Infinity;
  const ends = rows.filter((row) => row.year !== year && row.whole);
  for (const { year: other, whole } of ends.sort((a, b) => b.whole.n - a.whole.n || b.year - a.year)) {
    const room = y(whole.n) - above >= 12;
    if (room) above = y(whole.n);
    named.push(draw("g", { "data-year": other, class: room ? "" : "no-room" },
      draw("text", { class: "other-name", x: x(366) + 4, y: y(whole.n) + 4 }, `${other}: ${withBound(whole)}`)));
  }
  return named;
}
