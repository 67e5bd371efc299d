// Handing text over: to the clipboard, or as a file.

import { announce, make } from "./dom.js";
import { say } from "./words.js";

/** A button that copies what `text()` gives, at once or by a promise, and says that it did. */
export function copyButton(text, label = say("copy")) {
  const button = make("button", { type: "button", class: "quiet" }, label);
  button.addEventListener("click", async () => {
    let said = say("copied");
    try {
      await navigator.clipboard.writeText(await text());
    } catch {
      said = say("copy.failed");
    }
    button.textContent = said;
    announce(said);
  });
  return button;
}

/** Saves a blob under a name. */
export function saveAs(blob, name) {
  const url = URL.createObjectURL(blob);
  make("a", { href: url, download: name }).click();
  // The download has its own hold of the data once it has begun.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
