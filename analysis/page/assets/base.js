"use strict";

// What Python computed, and the address in which the choices stand. Nothing here counts.

const DATA = JSON.parse(document.getElementById("data").textContent);
const DAY = 86400000; // in milliseconds
const LAST = DATA.last; // last day of record, as 2026-10-07
const byId = (id) => document.getElementById(id);

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";

const numberOf = (digits) => [...digits].reduce((sum, digit) => 64 * sum + DIGITS.indexOf(digit), 0);

// the cells of a column, which packed.py wrote in one of three ways
function unpacked(column) {
  if (Array.isArray(column)) return column;
  if (column.steps) {
    let time = Date.parse(column.first);
    return column.steps.map((days) => new Date((time += days * DAY)).toISOString().slice(0, 10));
  }
  let before = "";
  const words = column.words.map((word) => (before = before.slice(0, numberOf(word[0])) + word.slice(1)));
  return column.places.match(new RegExp(`.{${column.width}}`, "g")).map((digits) => words[numberOf(digits)]);
}

// rows of a table, as objects
function rowsOf(name) {
  const columns = Object.entries(DATA.tables[name]).map(([key, column]) => [key, unpacked(column)]);
  return columns[0][1].map((_, i) => Object.fromEntries(columns.map(([key, cells]) => [key, cells[i]])));
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
const make = (tag, attributes = {}, ...children) =>
  fill(document.createElement(tag), attributes, children);
const draw = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

// Days are texts such as 2026-10-07; a day of a year is a number from 1.

const isLeap = (year) => new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
const yearOf = (day) => Number(day.slice(0, 4));
const dayOfYear = (day) => (Date.parse(day) - Date.UTC(yearOf(day), 0, 1)) / DAY + 1;
const dayAt = (year, number) =>
  new Date(Date.UTC(year, 0, 1) + (number - 1) * DAY).toISOString().slice(0, 10);
const inWords = (day) =>
  new Date(day).toLocaleDateString("en-GB", { timeZone: "UTC", day: "numeric", month: "long", year: "numeric" });
const lastOf = (year) => (year === yearOf(LAST) ? LAST : `${year}-12-31`);

// the same month and day in another year, no later than the last day of record
function sameDay(day, year) {
  const wanted = day.endsWith("02-29") && !isLeap(year) ? `${year}-02-28` : year + day.slice(4);
  return wanted < lastOf(year) ? wanted : lastOf(year);
}

// Choices: every control with data-key; those that differ from the page as it came stand in the
// address after #.

const CONTROLS = [...document.querySelectorAll("[data-key]")];
const valueOf = (control) => (control.type === "checkbox" ? (control.checked ? "1" : "") : control.value);
const ORDERS = {}; // table: column by which it is sorted, with - before it if downwards
let usual = {};

function setValue(control, value) {
  if (control.type === "checkbox") control.checked = value === "1";
  else control.value = value;
  if (control.tagName === "SELECT" && control.selectedIndex < 0) control.value = usual[control.dataset.key];
}

function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  for (const control of CONTROLS) {
    const key = control.dataset.key;
    setValue(control, given.get(key) ?? usual[key]);
  }
  for (const name of Object.keys(ORDERS)) ORDERS[name] = given.get(`${name}-by`) ?? usual[`${name}-by`];
}

function address() {
  const now = new URLSearchParams();
  const put = (key, value) => { if (value !== usual[key]) now.set(key, value); };
  for (const control of CONTROLS) put(control.dataset.key, valueOf(control));
  for (const [name, order] of Object.entries(ORDERS)) put(`${name}-by`, order);
  // rule and day always: a page opened later with more data then shows the same
  now.set("rule", byId("rule").value);
  now.set("day", byId("day").value);
  return `#${now}`;
}

// Tables

// head: [key, label, kind], kind one of "", "number", "date", "text"
function headOf(columns, table, order, sortBy) {
  return columns.map(([key, label, kind]) => {
    if (!sortBy) return make("th", { scope: "col", class: kind }, label);
    const button = make("button", { type: "button" }, label);
    button.addEventListener("click", () => sortBy(order === key ? `-${key}` : key));
    const sorted = { [key]: "ascending", [`-${key}`]: "descending" }[order];
    return make("th", { scope: "col", class: kind, ...(sorted ? { "aria-sort": sorted } : {}) }, button);
  });
}

// cell(row, key) gives text or an element; the first column names the row
function showTable(table, columns, rows, cell, { order, sortBy, mark } = {}) {
  const focused = [...table.querySelectorAll("thead button")].indexOf(document.activeElement);
  const lines = rows.map((row) => {
    const line = columns.map(([key, , kind], place) =>
      make(place ? "td" : "th", { class: kind, ...(place ? {} : { scope: "row" }) }, cell(row, key)));
    return make("tr", mark && mark(row) ? { class: "chosen" } : {}, ...line);
  });
  const head = make("thead", {}, make("tr", {}, ...headOf(columns, table, order, sortBy)));
  table.replaceChildren(table.caption, head, make("tbody", {}, ...lines));
  if (focused >= 0) table.querySelectorAll("thead button")[focused].focus();
}

// order rows by a column: numbers as numbers, empty cells last
function inOrder(rows, order, kinds) {
  const down = order.startsWith("-");
  const key = down ? order.slice(1) : order;
  const isNumber = kinds[key] === "number";
  const compare = (a, b) => (isNumber ? Number(a) - Number(b) : a < b ? -1 : Number(a > b));
  return [...rows].sort((a, b) => {
    const [x, y] = [String(a[key] ?? ""), String(b[key] ?? "")];
    if (x === "" || y === "") return (x === "") - (y === "");
    return down ? compare(y, x) : compare(x, y);
  });
}

// CSV as the tables of the record are written; what a spreadsheet would run becomes text
function csvOf(columns, rows) {
  const isFormula = (cell) => /^[=+\-@\t\r]/.test(cell) && !/^[-+]?[\d.]+$/.test(cell);
  const quoted = (cell) => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const plain = (cell) => quoted(isFormula(cell) ? `'${cell}` : cell);
  const lines = [columns, ...rows.map((row) => columns.map((key) => row[key]))];
  return lines.map((line) => `${line.map(plain).join(",")}\n`).join("");
}

function download(name, text) {
  const link = make("a", { download: name, href: URL.createObjectURL(new Blob([text], { type: "text/csv" })) });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// an address may be followed only if it is that of a page
function linkTo(url, text) {
  return /^https?:\/\//.test(url) ? make("a", { href: url, rel: "noreferrer noopener", target: "_blank" }, text) : text;
}
