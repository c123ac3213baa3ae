// Sets light or dark before the first paint, from what the reader chose (kept by the DSFR under "scheme").
(function () {
  var root = document.documentElement, scheme = "system";
  root.classList.add("lms-js");
  try { scheme = localStorage.getItem("scheme") || "system"; } catch (error) { /* storage refused: follow the device */ }
  root.setAttribute("data-fr-scheme", scheme);
  var dark = scheme === "dark" || (scheme === "system" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  root.setAttribute("data-fr-theme", dark ? "dark" : "light");

  // Paper is white, whatever the screen.
  var shown = "";
  window.matchMedia("print").addEventListener("change", function (event) {
    if (event.matches) {
      shown = root.getAttribute("data-fr-theme");
      root.setAttribute("data-fr-theme", "light");
    } else if (shown) {
      root.setAttribute("data-fr-theme", shown);
    }
  });
})();
