// One question a screen, a review before handing in, and answers kept on this device until then.
// Without this file the quiz is one plain form: nothing depends on it.

const form = document.querySelector("form[data-quiz]");
if (form) start(form);

// The result page stands: what was kept for it may go.
const done = document.querySelector("[data-quiz-done]");
if (done) forget(`quiz:${done.dataset.quizDone}`);

function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // a device that keeps nothing has nothing to forget
  }
}

function start(form) {
  const key = `quiz:${form.dataset.quiz}`;
  const questions = [...form.querySelectorAll("[data-quiz-question]")];
  const part = (name) => form.querySelector(`[data-quiz-${name}]`);
  const place = part("place"), review = part("review"), saved = part("saved"), list = part("list");
  const previous = part("previous"), next = part("next"), submit = part("submit");
  let at = 0;

  restore();
  show(0, false);
  place.hidden = false;

  previous.addEventListener("click", () => show(at - 1, true));
  next.addEventListener("click", () => show(at + 1, true));
  form.addEventListener("change", keep);
  form.addEventListener("submit", (event) => {
    // The Enter key in a question goes on; only the review hands in.
    if (at < questions.length) {
      event.preventDefault();
      show(at + 1, true);
      return;
    }
    if (!navigator.onLine) {
      event.preventDefault();
      saved.textContent = "Connexion perdue. Vos réponses sont gardées sur cet appareil : remettez-les dès son retour.";
      return;
    }
    submit.setAttribute("aria-disabled", "true");
  });

  function show(index, focus) {
    at = Math.max(0, Math.min(index, questions.length));
    const reviewing = at === questions.length;
    questions.forEach((question, rank) => { question.hidden = rank !== at; });
    review.hidden = !reviewing;
    previous.hidden = at === 0;
    next.hidden = reviewing;
    submit.hidden = !reviewing;
    place.textContent = reviewing ? "Relecture" : `Question ${at + 1} sur ${questions.length}`;
    if (reviewing) summarise();
    if (focus) (reviewing ? review.querySelector("h2") : questions[at].querySelector("legend")).focus();
  }

  function answered(question) {
    return question.querySelector("input:checked") !== null;
  }

  function summarise() {
    const left = questions.filter((question) => !answered(question)).length;
    part("summary").textContent = left === 0
      ? "Vous avez répondu à toutes les questions."
      : `${left} question${left > 1 ? "s" : ""} sans réponse : une question sans réponse compte comme fausse.`;
    list.replaceChildren(...questions.map((question, rank) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "fr-btn fr-btn--tertiary-no-outline";
      button.textContent = `Question ${rank + 1} : ${answered(question) ? "répondue" : "sans réponse"}`;
      button.addEventListener("click", () => show(rank, true));
      item.append(button);
      return item;
    }));
  }

  function keep() {
    const ticked = [...form.querySelectorAll("input:checked")].map((input) => [input.name, input.value]);
    try {
      localStorage.setItem(key, JSON.stringify(ticked));
      saved.textContent = "Réponses gardées sur cet appareil.";
    } catch {
      saved.textContent = "";
    }
  }

  function restore() {
    let ticked;
    try {
      ticked = JSON.parse(localStorage.getItem(key) ?? "[]");
    } catch {
      return;
    }
    if (!Array.isArray(ticked)) return;
    for (const input of form.querySelectorAll("input[type=radio], input[type=checkbox]")) {
      if (ticked.some(([name, value]) => name === input.name && value === input.value)) input.checked = true;
    }
  }
}
