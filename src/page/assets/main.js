// The frame around the four views: which one the address names, the token, and what went wrong.

import { Problem, ask, hasToken, keepToken, takeToken } from "./api.js";
import { byId, make, show } from "./dom.js";
import { language, say } from "./words.js";
import * as diagnose from "./diagnose.js";
import * as explain from "./explain.js";
import * as history from "./history.js";
import * as watch from "./watch.js";

const kViews = { diagnose, watch, history, explain };
let leave = () => {};
let about = null; // what this server is and can do

/** A line at the top that says what went wrong, until it is closed or the view changes. */
export function complain(error) {
  if (error instanceof Problem && error.status === 401) return askForToken();
  if (!(error instanceof Problem)) console.error(error);
  const text = error instanceof Problem && error.status === 0 ? say("problem.unreachable") : say("problem.other", { detail: error.message });
  show(byId("problems"), make("div", { class: "problem" }, make("p", null, text), make("button", { type: "button", class: "quiet", onclick: () => show(byId("problems")) }, say("close"))));
}

/** In the place of every view: without the token there is nothing to see. */
function askForToken() {
  leave();
  leave = () => {};
  show(byId("problems"));
  const field = make("input", { id: "token", type: "password", autocomplete: "off", required: true });
  const take = (event) => {
    event.preventDefault();
    keepToken(field.value.trim());
    location.reload();
  };
  show(byId("content"), make("div", { class: "hero" }, make("h1", { tabindex: "-1" }, say("token.heading")), make("p", { class: "lead" }, say("token.lead")),
    make("form", { class: "ask", onsubmit: take }, make("label", { for: "token" }, say("token.ask")),
      make("div", { class: "field" }, field, make("button", { type: "submit", class: "primary" }, say("token.use"))))));
  field.focus();
}

/** "#/diagnose/d1?url=…" is the view diagnose, its rest "d1", and what is asked of it. */
function place() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const [name, ...rest] = path.split("/");
  return { name: Object.hasOwn(kViews, name) ? name : "diagnose", rest: rest.map(decodeURIComponent), query: new URLSearchParams(query) };
}

function showNavigation(current) {
  const links = Object.keys(kViews).map((name) => make("li", null, make("a", { href: `#/${name}`, "aria-current": name === current && "page" }, say(`nav.${name}`))));
  show(byId("nav"), make("ul", null, links));
}

function enter(byUser) {
  const { name, rest, query } = place();
  leave();
  show(byId("problems"));
  showNavigation(name);
  document.title = say("title.of", { view: say(`nav.${name}`) });
  const content = byId("content");
  leave = kViews[name].enter(content, { rest, query, complain, about }) ?? (() => {});
  // Who uses a keyboard or listens goes on reading where the new view begins.
  if (byUser) content.querySelector("h1")?.focus();
}

async function begin() {
  document.documentElement.lang = language;
  byId("skip").textContent = say("skip");
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("content").focus();
  });
  byId("nav").setAttribute("aria-label", say("nav"));
  try {
    await takeToken();
    showNavigation(null);
    if (!hasToken()) return askForToken();
    about = await ask("GET", "/api/about");
    enter(false);
    window.addEventListener("hashchange", () => enter(true));
    byId("foot").textContent = say(about.serving_others ? "foot.others" : "foot", { version: about.version });
  } catch (error) {
    complain(error);
    // A key that was used before opens nothing.
    if (!hasToken()) askForToken();
  }
}

begin();
