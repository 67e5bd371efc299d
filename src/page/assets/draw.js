// Everything that is drawn: the hops' signs, the waterfall's bars, the strip of tries, the time line of outages. Plain
// SVG, coloured by classes of style.css; what a picture says stands beside it as text, so each is hidden from readers.

import { draw } from "./dom.js";

/** One sign a hop, on a field of 24 by 24. */
const kSigns = {
  browser: ["M3 5h18v14H3z", "M3 9h18", "M6 7h.01M8.5 7h.01"],
  device: ["M5 5h14v10H5z", "M2 19h20l-2-4H4z"],
  network: ["M4 10a11.5 11.5 0 0 1 16 0", "M7 13.5a7 7 0 0 1 10 0", "M9.8 17a3 3 0 0 1 4.4 0", "M12 19.5h.01"],
  dns: ["M5 4h6a1 1 0 0 1 1 1v15a2 2 0 0 0-2-2H5z", "M19 4h-6a1 1 0 0 0-1 1v15a2 2 0 0 1 2-2h5z"],
  cdn: ["M7 18a4 4 0 0 1-.5-8A5.5 5.5 0 0 1 17 8.5a4.8 4.8 0 0 1 .5 9.5z"],
  gateway: ["M4 20V10a8 8 0 0 1 16 0v10", "M9 20v-8a3 3 0 0 1 6 0v8", "M2.5 20h19"],
  origin: ["M4 4h16v6H4z", "M4 14h16v6H4z", "M7.5 7h.01M7.5 17h.01M11 7h5M11 17h5"],
};

/** What a state looks like beside its word and its colour. */
const kMarks = {
  ok: "M4 8.5l3 3 5-6.5",
  broken: "M4.5 4.5l7 7M11.5 4.5l-7 7",
  absent: "M4 8h8",
  unknown: "M8 8h.01",
  trying: "M4.5 8h.01M8 8h.01M11.5 8h.01",
};

const strokes = (paths) => paths.map((d) => draw("path", { d }));
const hidden = { "aria-hidden": "true", focusable: "false" };

export const hopSign = (hop) => draw("svg", { ...hidden, viewBox: "0 0 24 24", class: "sign" }, strokes(kSigns[hop] ?? []));
export const stateMark = (state) => draw("svg", { ...hidden, viewBox: "0 0 16 16", class: "mark" }, strokes([kMarks[state] ?? kMarks.unknown]));

const kPhases = ["dns", "connect", "tls", "first_byte", "body"];

/** What a probe's time went to: [phase, milliseconds] in order; one part where that was not measured. */
export function phasesOf(probe) {
  const parts = kPhases.map((phase) => [phase, Number(probe.times?.[`${phase}_ms`] ?? 0)]).filter(([, took]) => took > 0);
  const known = parts.reduce((sum, [, took]) => sum + took, 0);
  const rest = probe.duration_ms - known;
  // Rounding alone leaves up to a millisecond; it is no part of its own.
  if (parts.length === 0 || rest > Math.max(1, probe.duration_ms * 0.05)) parts.unshift(["whole", Math.max(rest, 0)]);
  return parts;
}

/** A bar of the waterfall; `whole`: the length of the run in milliseconds, `marks`: roundMarks() of it. */
export function waterfallBar(probe, whole, marks) {
  const kWidth = 1000;
  const scale = kWidth / Math.max(whole, 1);
  let x = Math.min(probe.started_ms * scale, kWidth - 6);
  const bars = [];
  for (const [phase, took] of phasesOf(probe)) {
    const width = Math.min(Math.max(took * scale, bars.length ? 0 : 6), kWidth - x);
    bars.push(draw("rect", { x: x.toFixed(1), y: 3, width: width.toFixed(1), height: 10, class: `phase-${phase}` }));
    x += width;
  }
  const ticks = marks.map((at) => draw("path", { d: `M${(at * scale).toFixed(1)} 0V16`, class: "tick" }));
  return draw("svg", { ...hidden, viewBox: `0 0 ${kWidth} 16`, preserveAspectRatio: "none", class: "bar" }, ticks, bars);
}

/** Marks of time above the waterfall, in milliseconds: at most five, at round numbers. */
export function roundMarks(whole) {
  const rough = Math.max(whole, 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const marks = [];
  for (let at = 0; at <= whole; at += step) marks.push(at);
  return marks;
}

const kBlocks = 48;
const kSlot = 600; // seconds, as the history has them

/** How far back the strip of tries reaches, in seconds. */
export const kStripSpan = kBlocks * kSlot;

/** Tries of a watch until a moment (milliseconds): a block for each stretch of time, coloured by what worked in it. */
export function tryStrip(slots, until) {
  const blocks = Array.from({ length: kBlocks }, () => ({ tries: 0, worked: 0 }));
  for (const slot of slots) {
    const back = Math.floor((until - Date.parse(slot.began)) / 1000 / kSlot);
    const block = blocks[kBlocks - 1 - back];
    if (!block) continue;
    block.tries += slot.tries;
    block.worked += slot.worked;
  }
  return draw("svg", { ...hidden, viewBox: `0 0 ${kBlocks * 10} 28`, preserveAspectRatio: "none", class: "strip" }, blocks.map((block, i) => {
    const state = block.tries === 0 ? "none" : block.worked === block.tries ? "ok" : block.worked === 0 ? "broken" : "some";
    // What failed stands taller as well, for eyes that do not tell the colours apart.
    const height = { none: 4, ok: 14, some: 20, broken: 26 }[state];
    return draw("rect", { x: i * 10 + 1, y: 28 - height, width: 8, height, rx: 2, class: `try-${state}` });
  }));
}

/** Outages between two moments (milliseconds): a block each, at its place and as long as it was. */
export function outageLine(outages, from, to) {
  const kWidth = 1000;
  const place = (time) => Math.min(Math.max(((time - from) / Math.max(to - from, 1)) * kWidth, 0), kWidth);
  const blocks = outages.map((outage) => {
    const start = place(outage.from);
    // Short ones stay visible; they must not leave the picture at its end for that.
    const width = Math.max(place(outage.to) - start, 5);
    return draw("rect", { x: Math.min(start, kWidth - width).toFixed(1), y: 6, width: width.toFixed(1), height: 28, class: `outage hop-${outage.hop ?? "unknown"}` });
  });
  const days = draw("path", { d: "M0 34.5H1000", class: "axis" });
  const ticks = [0.25, 0.5, 0.75].map((share) => draw("path", { d: `M${share * kWidth} 0V34`, class: "tick" }));
  return draw("svg", { ...hidden, viewBox: `0 0 ${kWidth} 36`, preserveAspectRatio: "none", class: "timeline" }, ticks, blocks, days);
}
