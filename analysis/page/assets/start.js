// Show the page, and show it anew after every choice.

function show() {
  showCount();
  showLaunches();
  showEvents();
  showSites();
  showCitation();
  history.replaceState(null, "", address());
}

byId("rule").value = DATA.rule;
byId("from").value = "2012";
byId("to").value = String(yearOf(LAST));
byId("events-year").value = String(yearOf(LAST));
ORDERS.launches = "-date";
ORDERS.events = "-start";
usual = Object.fromEntries([
  ...CONTROLS.map((control) => [control.dataset.key, valueOf(control)]),
  ...Object.entries(ORDERS).map(([name, order]) => [`${name}-by`, order]),
]);
// a date's own control tells of every digit typed: it counts when it is a whole day
for (const control of CONTROLS) control.addEventListener(control.type === "search" ? "input" : "change", show);
byId("slide").addEventListener("input", () => choose({ day: dayAt(chosen().year, Number(byId("slide").value)) }));
for (const form of document.forms) {
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    for (const control of form.querySelectorAll("[data-key]")) setValue(control, usual[control.dataset.key]);
    show();
  });
}
window.addEventListener("hashchange", () => { if (location.hash.includes("=")) { readAddress(); show(); } });
let width = window.innerWidth;
window.addEventListener("resize", () => { if (window.innerWidth !== width) { width = window.innerWidth; showCount(); } });
prepareFigures();
prepareCopying();
showFlights();
readAddress();
show();
