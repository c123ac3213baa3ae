// Says, from time to time and silently, which block is on screen: « Reprendre » will lead there. Offline, nothing is said.
const article = document.querySelector("[data-cms-place]");
const token = document.querySelector("#place [name=csrfmiddlewaretoken]")?.value;
const parts = [...article.querySelectorAll(".cms-part")];
const PAUSE = 2000;
let here = "", told = null, timer = 0;

function tell() {
  if (told === here) return;
  told = here;
  const body = new URLSearchParams({ bloc: here, csrfmiddlewaretoken: token });
  // `keepalive`: the last place is said even as the page goes away.
  fetch(article.dataset.cmsPlace, { method: "POST", body, keepalive: true, redirect: "manual" }).catch(() => { told = null; });
}

function look() {
  const middle = window.innerHeight / 3;
  const passed = parts.filter((part) => part.getBoundingClientRect().top <= middle);
  here = passed.length > 1 ? passed.at(-1).id : "";
}

addEventListener("scroll", () => {
  clearTimeout(timer);
  timer = setTimeout(() => { look(); tell(); }, PAUSE);
}, { passive: true });
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") { look(); tell(); }
});
look();
setTimeout(tell, PAUSE);
