// The view Diagnose: an address, then everything that is seen as it is seen, then what it means and what helps.

import { ask, download, listen } from "./api.js";
import { saveAs } from "./copy.js";
import { announce, byId, make, show } from "./dom.js";
import { Steps, Verdict, Way, edgeAndOrigin } from "./findings.js";
import { Progress } from "./progress.js";
import { Changes, Remedies } from "./remedies.js";
import { addressForm, hero } from "./views.js";
import { Waterfall } from "./waterfall.js";
import { say } from "./words.js";

// What was asked, options and all, outlives a reload of the tab: "Look again" asks the same. Another server's run may
// have the same id.
const askedName = (run) => `fix502-asked-${run.id}-${run.started_at}`;
const keepAsked = (run, asked) => sessionStorage.setItem(askedName(run), JSON.stringify(asked));
const keptAsked = (run) => JSON.parse(sessionStorage.getItem(askedName(run)));

/** "Keep or send this": the report in its three shapes. */
function saving(run, complain) {
  const query = make("input", { type: "checkbox", id: "leave-query" });
  const kinds = [["html", "html"], ["markdown", "md"], ["json", "json"]];
  const save = async (format, ending) => {
    try {
      const hidden = query.checked ? "&query=hidden" : "";
      saveAs(await download(`/api/diagnoses/${run.id}/report?format=${format}${hidden}`), `fix502-${run.id}.${ending}`);
    } catch (error) {
      complain(error);
    }
  };
  return make("section", { class: "card save", "aria-labelledby": "save-heading" }, make("h2", { id: "save-heading" }, say("save.heading")),
    make("p", { class: "buttons" }, kinds.map(([format, ending]) => make("button", { type: "button", onclick: () => save(format, ending) }, say(`save.${format}`)))),
    make("label", { class: "choice" }, query, say("save.query")), make("p", { class: "soft" }, say("save.note")));
}

/** One diagnosis on the screen, from its first event to what helps. */
class Run {
  #run;
  #host;
  #way = new Way();
  #steps = new Steps();
  #verdict = new Verdict();
  #waterfall = new Waterfall();
  #progress;
  #aside = make("div", { class: "column" });
  #edge = make("div");
  #save = make("div");
  #report = null;
  #close;

  constructor(run, host) {
    [this.#run, this.#host] = [run, host];
    this.#progress = new Progress({ label: say("diagnose.progress"), heading: make("p", { class: "looking" }, say("diagnose.looking", { url: run.url })),
      stop: () => ask("DELETE", `/api/diagnoses/${run.id}`).catch(host.complain) });
    this.#progress.element.classList.add("card");
    this.element = make("div", { class: "run", "data-id": run.id }, this.#progress.element, this.#verdict.element, this.#way.element,
      make("div", { class: "columns" }, this.#aside, this.#steps.element), this.#edge, this.#waterfall.element, this.#save);
    this.#close = listen(`/api/diagnoses/${run.id}/events`, {
      hop: (hop) => this.#way.set(hop.state === "unknown" ? { ...hop, state: "trying" } : hop),
      step: (step) => this.#steps.set(step),
      probe: (probe) => this.#waterfall.add(probe),
      progress: (progress) => this.#progress.set(progress),
      report: (report) => (this.#report = report),
      end: (end) => this.#finish(end),
      error: this.#host.complain,
    });
    announce(say("diagnose.looking", { url: run.url }));
  }

  close() {
    this.#close();
  }

  focus() {
    this.#verdict.focus();
  }

  /** Lines above everything else. */
  note(lines) {
    this.element.prepend(make("div", { class: "note" }, lines.map((line) => make("p", null, line))));
  }

  #finish(end) {
    const listening = this.#progress.element.contains(document.activeElement);
    this.#progress.element.remove();
    this.element.dataset.state = end.state;
    const report = this.#report;
    if (!report) return this.#host.complain(new Error(end.detail));
    if (end.state === "stopped") this.note([say("diagnose.stopped")]);
    this.#verdict.finish(report);
    this.#way.finish(report.path);
    this.#steps.finish(report.steps);
    this.#waterfall.finish(report);
    show(this.#aside, new Remedies(report, this.#run, this.#host).element);
    show(this.#edge, edgeAndOrigin(report.edge_and_origin));
    show(this.#save, saving(this.#run, this.#host.complain));
    announce(say("diagnose.announce", { title: report.verdict.title, summary: report.verdict.summary }));
    // Who pressed Stop would otherwise be left on a button that is gone.
    if (listening) this.focus();
  }
}

export function enter(content, { rest, query, complain, about }) {
  let current = null;
  const place = make("div", { id: "run" });
  const changes = new Changes({ complain, undone: () => again() });
  const host = {
    complain,
    about,
    again: () => again(),
    watch: async (url) => {
      try {
        await ask("POST", "/api/watches", { url });
        location.hash = "#/watch";
      } catch (error) {
        complain(error);
      }
    },
    changed: async (result) => {
      await again();
      // What only the person can do about it (a key to press, a program to restart) comes with it.
      current.view.note([say("remedy.done", { said: result.said }), ...result.tell]);
      await changes.refresh(true).catch(complain);
    },
  };

  const follow = (run, asked) => {
    current?.view.close();
    if (asked) keepAsked(run, asked);
    current = { asked: asked ?? keptAsked(run) ?? (run.demo ? { demo: run.demo } : { url: run.url }), view: new Run(run, host) };
    show(place, current.view.element);
    place.className = "busy";
    history.replaceState(null, "", `#/diagnose/${encodeURIComponent(run.id)}`);
  };

  const start = async (body) => follow(await ask("POST", "/api/diagnoses", body), body);
  // The button that was pressed for it is gone by then.
  const again = async () => {
    try {
      await start(current.asked);
      current.view.focus();
    } catch (error) {
      complain(error);
    }
  };

  const more = settings();
  const examples = make("div", { class: "fold examples" });
  const { form, field } = addressForm({ id: "address", label: say("diagnose.address"), button: say("diagnose.look"), complain,
    act: (url) => start({ url, options: more.options() }) });
  show(content, hero(say("diagnose.heading"), say("diagnose.lead"), form, make("div", { class: "folds" }, more.element, examples)),
  changes.element, place);

  offerExamples(examples, about.demos, (fault) => start({ demo: fault }).catch(complain));
  if (about.remedies) changes.refresh().catch(complain);
  if (query.has("url")) field.value = query.get("url");
  if (rest[0]) {
    ask("GET", `/api/diagnoses/${encodeURIComponent(rest[0])}`).then((run) => {
      if (!run.demo) field.value = run.url;
      follow(run);
    }).catch(complain);
  } else if (!byId("problems").hasChildNodes()) field.focus({ preventScroll: true });
  return () => current?.view.close();
}

/** What most people never need: the origin, for its owner, and more time. */
function settings() {
  const origin = make("input", { id: "origin", form: "address-form", type: "text", autocapitalize: "none", spellcheck: "false", placeholder: say("diagnose.origin.placeholder") });
  const timeout = make("input", { id: "timeout", form: "address-form", type: "number", min: "1", max: "120", step: "1", placeholder: "15" });
  const element = make("details", { class: "fold more" }, make("summary", null, say("diagnose.more")),
    make("div", { class: "field" }, make("p", null, make("label", { for: "origin" }, say("diagnose.origin")), origin),
      make("p", null, make("label", { for: "timeout" }, say("diagnose.timeout")), timeout)));
  const options = () => ({
    ...(origin.value.trim() && { origin: origin.value.trim() }),
    ...(timeout.value && { timeout_s: Number(timeout.value) }),
  });
  return { element, options };
}

/** The built-in broken sites, for those who have none at hand. */
function offerExamples(element, demos, start) {
  if (demos.length === 0) return;
  const choice = make("select", { id: "example" }, demos.map((demo) => make("option", { value: demo.fault }, demo.about)));
  const go = (event) => {
    event.preventDefault();
    start(choice.value);
  };
  show(element, make("details", null, make("summary", null, say("diagnose.example")),
    make("form", { class: "field", onsubmit: go }, make("label", { for: "example", class: "unseen" }, say("diagnose.example")), choice, make("button", { type: "submit" }, say("diagnose.example.go")))));
}
