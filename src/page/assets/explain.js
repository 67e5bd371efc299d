// The view Explain: the catalogue of faults, in words for a visitor and in words for an owner.

import { ask } from "./api.js";
import { make, show } from "./dom.js";
import { hopSign } from "./draw.js";
import { kHops } from "./findings.js";
import { hero } from "./views.js";
import { say, sayOr } from "./words.js";

const kPlaces = ["visitor", "gateway"];

const text = (fault) => [fault.id, fault.title, fault.meaning, fault.visitor, fault.owner, ...fault.remedies.map((remedy) => remedy.title)].join(" ").toLowerCase();

function remedies(all, who) {
  const some = all.filter((remedy) => (remedy.who === "owner") === (who === "owner"));
  return some.length > 0 && [make("h5", null, say("explain.remedies")), make("ul", null, some.map((remedy) => make("li", null, remedy.title, " ",
    make("span", { class: "soft" }, `(${say(`promise.${remedy.outlook}`)})`), remedy.automatic && make("span", { class: "chip" }, say("explain.automatic")))))];
}

function entry(fault, open) {
  const side = sayOr(`side.${fault.side ?? "unknown"}`, fault.side);
  const element = make("details", { class: "fault", id: `fault-${fault.seen_on}-${fault.id}`, open }, make("summary", null,
    make("span", { class: "node" }, hopSign(fault.hop)), make("span", { class: "fault-title" }, fault.title, make("code", null, fault.id)), make("span", { class: "chip" }, side)),
  make("div", { class: "two" },
    make("div", null, make("h4", null, say("explain.visitor")), make("p", null, fault.visitor ?? fault.meaning), remedies(fault.remedies, "visitor")),
    make("div", null, make("h4", null, say("explain.owner")), fault.owner && make("p", null, fault.owner), remedies(fault.remedies, "owner"))));
  return { element, fault, text: text(fault) };
}

function group(place, hop, entries) {
  const own = entries.filter(({ fault }) => fault.seen_on === place && (fault.hop ?? "unknown") === hop);
  if (own.length === 0) return null;
  return { entries: own, element: make("section", { class: "group" }, make("h3", { class: "group-name" }, sayOr(`hop.${hop}`, say("history.cause.unknown"))), own.map(({ element }) => element)) };
}

export function enter(content, { rest, complain }) {
  const found = make("p", { class: "soft", role: "status" });
  const search = make("input", { id: "search", type: "search", autocomplete: "off", placeholder: say("explain.search.placeholder") });
  const catalogue = make("div", { class: "catalogue" });
  show(content, hero(say("explain.heading"), say("explain.lead"), make("div", { class: "ask" }, make("label", { for: "search" }, say("explain.search")), make("div", { class: "field" }, search)), found), catalogue);

  const fill = ({ faults }) => {
    const entries = faults.map((fault) => entry(fault, fault.id === rest[0]));
    const places = kPlaces.map((place) => {
      const groups = [...kHops, "unknown"].map((hop) => group(place, hop, entries)).filter(Boolean);
      return { groups, element: make("section", { class: "place" }, make("h2", null, say(place === "visitor" ? "explain.by.visitor" : "explain.by.owner")), groups.map(({ element }) => element)) };
    });
    const filter = () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const one of entries) one.element.hidden = !words.every((word) => one.text.includes(word));
      for (const { groups, element } of places) {
        for (const some of groups) some.element.hidden = some.entries.every((one) => one.element.hidden);
        element.hidden = groups.every((some) => some.element.hidden);
      }
      found.textContent = say("explain.found", { n: entries.filter((one) => !one.element.hidden).length });
    };
    search.addEventListener("input", filter);
    filter();
    show(catalogue, places.map(({ element }) => element));
    const asked = entries.find(({ fault }) => fault.id === rest[0])?.element;
    asked?.scrollIntoView({ block: "center" });
    asked?.querySelector("summary").focus({ preventScroll: true });
  };
  ask("GET", "/api/faults").then(fill).catch(complain);
}
