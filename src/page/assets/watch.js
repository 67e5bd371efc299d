// The view Watch: sites that fix502 asks again and again, each with its state, the time to the next try, and its strip.
// One stream tells of all: a browser has six connections to a server, too few for one per site.

import { ask, listen } from "./api.js";
import { announce, link, make, show } from "./dom.js";
import { kStripSpan, tryStrip } from "./draw.js";
import { addressForm, goAndDiagnose, hero } from "./views.js";
import { say, sayTime } from "./words.js";

const stateOf = (watch) => (!watch.looked || watch.failing === null ? "unknown" : watch.failing ? "outage" : "works");

/** One site on the screen; kept while its watch lasts, so that focus and pictures stay where they are. */
class Card {
  #watch;
  #arrived = 0;
  #host;
  #tries = -1;
  #state = null;
  #word = make("span", { class: "state-word" });
  #line = make("p", { class: "watch-line" });
  #next = make("span", { class: "soft next" });
  #cause = make("p");
  #typical = make("p", { class: "soft" });
  #strip = make("div", { class: "strip-box" });
  #why;

  constructor(watch, host) {
    this.#host = host;
    const { url } = watch;
    this.#why = make("button", { type: "button", onclick: () => host.diagnose(url), "aria-label": say("watch.why.named", { url }) }, say("watch.why"));
    const remove = make("button", { type: "button", class: "quiet", onclick: () => host.remove(this.#watch), "aria-label": say("watch.remove.named", { url }) }, say("watch.remove"));
    this.element = make("li", { class: "card watched" },
      make("div", { class: "card-head" }, this.#word, make("h3", null, link(url, url))),
      this.#line, this.#cause, this.#strip, this.#typical, make("p", { class: "buttons" }, this.#why, remove));
  }

  update(watch) {
    this.#watch = watch;
    this.#arrived = performance.now();
    const state = stateOf(watch);
    const before = this.#state;
    this.#state = state;
    this.element.className = `card watched watch-${state}`;
    this.#word.textContent = say(`watch.state.${state}`);
    if (before && before !== state && state !== "unknown")
      announce(say(state === "works" ? "watch.announce.up" : "watch.announce.down", { url: watch.url }));
    this.#why.hidden = state === "works";
    show(this.#cause, watch.cause?.summary);
    const known = state === "outage" && watch.typical?.outages;
    show(this.#typical, known ? say("watch.typical", { n: watch.typical.outages, time: sayTime(watch.typical.median_s) }) : null);
    this.tick();
    if (this.#tries !== watch.requests) {
      this.#tries = watch.requests;
      this.#drawStrip().catch(this.#host.complain);
    }
  }

  /** What changes by itself: how long it has been down, how long until the next try. */
  tick() {
    const watch = this.#watch;
    const parts = [];
    if (this.#state === "outage") parts.push(say("watch.down", { time: sayTime(Math.max((Date.now() - Date.parse(watch.began)) / 1000, 1)) }));
    if (this.#state === "works") parts.push(say("watch.up"));
    if (watch.said) parts.push(say("watch.said", { said: watch.said }));
    const left = this.#left();
    this.#next.textContent = left > 0 ? say("watch.next", { time: sayTime(left) }) : say("watch.trying");
    show(this.#line, parts.map((part) => make("span", null, part)), this.#next);
  }

  /** Seconds to the next try; 0: it is due, or not known. */
  #left() {
    return Math.max(0, Math.ceil((this.#watch.next_s ?? 0) - (performance.now() - this.#arrived) / 1000));
  }

  get due() {
    return this.#left() === 0;
  }

  async #drawStrip() {
    const history = await ask("GET", `/api/history?since=${kStripSpan / 3600}h&url=${encodeURIComponent(this.#watch.url)}`);
    const slots = history.pages[0]?.slots ?? [];
    const sum = (key) => slots.reduce((all, slot) => all + slot[key], 0);
    const said = slots.length ? say("watch.strip", { worked: sum("worked"), n: sum("tries"), time: sayTime(kStripSpan) }) : say("watch.strip.none");
    show(this.#strip, tryStrip(slots, Date.parse(history.until)), make("p", { class: "soft" }, said));
  }
}

export function enter(content, { complain }) {
  const cards = new Map();
  const list = make("ul", { class: "cards wide" });
  const none = make("p", { class: "soft", hidden: true }, say("watch.none"));
  const heading = make("h2", { id: "watches-heading", tabindex: "-1" }, say("watch.list"));
  const host = {
    complain,
    diagnose: (url) => goAndDiagnose(url, complain),
    remove: async (watch) => {
      try {
        await ask("DELETE", `/api/watches/${watch.id}`);
        announce(say("watch.removed", { url: watch.url }));
        heading.focus();
      } catch (error) {
        complain(error);
      }
    },
  };

  const showAll = ({ watches }) => {
    for (const id of cards.keys()) if (!watches.some((watch) => watch.id === id)) {
      cards.get(id).element.remove();
      cards.delete(id);
    }
    for (const watch of watches) {
      if (!cards.has(watch.id)) {
        cards.set(watch.id, new Card(watch, host));
        list.append(cards.get(watch.id).element);
      }
      cards.get(watch.id).update(watch);
    }
    none.hidden = watches.length > 0;
  };

  const add = async (url) => {
    const watch = await ask("POST", "/api/watches", { url });
    field.value = "";
    announce(say("watch.added", { url: watch.url }));
  };
  const { form, field } = addressForm({ id: "watch-address", label: say("watch.address"), button: say("watch.add"), act: add, complain });
  show(content, hero(say("watch.heading"), say("watch.lead"), form), make("section", { "aria-labelledby": "watches-heading" }, heading, none, list));

  // What happens is told at once; that a site still works, and when it is asked next, is no event of a watch.
  let asking = false;
  const tick = async () => {
    cards.forEach((card) => card.tick());
    if (asking || ![...cards.values()].some((card) => card.due)) return;
    asking = true;
    try {
      showAll(await ask("GET", "/api/watches"));
      asking = false;
    } catch (error) {
      complain(error); // and no more: `asking` stays
    }
  };
  const close = listen("/api/watches/events", { watches: showAll, error: complain });
  const ticking = setInterval(tick, 1000);
  return () => {
    close();
    clearInterval(ticking);
  };
}
