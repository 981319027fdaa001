// How to cite what is on the screen.

function showCitation() {
  const { rule: name, day } = chosen();
  const rule = RULES.get(name);
  byId("permalink").textContent = location.href.split("#")[0] + address();
  byId("citation").textContent = `${sentenceOf(name, day)}. Counting rule “${rule.label}” (${name}): ${rule.definition} `
    + `dprk-launch-record: North Korean missile launches as a time series, data version ${DATA.version}.`;
  byId("bibtex").textContent = [
    `@misc{dprk_launch_record_${DATA.version.slice(0, 10).replaceAll("-", "_")},`,
    "  author = {{The dprk-launch-record maintainers}},",
    "  title  = {{dprk-launch-record: North Korean missile launches as a time series}},",
    `  year   = {${yearOf(LAST)}},`,
    `  note   = {Data version ${DATA.version}; counting rule ${name.replaceAll("_", "\\_")}, 1 January to ${inWords(day)}}`,
    "}",
  ].join("\n");
}

function prepareCopying() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      const place = byId(button.dataset.copy);
      getSelection().selectAllChildren(place);
      try {
        await navigator.clipboard.writeText(place.textContent);
        byId("copied").textContent = "Copied.";
      } catch {
        byId("copied").textContent = "Selected: copy it with Ctrl+C.";
      }
    });
  }
}
