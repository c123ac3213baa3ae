// The sheet follows the signatures: it asks how many there are, and redraws itself when something changed.
// Without script, or without network, the page still says what it knew.
const OFTEN = 3000, SELDOM = 15000;

async function ask(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

function redraw(sheet, html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = page.querySelector("#feuille");
  const focused = document.activeElement?.getAttribute?.("href");
  // The status line stays the same element, so that a screen reader hears it change.
  const said = sheet.querySelector("[role=status]"), say = fresh.querySelector("[role=status]");
  if (said && say) {
    said.innerHTML = say.innerHTML;
    say.replaceWith(said);
  }
  sheet.replaceChildren(...fresh.childNodes);
  if (focused) sheet.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

async function follow(url, change) {
  let wait = OFTEN;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, document.hidden ? SELDOM : wait));
    try {
      if (!(await change(await ask(url)))) return;
      wait = OFTEN;
    } catch {
      wait = SELDOM;
    }
  }
}

const sheet = document.querySelector("[data-sheet]");
if (sheet) {
  let version = sheet.dataset.version;
  follow(sheet.dataset.sheet, async (state) => {
    if (state.closed) {
      location.reload();
      return false;
    }
    if (state.version !== version) {
      const answer = await fetch(location.href);
      if (!answer.ok) throw new Error(answer.status);
      redraw(sheet, await answer.text());
      version = state.version;
    }
    return true;
  });
}

const counter = document.querySelector("[data-counter]");
if (counter) {
  follow(counter.dataset.counter, (state) => {
    const figure = counter.querySelector("strong");
    if (figure.textContent !== String(state.signed)) {
      figure.textContent = state.signed;
      counter.lastChild.textContent = ` sur ${state.total}`;
    }
    return !state.closed;
  });
}
