// Long work: a bar with what is being done, time left, and Stop.

import { make } from "./dom.js";
import { say } from "./words.js";

export class Progress {
  #bar;
  #doing = make("span", { class: "doing" }, say("progress.begins"));
  #left = make("span", { class: "soft" });
  #stop;
  #stopping = false;

  /** `label` names the bar, `heading` is what stands above it, and stop() is called once. */
  constructor({ label, heading, stop }) {
    this.#bar = make("progress", { max: "1", value: "0", "aria-label": label });
    // Not "disabled": that would take the focus away, and with it the place of who uses a keyboard.
    this.#stop = make("button", { type: "button", onclick: () => {
      if (this.#stopping) return;
      this.#stopping = true;
      this.#stop.setAttribute("aria-disabled", "true");
      this.#doing.textContent = say("progress.stopping");
      stop();
    } }, say("progress.stop"));
    this.element = make("section", { class: "progress", "aria-label": label }, heading, this.#bar,
      make("p", { class: "progress-line" }, this.#doing, this.#left, this.#stop));
  }

  set({ elapsed_ms, budget_ms, left_ms, doing }) {
    this.#bar.value = Math.min(elapsed_ms / Math.max(budget_ms, 1), 1);
    if (!this.#stopping) this.#doing.textContent = doing || say("progress.begins");
    this.#left.textContent = say("progress.left", { n: Math.ceil(Math.max(left_ms, 0) / 1000) });
  }
}
