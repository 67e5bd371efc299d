// The view History: for each page its outages on a time line and in a table, and how soon it was back.

import { ask } from "./api.js";
import { link, make, show } from "./dom.js";
import { outageLine } from "./draw.js";
import { goAndDiagnose, hero } from "./views.js";
import { knows, say, sayMoment, sayPercent, sayTime } from "./words.js";

const kSpans = ["1d", "7d", "30d", "365d"];

/** Where an outage begins and ends in the picture; one whose end nobody saw reaches to where it was last seen. */
const extent = (outage, until, faults) => ({
  from: Date.parse(outage.began),
  to: outage.ended ? Date.parse(outage.ended) : outage.length_s ? Date.parse(outage.began) + outage.length_s * 1000 : until,
  hop: hopOf(outage, faults),
});

function length(outage) {
  if (!outage.ended) return say("history.goes-on");
  return outage.end_seen ? sayTime(outage.length_s) : say("history.at-least", { time: sayTime(outage.length_s) });
}

/** The hop of its fault; a watch's first look names the fault alone. */
const hopOf = (outage, faults) => outage.hop ?? faults.get(outage.fault)?.hop ?? "unknown";
const titleOf = (fault, faults) => faults.get(fault)?.title ?? fault;

function cause(outage, faults) {
  if (!outage.fault) return say("history.cause.unknown");
  const title = make("a", { href: `#/explain/${encodeURIComponent(outage.fault)}` }, titleOf(outage.fault, faults));
  return [title, outage.provisional && make("span", { class: "soft" }, ` (${say("history.provisional")})`)];
}

function table(page, faults) {
  const rows = page.outages.map((outage) => make("tr", null, make("th", { scope: "row" }, sayMoment(outage.began)), make("td", null, length(outage)),
    make("td", null, make("span", { class: `dot hop-${hopOf(outage, faults)}`, "aria-hidden": "true" }), cause(outage, faults))));
  const head = ["began", "length", "cause"].map((name) => make("th", { scope: "col" }, say(`history.${name}`)));
  return make("table", { class: "outages" }, make("caption", { class: "unseen" }, say("history.table", { url: page.url })),
    make("thead", null, make("tr", null, head)), make("tbody", null, rows));
}

/** "Sites like this were back after": of the causes that this page has had. */
function typical(page, all, faults) {
  const causes = new Set(page.outages.map((outage) => outage.fault));
  return all.filter((one) => causes.has(one.fault)).map((one) => make("p", { class: "soft" },
    `${titleOf(one.fault, faults)}: ${say("history.typical", { n: one.outages, time: sayTime(one.median_s) })}`));
}

/** Which colour is which hop, of those that are there. */
function legend(pages, faults) {
  const hops = new Set(pages.flatMap((page) => page.outages.map((outage) => hopOf(outage, faults))));
  return make("p", { class: "legend" }, [...hops].map((hop) => make("span", { class: "key" },
    make("span", { class: `dot hop-${hop}`, "aria-hidden": "true" }), knows(`hop.${hop}`) ? say(`hop.${hop}`) : say("history.cause.unknown"))));
}

function card(page, history, faults, complain) {
  const [from, to] = [Date.parse(history.since), Date.parse(history.until)];
  const count = say("history.outages", { n: page.outages.length });
  const facts = [count];
  if (page.availability !== null) facts.push(say("history.available", { percent: sayPercent(page.availability), tries: page.tries }));
  if (page.median_outage_s !== null && page.median_outage_s !== undefined) facts.push(say("history.median", { time: sayTime(page.median_outage_s) }));
  const look = make("button", { type: "button", "aria-label": say("history.diagnose.named", { url: page.url }) }, say("history.diagnose"));
  look.addEventListener("click", () => goAndDiagnose(page.url, complain));
  return make("li", { class: "card" }, make("div", { class: "card-head" }, make("h2", null, link(page.url, page.url)), look),
    make("ul", { class: "facts" }, facts.map((fact) => make("li", null, fact))),
    make("div", { class: "timeline-box" }, outageLine(page.outages.map((outage) => extent(outage, to, faults)), from, to),
      make("p", { class: "unseen" }, say("history.picture", { count, from: sayMoment(history.since), to: sayMoment(history.until) })),
      make("p", { class: "ends soft", "aria-hidden": "true" }, make("span", null, sayMoment(history.since)), make("span", null, sayMoment(history.until)))),
    page.outages.length > 0 && table(page, faults), typical(page, history.typical ?? [], faults));
}

export function enter(content, { complain }) {
  let faults = new Map();
  const list = make("ul", { class: "cards wide" });
  const above = make("div", { "aria-live": "polite" });
  const span = make("select", { id: "span", onchange: () => read() }, kSpans.map((value) => make("option", { value, selected: value === "30d" }, say(`history.since.${value}`))));

  const read = async () => {
    try {
      if (faults.size === 0) faults = new Map((await ask("GET", "/api/faults")).faults.map((fault) => [fault.id, fault]));
      const history = await ask("GET", `/api/history?since=${span.value}`);
      const seen = history.pages.some((page) => page.outages.length > 0);
      show(above, history.pages.length === 0 ? make("p", { class: "soft" }, say("history.none")) : seen && legend(history.pages, faults));
      show(list, history.pages.map((page) => card(page, history, faults, complain)));
    } catch (error) {
      complain(error);
    }
  };

  show(content, hero(say("history.heading"), say("history.lead"), make("p", { class: "choice" }, make("label", { for: "span" }, say("history.since")), span)), above, list);
  read();
}
