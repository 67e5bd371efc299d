// The view Diagnose: an address, then everything that is seen as it is seen, then what it means and what helps.

import { ask, download, listen } from "./api.js";
import { saveAs } from "./copy.js";
import { announce, byId, make, show } from "./dom.js";
import { Steps, Verdict, Way, edgeAndOrigin } from "./findings.js";
import { Changes, Remedies } from "./remedies.js";
import { Waterfall } from "./waterfall.js";
import { say } from "./words.js";

/** How far a run is, with time left and Stop. */
class Progress {
  #bar = make("progress", { max: "1", value: "0", "aria-label": say("diagnose.progress") });
  #doing = make("span", { class: "doing" }, say("diagnose.begins"));
  #left = make("span", { class: "soft" });
  #stop;
  #stopping = false;

  constructor(url, stop) {
    // Not "disabled": that would take the focus away, and with it the place of who uses a keyboard.
    this.#stop = make("button", { type: "button", id: "stop", onclick: () => {
      if (this.#stopping) return;
      this.#stopping = true;
      this.#stop.setAttribute("aria-disabled", "true");
      this.#doing.textContent = say("diagnose.stopping");
      stop();
    } }, say("diagnose.stop"));
    this.element = make("section", { class: "card progress", "aria-label": say("diagnose.progress") },
      make("p", { class: "looking" }, say("diagnose.looking", { url })), this.#bar,
      make("p", { class: "progress-line" }, this.#doing, this.#left, this.#stop));
  }

  set({ elapsed_ms, budget_ms, left_ms, doing }) {
    this.#bar.value = Math.min(elapsed_ms / Math.max(budget_ms, 1), 1);
    if (!this.#stopping) this.#doing.textContent = doing || say("diagnose.begins");
    this.#left.textContent = say("diagnose.left", { n: Math.ceil(Math.max(left_ms, 0) / 1000) });
  }
}

/** "Keep or send this": the report in its three shapes. */
function saving(run, complain) {
  const query = make("input", { type: "checkbox", id: "leave-query" });
  const kinds = [["html", "html"], ["markdown", "md"], ["json", "json"]];
  const save = async (format, ending) => {
    try {
      const hidden = query.checked && format !== "json" ? "&query=hidden" : "";
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
    this.#progress = new Progress(run.url, () => ask("DELETE", `/api/diagnoses/${run.id}`).catch(host.complain));
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
  const address = make("input", { id: "address", name: "url", type: "text", inputmode: "url", autocomplete: "url", autocapitalize: "none", spellcheck: "false", placeholder: say("diagnose.placeholder"), "aria-describedby": "address-problem" });
  const problem = make("p", { id: "address-problem", class: "field-problem" });

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
    current = { asked: asked ?? (run.demo ? { demo: run.demo } : { url: run.url }), view: new Run(run, host) };
    show(place, current.view.element);
    place.className = "busy";
    history.replaceState(null, "", `#/diagnose/${encodeURIComponent(run.id)}`);
  };

  const start = async (body) => {
    show(problem);
    address.removeAttribute("aria-invalid");
    try {
      follow(await ask("POST", "/api/diagnoses", body), body);
    } catch (error) {
      if (error.type !== "/problems/bad-address") return complain(error);
      problem.textContent = error.message;
      address.setAttribute("aria-invalid", "true");
      address.focus();
    }
  };
  // The button that was pressed for it is gone by then.
  const again = async () => {
    await start(current.asked);
    current.view.focus();
  };

  const submit = (event) => {
    event.preventDefault();
    const url = address.value.trim();
    if (url) return start({ url, options: more.options() });
    problem.textContent = say("diagnose.empty");
    address.focus();
  };

  const more = settings();
  const examples = make("div", { class: "fold examples" });
  show(content, make("div", { class: "hero" }, make("h1", { tabindex: "-1" }, say("diagnose.heading")), make("p", { class: "lead" }, say("diagnose.lead")),
    make("form", { class: "ask", id: "ask", onsubmit: submit, novalidate: true }, make("label", { for: "address" }, say("diagnose.address")),
      make("div", { class: "field" }, address, make("button", { type: "submit", class: "primary" }, say("diagnose.look"))), problem), make("div", { class: "folds" }, more.element, examples)),
  changes.element, place);

  offerExamples(examples, about.demos, start);
  if (about.remedies) changes.refresh().catch(complain);
  if (query.has("url")) address.value = query.get("url");
  if (rest[0]) {
    ask("GET", `/api/diagnoses/${encodeURIComponent(rest[0])}`).then((run) => {
      if (!run.demo) address.value = run.url;
      follow(run);
    }).catch(complain);
  } else if (!byId("problems").hasChildNodes()) address.focus({ preventScroll: true });
  return () => current?.view.close();
}

/** What most people never need: the origin, for its owner, and more time. */
function settings() {
  const origin = make("input", { id: "origin", form: "ask", type: "text", autocapitalize: "none", spellcheck: "false", placeholder: say("diagnose.origin.placeholder") });
  const timeout = make("input", { id: "timeout", form: "ask", type: "number", min: "1", max: "120", step: "1", placeholder: "15" });
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
    start({ demo: choice.value });
  };
  show(element, make("details", null, make("summary", null, say("diagnose.example")),
    make("form", { class: "field", onsubmit: go }, make("label", { for: "example", class: "unseen" }, say("diagnose.example")), choice, make("button", { type: "submit" }, say("diagnose.example.go")))));
}
