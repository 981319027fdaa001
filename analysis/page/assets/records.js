// The record of launches and the context events: filter, search, sort, download.

const LAUNCHES = rowsOf("launches");
const EVENTS = rowsOf("events");
const SOURCES = new Map(rowsOf("sources").map((row) => [row.key, row]));
const CATEGORIES = new Map(rowsOf("categories").map((row) => [row.category, row]));
const plainWords = (text) => text.replaceAll("_", " ");

const KOREA = 9 * 3600000; // Korean time is UTC+9

LAUNCHES.forEach((row, i) => { row.place = i; });

// whether a rule counts a launch: a bit of its hexadecimal digits
function isCounted(rule, place) {
  return Boolean(parseInt(rule.rows[place >> 2], 16) & (8 >> (place & 3)));
}

// every word looked for stands somewhere in the row, in any case
const searchable = new Map();
function holds(row, words) {
  if (!searchable.has(row)) searchable.set(row, plainWords(Object.values(row).join("\n")).toLowerCase());
  return words.every((word) => searchable.get(row).includes(word));
}
const wordsOf = (id) => plainWords(byId(id).value).toLowerCase().split(/\s+/).filter(Boolean);
const matches = (id, cell) => byId(id).value === "" || byId(id).value === cell;

const LAUNCH_COLUMNS = [
  ["date", "Date", "date"], ["launched_at", "Korean time", "date"], ["missiles", "Missiles", "number"],
  ["name", "Missile type", "words"], ["klass", "Class", "nowrap"], ["family", "Family", "nowrap"], ["site_name", "Site", "words"],
  ["apogee_km", "Apogee, km", "number"], ["range_km", "Range, km", "number"], ["outcome", "Outcome", ""],
  ["sources", "Sources", "words"], ["note", "Note", "text"],
];
const EVENT_COLUMNS = [
  ["start", "First day", "date"], ["end", "Last day", "date"], ["category", "Category", ""], ["kind", "Kind", ""],
  ["title", "Event", "text"], ["place", "Place", ""], ["confidence", "Dates", ""], ["source", "Source", "text"],
];

function listedLaunches() {
  const rule = RULES.get(byId("rule").value);
  const words = wordsOf("launches-find");
  return LAUNCHES.filter((row) => matches("launches-year", row.date.slice(0, 4))
    && matches("launches-family", row.family) && matches("launches-class", row.klass)
    && matches("launches-outcome", row.outcome)
    && (!byId("launches-counted").checked || isCounted(rule, row.place)) && holds(row, words));
}

function listedEvents() {
  const words = wordsOf("events-find");
  const year = byId("events-year").value;
  return EVENTS.filter((row) => (year === "" || (row.start.slice(0, 4) <= year && row.end.slice(0, 4) >= year))
    && matches("events-category", row.category) && holds(row, words));
}

function launchCell(row, key) {
  const cell = row[key];
  if (key === "missiles") return row.missiles_exact === "true" ? cell : `≥ ${cell}`;
  if (key === "date") return { day: cell, month: `${cell.slice(0, 7)} (month)`, year: `${cell.slice(0, 4)} (year)` }[row.date_precision];
  if (key === "launched_at") return cell && new Date(Date.parse(cell) + KOREA).toISOString().slice(11, 16);
  if (key !== "sources") return key === "note" || key === "name" ? cell : plainWords(cell);
  const parts = cell.split(";").filter(Boolean).flatMap((one) => {
    const source = SOURCES.get(one);
    return [", ", source ? linkTo(source.url, one) : one];
  });
  return make("span", {}, ...parts.slice(1));
}

function eventCell(row, key) {
  const cell = row[key];
  if (key === "category") return CATEGORIES.get(cell)?.label ?? cell;
  if (key === "source") return linkTo(row.source_url, cell);
  return key === "kind" ? plainWords(cell) : cell;
}

// a table with its filters; many rows are drawn only when asked for
const AT_FIRST = 400;
function showRecords(name, columns, rows, cell, found) {
  const sorted = inOrder(rows, ORDERS[name], Object.fromEntries(columns.map(([key, , kind]) => [key, kind])));
  const sortBy = (order) => { ORDERS[name] = order; show(); };
  byId(`${name}-found`).textContent = found(rows) + (rows.length > AT_FIRST ? `; the first ${AT_FIRST} are drawn` : "");
  showTable(byId(`${name}-table`), columns, sorted.slice(0, AT_FIRST), cell, { order: ORDERS[name], sortBy });
  byId(`${name}-save`).onclick = () => download(`${name}-${DATA.version}.csv`, csvOf(Object.keys(DATA.tables[name]), sorted));
}

function showLaunches() {
  const found = (rows) => {
    const missiles = rows.reduce((sum, row) => sum + Number(row.missiles), 0);
    const bound = rows.some((row) => row.missiles_exact !== "true") ? "at least " : "";
    return `${rows.length} of ${LAUNCHES.length} rows, ${bound}${missiles.toLocaleString("en-US")} missiles`;
  };
  showRecords("launches", LAUNCH_COLUMNS, listedLaunches(), launchCell, found);
}

function showEvents() {
  showRecords("events", EVENT_COLUMNS, listedEvents(), eventCell, (rows) => `${rows.length} of ${EVENTS.length} events`);
}
