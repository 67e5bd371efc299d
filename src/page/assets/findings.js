// What a diagnosis found, part by part: the way with its seven hops, the eight steps, the verdict.

import { make, show } from "./dom.js";
import { hopSign, stateMark } from "./draw.js";
import { say, sayOr, sayPercent } from "./words.js";

export const kHops = ["browser", "device", "network", "dns", "cdn", "gateway", "origin"];
export const kSteps = ["refresh", "other-device-or-network", "browser-cache", "other-browser", "dns-cache", "wait", "cdn", "custom-dns"];

const section = (name, heading, ...children) =>
  make("section", { class: `card ${name}`, "aria-labelledby": `${name}-heading` }, make("h2", { id: `${name}-heading` }, heading), ...children);

/** The drawing of the way: a list of seven, so that it reads as well as it looks. */
export class Way {
  #hops = new Map();

  constructor() {
    const items = kHops.map((hop) => {
      const parts = { item: make("li"), mark: make("span", { class: "badge" }), state: make("span", { class: "state" }), detail: make("span", { class: "detail" }) };
      parts.item.append(make("span", { class: "node" }, hopSign(hop), parts.mark), make("span", { class: "hop-name" }, say(`hop.${hop}`)),
        make("span", { class: "hop-is" }, say(`hop.${hop}.is`)), parts.state, parts.detail);
      this.#hops.set(hop, parts);
      this.set({ hop, state: "trying" });
      return parts.item;
    });
    this.element = section("way", say("way.heading"), make("p", { class: "soft" }, say("way.lead")), make("ol", { class: "hops" }, items));
  }

  set({ hop, state, detail }) {
    const parts = this.#hops.get(hop);
    if (!parts) return;
    parts.item.className = `hop is-${state}`;
    show(parts.mark, stateMark(state));
    parts.state.textContent = say(`state.${state}`);
    parts.detail.textContent = detail ?? "";
  }

  /** The last word: a hop that nothing was said about has not been tried. */
  finish(path) {
    for (const hop of path) this.set(hop);
    let behind = false;
    for (const { item } of this.#hops.values()) {
      item.classList.toggle("is-behind", behind);
      behind ||= item.classList.contains("is-broken");
    }
  }
}

/** The eight pieces of advice, each with its outlook and the reason. */
export class Steps {
  #steps = new Map();

  constructor() {
    const rows = kSteps.map((id) => {
      const parts = { row: make("li"), outlook: make("span", { class: "outlook" }), finding: make("span", { class: "finding" }) };
      parts.row.append(parts.outlook, make("span", { class: "step" }, say(`step.${id}`)), parts.finding);
      this.#steps.set(id, parts);
      this.set({ id, outlook: "trying", finding: "" });
      return parts.row;
    });
    this.element = section("steps", say("steps.heading"), make("ol", { class: "advice" }, rows));
  }

  set({ id, outlook, finding }) {
    const parts = this.#steps.get(id);
    if (!parts) return;
    parts.row.className = `outlook-${outlook}`;
    parts.outlook.textContent = say(`outlook.${outlook}`);
    parts.finding.textContent = finding;
  }

  finish(steps) {
    for (const step of steps) this.set(step);
  }
}

/** Whose side, in a word that stands out; "healthy" needs none. */
function sideOf(verdict) {
  if (verdict.outcome === "healthy") return "healthy";
  return verdict.side ?? "unknown";
}

function facts(verdict) {
  const said = [];
  if (verdict.outcome === "fault") {
    said.push(sayOr(`verdict.scope.${verdict.scope}`, null), say("verdict.sure", { percent: sayPercent(verdict.confidence) }));
    if (verdict.answered_by) said.push(verdict.answered_by === "application" ? say("verdict.answered.application") : say("verdict.answered", { who: verdict.answered_by }));
    if (verdict.cause) said.push(say("verdict.cause", { cause: verdict.cause.replaceAll("_", " ") }));
  }
  return said.filter(Boolean);
}

/** A CDN's edge against the origin behind it, where the origin was named: what differs, and what to set. */
export function edgeAndOrigin(comparison) {
  if (!comparison) return null;
  const heading = (key) => make("th", { scope: "col" }, say(key));
  const rows = comparison.fields.filter((pair) => pair.differs || pair.field === "status")
    .map((pair) => make("tr", null, make("th", { scope: "row" }, pair.field), make("td", null, pair.edge), make("td", null, pair.origin)));
  const settings = comparison.settings.map((one) => make("li", null, make("strong", null, one.what), ": ", one.why,
    make("br"), one.panel && `${one.panel}. `, say("edge.set", { value: one.value })));
  return section("edge", say("edge.heading"),
    make("table", null, make("thead", null, make("tr", null, heading("edge.field"), heading("edge.edge"), heading("edge.origin"))), make("tbody", null, rows)),
    settings.length > 0 && [make("h3", null, say("edge.settings")), make("ol", null, settings)]);
}

const other = (fault) => make("li", null, make("a", { href: `#/explain/${encodeURIComponent(fault.fault)}` }, fault.title ?? fault.fault));

export class Verdict {
  #title = make("h2", { id: "verdict-heading", tabindex: "-1" });
  #body = make("div");

  constructor() {
    this.element = make("section", { class: "card verdict is-trying", "aria-labelledby": "verdict-heading" }, this.#title, this.#body);
    this.#title.textContent = say("verdict.waiting");
  }

  focus() {
    this.#title.focus();
  }

  finish(report) {
    const { verdict } = report;
    this.element.className = `card verdict is-${verdict.outcome}`;
    this.#title.textContent = verdict.title;
    const side = sideOf(verdict);
    const alternatives = verdict.alternatives ?? [];
    show(this.#body,
      make("p", { class: `side side-${side}` }, say(`verdict.side.${side}`)),
      make("p", { class: "summary" }, verdict.summary),
      verdict.outcome === "fault" && report.remedies.length > 0 && make("p", { class: "helps" }, say("verdict.helps", { title: report.remedies[0].title, promise: say(`promise.${report.remedies[0].outlook}`) })),
      facts(verdict).length > 0 && make("ul", { class: "facts" }, facts(verdict).map((fact) => make("li", null, fact))),
      verdict.fault && make("p", null, make("a", { href: `#/explain/${encodeURIComponent(verdict.fault)}` }, say("verdict.what"))),
      alternatives.length > 0 && [make("h3", null, say("verdict.alternatives")),
        make("ul", null, alternatives.map((one) => other({ fault: one.fault, title: say("verdict.alternative", { title: one.title ?? one.fault, percent: sayPercent(one.confidence) }) })))],
      verdict.also.length > 0 && [make("h3", null, say("verdict.also")), make("ul", null, verdict.also.map(other))]);
  }
}
