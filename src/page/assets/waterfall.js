// Every probe as a row with its place in time. While a diagnosis runs, rows come in one by one; with the report they get
// what only it has: the parts of their time, the command that repeats them, and which of them the verdict rests on.

import { copyable, draw, make, show } from "./dom.js";
import { phasesOf, roundMarks, waterfallBar } from "./draw.js";
import { say, sayOr, sayTime } from "./words.js";
import { copyButton } from "./copy.js";

const kind = (probe) => sayOr(`probe.${probe.probe}`, probe.probe.replaceAll("_", " "));
const varied = (probe) => {
  const parts = Object.entries(probe.varied ?? {}).map(([name, value]) => `${name} ${value}`);
  return parts.length ? parts.join(", ") : say("probes.baseline");
};
const seconds = (ms) => sayTime(ms / 1000);

export class Waterfall {
  #rows = make("tbody");
  #axis = make("div", { class: "axis-marks", "aria-hidden": "true" });
  #count = make("span", { class: "soft" });
  #only = make("input", { type: "checkbox", id: "only-cited" });
  #filter;
  #legend = make("p", { class: "legend", "aria-hidden": "true" });
  #probes = [];
  #cited = new Set();
  #waiting = false;

  constructor() {
    this.#filter = make("label", { class: "choice", hidden: true }, this.#only, say("probes.only"));
    this.#only.addEventListener("change", () => this.#draw());
    const heading = (key, name) => make("th", { scope: "col", class: name }, say(key));
    const head = make("tr", null, heading("probes.asked"), heading("probes.varied"), heading("probes.seen"),
      make("th", { scope: "col", class: "when" }, make("span", { class: "unseen" }, say("probes.when")), this.#axis), heading("probes.took", "took"));
    this.element = make("section", { class: "card probes", "aria-labelledby": "probes-heading" },
      make("div", { class: "card-head" }, make("h2", { id: "probes-heading" }, say("probes.heading")), this.#count, this.#filter),
      make("p", { class: "soft" }, say("probes.lead")), this.#legend,
      make("table", { class: "waterfall" }, make("thead", null, head), this.#rows));
  }

  /** One more probe of a running diagnosis. */
  add(probe) {
    this.#probes.push(probe);
    if (this.#waiting) return;
    this.#waiting = true; // dozens come at once: one drawing a frame does for all
    requestAnimationFrame(() => {
      this.#waiting = false;
      this.#draw();
    });
  }

  /** All of them, as the report has them. */
  finish(report) {
    this.#probes = report.observations;
    this.#cited = new Set(report.verdict.evidence);
    this.#filter.hidden = this.#cited.size === 0;
    this.#draw();
  }

  #draw() {
    const end = Math.max(...this.#probes.map((probe) => probe.started_ms + probe.duration_ms), 1);
    const shown = this.#probes.filter((probe) => !this.#only.checked || this.#cited.has(probe.id));
    this.#count.textContent = say("probes.count", { n: this.#probes.length });
    const marks = roundMarks(end);
    show(this.#axis, this.#marks(marks, end));
    show(this.#legend, this.#phases(shown));
    show(this.#rows, shown.map((probe) => this.#row(probe, end, marks)));
  }

  #marks(marks, end) {
    const anchor = (share) => (share === 0 ? "start" : share > 0.93 ? "end" : "middle"); // the ends stay inside
    const texts = marks.map((at) => draw("text", { x: `${(at / end) * 100}%`, y: 11, "text-anchor": anchor(at / end) }, at === 0 ? "0" : seconds(at)));
    return draw("svg", { height: 14, width: "100%" }, texts);
  }

  #phases(probes) {
    const seen = new Set(probes.flatMap((probe) => phasesOf(probe).map(([phase]) => phase)));
    if (seen.size < 2) return [];
    return ["dns", "connect", "tls", "first_byte", "body", "whole"].filter((phase) => seen.has(phase)).map((phase) =>
      make("span", { class: "key" }, draw("svg", { viewBox: "0 0 10 10", class: "swatch" }, draw("rect", { width: 10, height: 10, rx: 2, class: `phase-${phase}` })), say(`phase.${phase}`)));
  }

  #row(probe, end, marks) {
    const cited = this.#cited.has(probe.id);
    const failed = probe.failed ?? ((probe.status ?? 0) >= 500 || Boolean(probe.failure));
    const when = say("probes.bar", { start: seconds(probe.started_ms), took: seconds(probe.duration_ms) });
    return make("tr", { class: [cited && "cited", failed && "failed"].filter(Boolean).join(" ") || null },
      make("th", { scope: "row" }, cited && make("span", { class: "star", title: say("probes.cited") }, "★", make("span", { class: "unseen" }, say("probes.cited"))), kind(probe)),
      make("td", { class: "varied" }, varied(probe)),
      make("td", { class: "seen" }, probe.reproduce ? this.#command(probe) : probe.outcome),
      make("td", { class: "when" }, waterfallBar(probe, end, marks), make("span", { class: "unseen" }, when)),
      make("td", { class: "took" }, seconds(probe.duration_ms)));
  }

  #command(probe) {
    return make("details", null, make("summary", null, probe.outcome),
      make("p", { class: "soft" }, say("probes.again")), copyable(probe.reproduce, copyButton(() => probe.reproduce)));
  }
}
