// Small comforts of every page. Each page works without them.

// An error summary takes the focus, so that it is read and seen first.
document.querySelector("[data-lms-focus]")?.focus();

// A form is sent once by hand: the second click is ignored (the server ignores it too, by its key).
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.lmsSent) return event.preventDefault();
  form.dataset.lmsSent = "1";
  form.querySelector("[type=submit]")?.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-lms-sent]")) {
    delete form.dataset.lmsSent;
    form.querySelector("[type=submit]")?.removeAttribute("aria-busy");
  }
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-lms-copy], [data-lms-print]");
  if (!button) return;
  if ("lmsPrint" in button.dataset) return window.print();
  const source = document.querySelector(button.dataset.lmsCopy);
  await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
  button.textContent = "Copié";
});

document.addEventListener("change", (event) => {
  if ("lmsAutosubmit" in event.target.dataset) event.target.form.requestSubmit();
});

// Long work: asks where it stands, says it, and slows down when the page is hidden or the network fails.
const SHORT = 1500, LONG = 10000;

async function follow(section) {
  const text = section.querySelector("[data-lms-progress-text]");
  const bar = section.querySelector("progress");
  const result = section.querySelector("[data-lms-progress-result]");
  const refresh = section.querySelector("[data-lms-progress-refresh]");
  refresh?.classList.add("lms-hidden");
  const started = performance.now(), first = bar.value;
  let wait = SHORT;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, document.hidden ? LONG : wait));
    let state;
    try {
      const answer = await fetch(section.dataset.lmsProgress, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      state = await answer.json();
      wait = SHORT;
    } catch {
      text.textContent = "Connexion perdue. Le travail continue : nouvel essai dans quelques secondes.";
      wait = LONG;
      continue;
    }
    bar.max = state.total || 1;
    bar.value = state.done;
    text.textContent = state.message || sentence(state, started, first);
    if (!state.finished) continue;
    if (state.url) result.href = state.url;
    result.classList.remove("lms-hidden");
    section.querySelector(".lms-progress__note")?.remove();
    return;
  }
}

function sentence(state, started, first) {
  const count = (n) => n.toLocaleString("fr-FR");
  const said = `${count(state.done)} sur ${count(state.total)}`;
  const gained = state.done - first;
  if (gained <= 0 || state.finished) return said;
  const seconds = Math.round(((performance.now() - started) / gained) * (state.total - state.done) / 1000);
  return `${said}, encore ${seconds < 90 ? `${seconds} secondes` : `${Math.round(seconds / 60)} minutes`} environ`;
}

for (const section of document.querySelectorAll("[data-lms-progress]")) follow(section);
