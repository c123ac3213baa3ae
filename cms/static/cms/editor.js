/* The list of checks leads to its fields, wherever their tab; its count follows each autosave. */
(() => {
  const PREFIX = "#champ-";

  const open = (hash) => {
    if (!hash.startsWith(PREFIX)) return false;
    const name = hash.slice(PREFIX.length);
    const field = document.querySelector(`[data-contentpath="${CSS.escape(name)}"]`);
    if (!field) return false;
    const tabPanel = field.closest('[role="tabpanel"]');
    if (tabPanel && tabPanel.hidden) {
      const tab = document.querySelector(`[role="tab"][aria-controls="${tabPanel.id}"], [role="tab"][href="#${tabPanel.id}"]`);
      if (tab) tab.click();
    }
    const section = field.closest("[data-panel]");
    const toggle = section && section.querySelector("[data-panel-toggle][aria-expanded='false']");
    if (toggle) toggle.click();
    const outer = section && section.parentElement.closest("[data-panel]");
    const outerToggle = outer && outer.querySelector("[data-panel-toggle][aria-expanded='false']");
    if (outerToggle) outerToggle.click();
    field.scrollIntoView({ block: "center" });
    const input =
      field.querySelector("input:not([type=hidden]), textarea, select, [contenteditable=true]") ||
      field.querySelector("button");
    // The tab shows its fields on the next frame.
    window.setTimeout(() => input && input.focus(), 50);
    return true;
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest(".cms-gate a[href^='#champ-']");
    if (link && open(link.getAttribute("href"))) event.preventDefault();
  });

  const count = () => {
    const list = document.querySelector("[data-gate-missing]");
    const counter = document.querySelector('[data-side-panel-toggle="gate"] [data-side-panel-toggle-counter]');
    if (!list || !counter) return;
    const missing = Number(list.dataset.gateMissing);
    counter.textContent = missing;
    counter.hidden = missing === 0;
  };

  const start = () => {
    const panel = document.querySelector('[data-side-panel="gate"]');
    if (panel) new MutationObserver(count).observe(panel, { childList: true, subtree: true });
    // Wagtail opens its own tab first.
    window.setTimeout(() => open(window.location.hash), 300);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
