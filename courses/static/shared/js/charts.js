// The charts draw inside a shadow root that page styles cannot reach, and zoom by looking outside it (which fails):
// give them the page's chart stylesheets, and turn a click on a département into the way to its list.
const sheets = Promise.all([...document.querySelectorAll("link[data-lms-chart]")].map(copy));

async function copy(link) {
  if (!link.sheet) await new Promise((resolve) => { link.onload = link.onerror = resolve; });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync([...(link.sheet?.cssRules ?? [])].map((rule) => rule.cssText).join("\n"));
  return sheet;
}

for (const name of ["map-chart", "bar-chart"]) {
  const charts = document.querySelectorAll(name);
  if (!charts.length) continue;
  Promise.all([sheets, customElements.whenDefined(name)]).then(([adopted]) => {
    for (const chart of charts) {
      if (chart.shadowRoot) chart.shadowRoot.adoptedStyleSheets = adopted;
      chart.closest("[data-lms-chart-url]")?.classList.add("lms-map--open");
    }
  });
}

document.addEventListener("click", (event) => {
  const chart = event.target.closest?.("map-chart");
  if (!chart) return;
  event.stopPropagation();
  const pattern = chart.closest("[data-lms-chart-url]")?.dataset.lmsChartUrl;
  const area = event.composedPath().find((node) => node.getAttribute?.("class")?.includes("FR-"));
  const code = area?.getAttribute("class").match(/FR-(\w+)/)?.[1];
  if (pattern && code) window.location.assign(pattern.replace("CODE", code));
}, true);
