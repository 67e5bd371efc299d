// The table of words against the modules that use it, and the small functions that make figures into words and pictures.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../src/page/assets/", import.meta.url));
const { language, say, sayPercent, sayTime } = await import(`${folder}words.js`);
const { phasesOf, roundMarks } = await import(`${folder}draw.js`);

const modules = readdirSync(folder).filter((name) => name.endsWith(".js") && name !== "words.js");
const withoutComments = (text) => text.replace(/\/\*[^]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");
const sources = new Map(modules.map((name) => [name, withoutComments(readFileSync(folder + name, "utf8"))]));
const keys = [...readFileSync(`${folder}words.js`, "utf8").matchAll(/^ {2}"([\w.-]+)":/gm)].map((found) => found[1]);

test("every key that a module names is in the table, and no key is idle", () => {
  assert.ok(keys.length > 150);
  assert.equal(new Set(keys).size, keys.length);
  // "nav.watch" as it stands, or `nav.${name}`, which may be any that begins so.
  const all = [...sources.values(), readFileSync(`${folder}words.js`, "utf8").split("const plurals")[1]].join("\n");
  const named = new Set([...all.matchAll(/"([a-z][\w-]*(?:\.[\w-]+)*)"/g)].map((found) => found[1]));
  const begun = [...all.matchAll(/(?:say|sayOr|knows)\([^)]*?`([a-z][\w.-]*\.)\$\{/g)].map((found) => found[1]);
  for (const found of all.matchAll(/\bsay(?:Or)?\("([^"]+)"/g)) assert.ok(keys.includes(found[1]), found[1]);
  for (const start of begun) assert.ok(keys.some((key) => key.startsWith(start)), start);
  for (const key of keys) assert.ok(named.has(key) || begun.some((start) => key.startsWith(start)), `nobody says ${key}`);
});

test("no module but the table has a sentence", () => {
  for (const [name, text] of sources) {
    for (const [, literal] of text.matchAll(/"((?:[^"\\\n]|\\.)*)"/g))
      assert.doesNotMatch(literal, /^[A-Z][a-z]+ [a-z]/, `${name}: ${literal}`);
  }
});

test("no module makes markup of text, or style out of attributes", () => {
  for (const [name, text] of sources)
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function|setAttribute\("style"|style:/, name);
  const page = readFileSync(`${folder}index.html`, "utf8");
  assert.doesNotMatch(page, /\sstyle=|\son[a-z]+=|<style|<script>|https?:\/\//);
});

test("words are filled in and chosen by number", () => {
  assert.equal(language, "en");
  assert.equal(say("probes.count", { n: 1 }), "1 probe");
  assert.equal(say("probes.count", { n: 12 }), "12 probes");
  assert.equal(say("history.outages", { n: 0 }), "no outage");
  assert.equal(say("diagnose.looking", { url: "{n}$&" }), "Looking at {n}$&");
  assert.throws(() => say("no.such.key"));
});

test("times and shares read as people say them", () => {
  const times = [[0.004, "4 ms"], [1, "1 s"], [7.25, "7.3 s"], [59, "59 s"], [60, "1 min"], [3599, "1 h"], [3600, "1 h"], [4000, "1 h 7 min"], [86_400, "1 d"], [100_000, "1 d 4 h"], [NaN, ""]];
  for (const [seconds, text] of times) assert.equal(sayTime(seconds), text, String(seconds));
  for (const [share, text] of [[0.5, "50%"], [0.999, "99%"], [1, "100%"], [0, "0%"]]) assert.equal(sayPercent(share), text);
});

test("the waterfall has round marks, and a probe's parts add up to its time", () => {
  assert.deepEqual(roundMarks(100), [0, 50, 100]);
  assert.deepEqual(roundMarks(180), [0, 50, 100, 150]);
  for (const whole of [1, 7, 33, 999, 15_000]) assert.ok(roundMarks(whole).length <= 6 && roundMarks(whole).length >= 2, String(whole));
  assert.deepEqual(phasesOf({ duration_ms: 5 }), [["whole", 5]]);
  const parts = phasesOf({ duration_ms: 50, times: { connect_ms: 10, tls_ms: 15, first_byte_ms: 20 } });
  assert.equal(parts.reduce((sum, [, took]) => sum + took, 0), 50);
  assert.deepEqual(parts.map(([phase]) => phase), ["whole", "connect", "tls", "first_byte"]);
});
