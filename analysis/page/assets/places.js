// Sites of the launches listed, on the map and in a table; figures and their numbers.

const SITES = new Map(rowsOf("sites").map((row, i) => [row.site, { ...row, at: DATA.places[i] }]));

function showSites() {
  const found = new Map();
  for (const row of listedLaunches()) {
    const one = found.get(row.site) ?? { ...SITES.get(row.site), rows: 0, missiles: 0, bound: "", last: "" };
    one.rows += 1;
    one.missiles += Number(row.missiles);
    one.bound = row.missiles_exact === "true" ? one.bound : "≥ ";
    one.last = row.date > one.last ? row.date : one.last;
    found.set(row.site, one);
  }
  const rows = [...found.values()].filter((row) => row.site).sort((a, b) => b.missiles - a.missiles || (a.site < b.site ? -1 : 1));
  showDots(rows.filter((row) => row.at));
  const cell = (row, key) => {
    if (key === "missiles") return row.bound + row.missiles;
    if (key !== "name") return String(row[key]);
    const button = make("button", { type: "button", "aria-label": `Search the launches for ${row.name}` }, row.name + (row.at ? "" : " (not on the map)"));
    button.addEventListener("click", () => { byId("launches-find").value = row.name; show(); });
    return button;
  };
  const columns = [["name", "Site", ""], ["province", "Province", ""], ["rows", "Launch rows", "number"], ["missiles", "Missiles", "number"], ["last", "Last launch", "date"]];
  showTable(byId("sites-table"), columns, rows, cell);
}

// circles for sites, the largest first, named where there is room
function showDots(rows) {
  const radius = (row) => 2.2 * Math.sqrt(row.missiles);
  const dots = rows.map((row) => draw("circle", { class: "dot", cx: row.at[0], cy: row.at[1], r: radius(row).toFixed(1) },
    draw("title", {}, `${row.name}: ${row.bound}${row.missiles} missiles, last ${inWords(row.last)}`)));
  const named = [];
  for (const row of rows) {
    const box = { x: row.at[0] + radius(row) + 2, y: row.at[1] + 5, width: 8.5 * row.name.length, row };
    const isFree = named.every((other) => Math.abs(other.y - box.y) > 17 || other.x > box.x + box.width || box.x > other.x + other.width);
    if (isFree && named.length < 7 && row.name.length < 25) named.push(box);
  }
  byId("dots").replaceChildren(...dots, ...named.map(({ x, y, row }) => draw("text", { class: "site", x, y }, row.name)));
}

function showFlights() {
  const columns = [["klass", "Class", ""], ["km", "Kilometres", "number"], ["name", "Missile type", ""], ["date", "Date", "date"]];
  const cell = (row, key) => (key === "km" ? row.km.toLocaleString("en-US") : plainWords(row[key]));
  showTable(byId("flights-table"), columns, [...DATA.flights].reverse(), cell);
}

// the lines of a CSV as lists of cells
function cellsOf(text) {
  const lines = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\n"]*))(,|\n|$)/g)) {
    lines.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === "\n") lines.push([]);
  }
  return lines.filter((line) => line.length > 1 || line[0]);
}

// a figure's numbers are drawn as a table when its fold is opened
function prepareFigures() {
  const numbers = JSON.parse(byId("numbers").textContent);
  for (const fold of document.querySelectorAll("[data-figure]")) {
    fold.addEventListener("toggle", () => {
      const name = fold.dataset.figure;
      if (fold.querySelector("table")) return;
      const [head, ...lines] = cellsOf(numbers[name]);
      const shown = lines.slice(0, AT_FIRST);
      const caption = `${lines.length} rows drawn in figure ${name}${shown.length < lines.length ? `, the first ${AT_FIRST} here` : ""}`;
      const table = make("table", {}, make("caption", {}, caption));
      const isNumber = head.map((_, i) => lines.every((line) => !line[i] || !Number.isNaN(Number(line[i]))));
      showTable(table, head.map((label, i) => [i, plainWords(label), isNumber[i] ? "number" : ""]), shown, (line, i) => line[i]);
      const button = make("button", { type: "button" }, `Download the numbers of ${name} (CSV)`);
      button.addEventListener("click", () => download(`${name}.csv`, numbers[name]));
      fold.append(button, make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption }, table));
    });
  }
}
