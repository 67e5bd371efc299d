// Every English word of the page, once. Another language is another table with the same keys; what the server says in
// its reports comes from the server's own tables. {name} is filled in; where a count decides, the forms of
// Intl.PluralRules stand side by side.

export const language = "en";

const words = {
  "title.of": "{view} · fix502",
  "skip": "Skip to the content",
  "nav": "Views",
  "nav.diagnose": "Diagnose",
  "nav.watch": "Watch",
  "nav.history": "History",
  "nav.explain": "Explain",
  "foot": "fix502 {version} runs on this machine. The page asks nobody else for anything.",

  "foot.others": "fix502 {version}. The page asks nobody else for anything.",

  "problem.unreachable": "fix502 does not answer any more. Was it stopped? Start “fix502 serve” again and reload this page.",
  "token.heading": "Who are you?",
  "token.lead": "This page is for those who have its token. “fix502 serve” prints it as a part of the address, and whoever runs it for others hands it out.",
  "token.ask": "Token",
  "token.use": "Use it",
  "problem.other": "It did not work: {detail}",
  "address.placeholder": "shop.example/cart",
  "address.empty": "Type an address first.",
  "close": "Close",
  "copy": "Copy",
  "copied": "Copied",
  "copy.failed": "The browser did not let it be copied.",

  "progress.stop": "Stop",
  "progress.begins": "Getting ready",
  "progress.stopping": "Stopping",
  "progress.left": { one: "at most {n} second left", other: "at most {n} seconds left" },

  "diagnose.heading": "Why does this page fail?",
  "diagnose.lead": "Type the address of a page that shows 502 Bad Gateway, or does not open at all. fix502 tries the eight usual pieces of advice for you, all at once, and says which one helps.",
  "diagnose.address": "Address of the page",
  "diagnose.look": "Find out",
  "diagnose.again": "Look again",
  "diagnose.more": "For owners, and for slow sites",
  "diagnose.origin": "The origin behind the CDN or gateway",
  "diagnose.origin.placeholder": "origin.shop.example:8443",
  "diagnose.timeout": "Seconds for the whole",
  "diagnose.example": "No broken page at hand? Try an example",
  "diagnose.example.go": "Try it",
  "diagnose.looking": "Looking at {url}",
  "diagnose.progress": "Progress of the diagnosis",
  "diagnose.stopped": "Stopped. This is what was seen until then.",
  "diagnose.announce": "Done. {title}. {summary}",

  "verdict.waiting": "Trying everything at once …",
  "verdict.side.visitor": "It is on your side",
  "verdict.side.owner": "It is them, not you",
  "verdict.side.third-party": "It is neither you nor the site",
  "verdict.side.unknown": "Whose side it is on cannot be told",
  "verdict.side.healthy": "Nothing to mend",
  "verdict.scope.only-you": "Only you are affected",
  "verdict.scope.some-visitors": "Some visitors are affected",
  "verdict.scope.everyone": "Every visitor gets this",
  "verdict.sure": "{percent} sure",
  "verdict.answered.application": "The error was sent by the application itself",
  "verdict.answered": "The error was sent by {who}",
  "verdict.cause": "Cause: {cause}",
  "verdict.helps": "What helps: {title} ({promise}).",
  "verdict.what": "What is this?",
  "verdict.alternatives": "It could also be",
  "verdict.alternative": "{title} ({percent})",
  "verdict.also": "Broken as well",

  "way.heading": "The way of your request",
  "way.lead": "From your browser to the site's own application: where it works, and where it breaks.",
  "hop.browser": "Your browser",
  "hop.device": "This device",
  "hop.network": "Your network",
  "hop.dns": "DNS",
  "hop.cdn": "CDN",
  "hop.gateway": "Gateway",
  "hop.origin": "Origin",
  "hop.browser.is": "what it has stored",
  "hop.device.is": "its settings",
  "hop.network.is": "the way out",
  "hop.dns.is": "the address book",
  "hop.cdn.is": "the site's copies nearby",
  "hop.gateway.is": "the site's front door",
  "hop.origin.is": "the application itself",
  "state.ok": "works",
  "state.broken": "broken",
  "state.absent": "not in the way",
  "state.unknown": "not tried",
  "state.trying": "trying",

  "edge.heading": "Edge and origin, asked the same",
  "edge.field": "Field",
  "edge.edge": "Edge",
  "edge.origin": "Origin",
  "edge.settings": "What to set at the CDN",
  "edge.set": "Set it to: {value}",

  "steps.heading": "Would the usual advice help?",
  "step.refresh": "Refresh the page",
  "step.other-device-or-network": "Try another device or network",
  "step.browser-cache": "Clear the browser cache",
  "step.other-browser": "Try another browser",
  "step.dns-cache": "Flush the DNS cache",
  "step.wait": "Wait five to ten minutes",
  "step.cdn": "Check the CDN",
  "step.custom-dns": "Switch to another DNS",
  "outlook.fixes": "Yes",
  "outlook.may-help": "Perhaps",
  "outlook.no-effect": "No",
  "outlook.unknown": "Not known",
  "outlook.trying": "Trying",

  "remedies.heading": "What to do",
  "remedies.heading.healthy": "What would make it better",
  "remedies.heading.inconclusive": "What would settle it",
  "remedies.owner": "For the owner of the site",
  "remedies.none": "There is nothing to do.",
  "promise.fixes": "fixes it",
  "promise.may-help": "may help",
  "promise.no-effect": "does not help",
  "promise.unknown": "would tell more",
  "remedy.fix": "Fix it",
  "remedy.fix.named": "Fix it: {title}",
  "remedy.changes": "This is what will change",
  "remedy.changes.unknown": "fix502 finds out what has to change, changes it, and asks for the page again. If that does not help, it takes the change back.",
  "remedy.kept": "Whatever is changed is written down before, so that Undo can restore it exactly.",
  "remedy.do": "Do it",
  "remedy.cancel": "Cancel",
  "remedy.working": "Changing it, then asking for the page again",
  "remedy.progress": "Progress of the change",
  "remedy.not-done": "Not done",
  "remedy.stopped": "Stopped",
  "remedy.stopped.said": "Nothing is changed: what had been done was taken back.",
  "remedy.not-here": "fix502 cannot do it from here: {why}",
  "remedy.example": "This is an example: there is nothing on this machine to change.",
  "remedy.done": "Done: {said}",
  "remedy.elsewhere": "This server changes nothing. On your own machine, fix502 can do it:",
  "remedy.undo": "Undo",
  "remedy.undo.named": "Undo: {title}",
  "remedy.undoing": "Taking it back …",
  "remedy.undone": "Taken back",
  "remedy.command": "Or in a terminal",
  "remedy.watch": "Tell me when it works again",
  "remedy.report": "Copy a report to send them",

  "changes.heading": "What fix502 has changed",

  "save.heading": "Keep or send this",
  "save.html": "Report as a page",
  "save.markdown": "Report for a ticket",
  "save.json": "Report for machines",
  "save.query": "Leave out what stands behind “?” in addresses",
  "save.note": "Cookies and passwords are never in it.",

  "probes.heading": "Every probe",
  "probes.count": { one: "{n} probe", other: "{n} probes" },
  "probes.lead": "What was asked, what was varied, and what came back. Marked rows are what the verdict rests on.",
  "probes.asked": "Asked",
  "probes.varied": "Varied",
  "probes.seen": "Seen",
  "probes.when": "When",
  "probes.took": "Took",
  "probes.again": "Again, in a terminal",
  "probes.baseline": "as it is",
  "probes.cited": "The verdict rests on this",
  "probes.only": "Only what the verdict rests on",
  "probes.bar": "began after {start}, took {took}",
  "phase.dns": "name",
  "phase.connect": "connecting",
  "phase.tls": "TLS",
  "phase.first_byte": "waiting",
  "phase.body": "reading",
  "phase.whole": "other",
  "probe.http": "page",
  "probe.dns": "resolver",
  "probe.lookup": "name",
  "probe.tcp": "connection",
  "probe.tls": "TLS greeting",
  "probe.interfaces": "network cards",
  "probe.resolver_config": "resolver settings",
  "probe.hosts_file": "hosts file",
  "probe.proxy_settings": "proxy settings",
  "probe.clock": "clock",

  "watch.heading": "Watch",
  "watch.lead": "fix502 asks a site again and again, politely, and shows when it works.",
  "watch.address": "Address to watch",
  "watch.add": "Watch it",
  "watch.none": "No site is being watched.",
  "watch.list": "Sites being watched",
  "watch.state.works": "works",
  "watch.state.outage": "down",
  "watch.state.unknown": "not looked yet",
  "watch.down": "Down for {time}",
  "watch.up": "Works",
  "watch.next": "next try in {time}",
  "watch.trying": "trying now",
  "watch.said": "last answer: {said}",
  "watch.typical": { one: "Sites like this were back after {time} (seen once).", other: "Sites like this were back after {time} (median of {n})." },
  "watch.remove": "Stop watching",
  "watch.remove.named": "Stop watching {url}",
  "watch.why": "Why?",
  "watch.why.named": "Why? {url}",
  "watch.strip": { one: "The last {time}: {worked} of {n} try worked.", other: "The last {time}: {worked} of {n} tries worked." },
  "watch.strip.none": "No try yet.",
  "watch.announce.down": "{url} is down.",
  "watch.announce.up": "{url} works.",
  "watch.added": "{url} is being watched.",
  "watch.removed": "{url} is not watched any more.",

  "history.heading": "History",
  "history.lead": "What fix502 has seen before: when a site was away, for how long, and why.",
  "history.since": "Show",
  "history.since.1d": "the last day",
  "history.since.7d": "the last 7 days",
  "history.since.30d": "the last 30 days",
  "history.since.365d": "the last year",
  "history.none": "Nothing has been seen in this time. A diagnosis or a watch writes the history.",
  "history.outages": { zero: "no outage", one: "{n} outage", other: "{n} outages" },
  "history.available": "{percent} of {tries} tries worked",
  "history.median": "half were over within {time}",
  "history.typical": { one: "Sites like this were back after {time} (seen once).", other: "Sites like this were back after {time} (median of {n})." },
  "history.began": "Began",
  "history.length": "Length",
  "history.cause": "Cause",
  "history.table": "Outages of {url}",
  "history.picture": "Time line: {count} between {from} and {to}.",
  "history.cause.unknown": "not known",
  "history.goes-on": "still going on",
  "history.at-least": "at least {time}",
  "history.provisional": "at first sight",
  "history.diagnose": "Look now",
  "history.diagnose.named": "Look now: {url}",

  "explain.heading": "Explain",
  "explain.lead": "Every fault that fix502 knows, for those who see it and for those who can mend it.",
  "explain.search": "Search",
  "explain.search.placeholder": "502, certificate, cache …",
  "explain.found": { zero: "No fault has these words.", one: "{n} fault", other: "{n} faults" },
  "explain.visitor": "If you see it",
  "explain.owner": "If it is your site",
  "explain.remedies": "What helps",
  "explain.by.visitor": "Seen from a visitor's machine",
  "explain.by.owner": "Seen on the gateway's own machine",
  "explain.automatic": "fix502 can do it",
  "side.visitor": "your side",
  "side.owner": "the owner's side",
  "side.third-party": "somebody in between",
  "side.unknown": "side not known",

  "time.ms": "{n} ms",
  "time.s": "{n} s",
  "time.min": "{n} min",
  "time.h": "{n} h",
  "time.h.min": "{n} h {m} min",
  "time.d": "{n} d",
  "time.d.h": "{n} d {m} h",
};

const plurals = new Intl.PluralRules(language);

/** Whether the table has this key: the server may know words that the page does not. */
export const knows = (key) => Object.hasOwn(words, key);

/** The text of `key`, with each {name} filled in from `values`; `values.n` chooses between forms. */
export function say(key, values = {}) {
  if (!knows(key)) throw new Error(`no words for ${key}`);
  let text = words[key];
  if (typeof text === "object") {
    const form = values.n === 0 && text.zero ? "zero" : plurals.select(values.n);
    text = text[form] ?? text.other;
  }
  return text.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? String(values[name]) : whole));
}

/** The text of `key`, or `otherwise` where the table lacks it. */
export const sayOr = (key, otherwise) => (knows(key) ? say(key) : otherwise);

/** A length of time in the two largest units that tell it, from seconds. */
export function sayTime(seconds) {
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 1) return say("time.ms", { n: Math.round(seconds * 1000) });
  if (seconds < 9.95) return say("time.s", { n: Math.round(seconds * 10) / 10 });
  if (seconds < 59.5) return say("time.s", { n: Math.round(seconds) });
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return say("time.min", { n: minutes });
  if (minutes < 24 * 60) return minutes % 60 ? say("time.h.min", { n: Math.floor(minutes / 60), m: minutes % 60 }) : say("time.h", { n: minutes / 60 });
  const hours = Math.round(seconds / 3600);
  return hours % 24 ? say("time.d.h", { n: Math.floor(hours / 24), m: hours % 24 }) : say("time.d", { n: hours / 24 });
}

/** 0.973 is "97%"; what is not certain is never called 100%. */
export const sayPercent = (share) => `${Math.min(Math.round(share * 100), share < 1 ? 99 : 100)}%`;

const moments = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });

/** A moment as this machine's clock shows it; `time` as RFC 3339. */
export function sayMoment(time) {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : moments.format(date);
}
