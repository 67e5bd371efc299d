// What more than one view has: how it opens, a field for an address, and the way to a diagnosis.

import { ask } from "./api.js";
import { make, show } from "./dom.js";
import { say } from "./words.js";

/** The heading of a view, its lead, and what is asked there. */
export const hero = (heading, lead, ...more) =>
  make("div", { class: "hero" }, make("h1", { tabindex: "-1" }, heading), make("p", { class: "lead" }, lead), more);

/**
 * A form that takes one address: `act(address)` carries it out, and what is wrong with the address is said at the field.
 * Anything else that goes wrong is complain()'s.
 */
export function addressForm({ id, label, button, act, complain }) {
  const problem = make("p", { id: `${id}-problem`, class: "field-problem" });
  const field = make("input", { id, type: "text", inputmode: "url", autocomplete: "url", autocapitalize: "none", spellcheck: "false", placeholder: say("address.placeholder"), "aria-describedby": problem.id });
  const refuse = (text) => {
    problem.textContent = text;
    field.setAttribute("aria-invalid", "true");
    field.focus();
  };
  const submit = async (event) => {
    event.preventDefault();
    show(problem);
    field.removeAttribute("aria-invalid");
    const address = field.value.trim();
    if (!address) return refuse(say("address.empty"));
    try {
      await act(address);
    } catch (error) {
      if (error.type === "/problems/bad-address") refuse(error.message);
      else complain(error);
    }
  };
  const form = make("form", { class: "ask", id: `${id}-form`, onsubmit: submit, novalidate: true }, make("label", { for: id }, label),
    make("div", { class: "field" }, field, make("button", { type: "submit", class: "primary" }, button)), problem);
  return { form, field };
}

/** Begins a diagnosis and goes to it. */
export async function goAndDiagnose(url, complain) {
  try {
    const run = await ask("POST", "/api/diagnoses", { url });
    location.hash = `#/diagnose/${encodeURIComponent(run.id)}`;
  } catch (error) {
    complain(error);
  }
}
