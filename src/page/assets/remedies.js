// What to do: remedies as buttons that say what they will change before they change it, and what has been changed with
// its Undo.

import { ask, readText } from "./api.js";
import { copyButton } from "./copy.js";
import { announce, copyable, make, show } from "./dom.js";
import { Progress } from "./progress.js";
import { say, sayMoment } from "./words.js";

const kLookAgain = 300; // ms

const sentence = (tag, text, name) => make(tag, name && { class: name }, text);
const list = (items) => make("ul", { class: "plain" }, items.map((item) => make("li", null, item)));

/**
 * The remedies of a report. `run`: the diagnosis's id, address, and whether it is an example, at which nothing can be
 * mended; `host`: { about the server, changed() after a change, again() to look once more, watch(url), complain(error) }.
 */
export class Remedies {
  #report;
  #run;
  #host;

  constructor(report, run, host) {
    [this.#report, this.#run, this.#host] = [report, run, host];
    const { outcome } = report.verdict;
    const heading = say(outcome === "fault" ? "remedies.heading" : `remedies.heading.${outcome}`);
    const visitor = report.remedies.filter((remedy) => remedy.who !== "owner");
    const owner = report.remedies.filter((remedy) => remedy.who === "owner");
    this.element = make("section", { class: "card remedies", "aria-labelledby": "remedies-heading" },
      make("h2", { id: "remedies-heading" }, heading),
      report.remedies.length === 0 && sentence("p", say("remedies.none"), "soft"),
      visitor.length > 0 && make("ul", { class: "cards" }, visitor.map((remedy) => this.#card(remedy))),
      owner.length > 0 && make("details", { class: "owner" }, make("summary", null, say("remedies.owner")),
        make("ul", { class: "cards" }, owner.map((remedy) => this.#card(remedy)))));
  }

  #card(remedy) {
    const panel = make("div", { class: "panel", hidden: true });
    panel.addEventListener("keydown", (event) => event.key === "Escape" && panel.querySelector(".quiet")?.click());
    return make("li", { class: `remedy promise-${remedy.outlook}` },
      make("div", { class: "remedy-head" }, make("h3", null, remedy.title), make("span", { class: "chip" }, say(`promise.${remedy.outlook}`))),
      make("p", null, remedy.why), this.#action(remedy, panel), panel,
      remedy.command && make("details", { class: "terminal" }, make("summary", null, say("remedy.command")), copyable(remedy.command, copyButton(() => remedy.command))));
  }

  /** What the page can do itself about a remedy. */
  #action(remedy, panel) {
    const button = (text, name, act) => make("button", { type: "button", class: name, onclick: act }, text);
    if (remedy.automatic && !this.#run.demo && this.#host.about.remedies) {
      const fix = button(say("remedy.fix"), "primary", () => this.#preview(remedy, panel, fix));
      fix.setAttribute("aria-label", say("remedy.fix.named", { title: remedy.title }));
      fix.setAttribute("aria-expanded", "false");
      return fix;
    }
    if (remedy.automatic) return sentence("p", say(this.#run.demo ? "remedy.example" : "remedy.elsewhere"), "soft");
    if (remedy.id === "wait" && !this.#run.demo) return button(say("remedy.watch"), "", () => this.#host.watch(this.#run.url));
    if (remedy.id.startsWith("retry")) return button(say("diagnose.again"), "", () => this.#host.again());
    if (remedy.id.startsWith("contact-")) return copyButton(() => readText(`/api/diagnoses/${this.#run.id}/report?format=markdown`), say("remedy.report"));
    return null;
  }

  async #preview(remedy, panel, fix) {
    if (!panel.hidden) return this.#close(panel, fix);
    fix.disabled = true;
    let plan;
    try {
      plan = await ask("GET", `/api/remedies/${remedy.id}?diagnosis=${this.#run.id}`);
    } catch (error) {
      return this.#host.complain(error);
    } finally {
      fix.disabled = false;
    }
    const cancel = make("button", { type: "button", class: "quiet", onclick: () => this.#close(panel, fix) }, say("remedy.cancel"));
    const heading = make("h4", { tabindex: "-1" }, say(plan.nothing ? "remedy.not-done" : "remedy.changes"));
    if (plan.nothing) show(panel, heading, sentence("p", say("remedy.not-here", { why: plan.nothing })), cancel);
    else {
      const go = make("button", { type: "button", class: "primary", onclick: () => this.#apply(remedy, panel, fix) }, say("remedy.do"));
      show(panel, heading, plan.steps.length ? list(plan.steps) : sentence("p", say("remedy.changes.unknown")),
        sentence("p", say("remedy.kept"), "soft"), make("p", { class: "buttons" }, go, cancel));
    }
    panel.hidden = false;
    fix.setAttribute("aria-expanded", "true");
    heading.focus();
  }

  #close(panel, fix) {
    panel.hidden = true;
    fix.setAttribute("aria-expanded", "false");
    fix.focus();
  }

  async #apply(remedy, panel, fix) {
    fix.disabled = true;
    const heading = make("h4", { tabindex: "-1" }, say("remedy.working"));
    const path = `/api/remedies/${remedy.id}`;
    const progress = new Progress({ label: say("remedy.progress"), stop: () => ask("POST", `${path}/stop`).catch(this.#host.complain) });
    show(panel, heading, progress.element);
    heading.focus();
    // What cannot be asked is heard of by the answer that is waited for.
    const watching = setInterval(() => ask("GET", `${path}/progress`).then((now) => now && progress.set(now)).catch(() => {}), kLookAgain);
    try {
      const result = await ask("POST", `${path}/apply`, { diagnosis: this.#run.id });
      const stopped = result.outcome === "stopped";
      const said = stopped ? say("remedy.stopped.said") : result.said;
      announce(said);
      if (result.outcome === "done") return this.#host.changed(result);
      heading.textContent = say(stopped ? "remedy.stopped" : "remedy.not-done");
      show(panel, heading, sentence("p", said), result.tell.length > 0 && list(result.tell));
    } catch (error) {
      panel.hidden = true;
      this.#host.complain(error);
    } finally {
      clearInterval(watching);
    }
    fix.disabled = false;
    fix.setAttribute("aria-expanded", "false");
    (panel.hidden ? fix : heading).focus();
  }
}

/** What stands changed on this machine, newest first, each with its Undo. */
export class Changes {
  #host;
  #titles = new Map();

  constructor(host) {
    this.#host = host;
    this.element = make("section", { class: "card changes", "aria-labelledby": "changes-heading", hidden: true });
  }

  /** Reads what stands and shows it; `focused`: and goes there. */
  async refresh(focused) {
    const { remedies, changes } = await ask("GET", "/api/remedies");
    for (const { id, title } of remedies) this.#titles.set(id, title);
    const standing = changes.filter((change) => ["stands", "unfinished"].includes(change.state));
    this.element.hidden = standing.length === 0;
    const heading = make("h2", { id: "changes-heading", tabindex: "-1" }, say("changes.heading"));
    show(this.element, heading, make("ul", { class: "cards" }, standing.map((change) => this.#row(change))));
    if (focused && standing.length > 0) heading.focus();
  }

  #row(change) {
    const title = this.#titles.get(change.remedy) ?? change.remedy;
    const undo = make("button", { type: "button", onclick: () => this.#undo(change, undo) }, say("remedy.undo"));
    undo.setAttribute("aria-label", say("remedy.undo.named", { title }));
    return make("li", { class: "change" }, make("div", { class: "remedy-head" }, make("h3", null, title), undo),
      make("p", { class: "soft" }, change.url, " · ", sayMoment(change.time)), list(change.changes));
  }

  async #undo(change, button) {
    button.disabled = true;
    button.textContent = say("remedy.undoing");
    try {
      const result = await ask("POST", `/api/remedies/${change.remedy}/undo`, { change: change.id });
      announce(`${say("remedy.undone")}. ${result.said}`);
      await this.#host.undone(result);
    } catch (error) {
      this.#host.complain(error);
    }
    await this.refresh().catch(this.#host.complain);
  }
}
