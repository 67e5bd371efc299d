// What the tests run in: fix502 serve with a home of its own, sites on loopback that break when they are told to, the
// demo's broken sites, and real browsers. Whatever is started here is stopped here.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import assert from "node:assert/strict";
import { chromium, firefox } from "playwright-core";

export const fix502 = process.env.FIX502_BINARY;
assert.ok(fix502, "FIX502_BINARY names the program");
export const kPatience = 90_000; // ms: as long as a loaded machine may take, and no test counts on less

// Nothing but the site itself is asked.
const kAlone = ["--connectivity-check", "none", "--compare-resolver", "none", "--no-authoritative", "--no-proxy", "--no-browsers"];
// Chromium asks its maker for nothing while it is tested.
const kChromiumFlags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const kAxe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A folder that is gone after the test. */
export function folder(t) {
  const path = mkdtempSync(join(tmpdir(), "fix502-page-"));
  t.after(() => rmSync(path, { recursive: true, force: true, maxRetries: 5 }));
  return path;
}

const environment = (home) => ({ PATH: `${home}/bin:${process.env.PATH}`, HOME: home, LANG: "C.UTF-8" });

const tabs = new Map(); // what closes those of a test

/** A program that runs until the test is over; `lines` are those of its standard output so far. */
async function started(t, command, args, home, isReady) {
  const child = spawn(command, args, { env: environment(home), stdio: ["ignore", "pipe", "pipe"] });
  const over = new Promise((resolve) => child.once("exit", resolve));
  const end = async (signal) => {
    child.kill(signal);
    await over;
  };
  // Its pages go first: what they still wait for is no complaint.
  t.after(async () => {
    for (const close of tabs.get(t) ?? []) await close();
    await end("SIGTERM");
  });
  let errors = "";
  child.stderr.on("data", (text) => (errors += text));
  const lines = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (isReady(line)) return { lines, end };
  }
  throw new Error(`${command} ${args.join(" ")} ended: ${errors}`);
}

const servers = new Map();

/** `fix502 serve`; gives the address that it prints. */
export async function serve(t, home, args = ["--listen", "127.0.0.1:0"]) {
  const { lines, end } = await started(t, fix502, ["serve", ...args, ...kAlone], home, (line) => line.startsWith("http"));
  servers.set(lines.at(-1), end);
  return lines.at(-1);
}

/** `fix502 serve --open`, at a desktop whose browser is opened by a program of the test's; gives what it was told to open. */
export async function serveAndOpen(t, home) {
  const told = join(home, "told");
  mkdirSync(join(home, "bin"));
  writeFileSync(join(home, "bin/xdg-open"), `#!/bin/sh\nprintf '%s\\n' "$1" >"${told}.part"\nmv "${told}.part" "${told}"\n`, { mode: 0o755 });
  await serve(t, home, ["--listen", "127.0.0.1:0", "--open"]);
  const end = Date.now() + kPatience;
  while (!existsSync(told) && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
  return readFileSync(told, "utf8").trim();
}

/** The same for others than this machine's user: with TLS and a token of their own. It is asked on loopback all the same. */
export async function serveOthers(t, home, token) {
  const [file, key, certificate] = ["token", "key.pem", "certificate.pem"].map((name) => join(home, name));
  writeFileSync(file, token);
  const made = spawnSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", key, "-out", certificate]);
  assert.equal(made.status, 0, String(made.stderr));
  const address = await serve(t, home, ["--listen", "0.0.0.0:0", "--token-file", file, "--tls-cert", certificate, "--tls-key", key]);
  return `https://127.0.0.1:${new URL(address).port}/`;
}

/** Ends the server at that address before its test is over, as a crash would. */
export const crash = (address) => servers.get(address)("SIGKILL");

/** A diagnosis on the command line; gives what it writes, as { html, markdown }. */
export async function reports(t, place, name, args) {
  const files = { html: join(place, `${name}.html`), markdown: join(place, `${name}.md`) };
  const child = spawn(fix502, [...args, ...kAlone, "--no-history", "--html", files.html, "--markdown", files.markdown], { env: environment(folder(t)), stdio: "ignore" });
  await new Promise((resolve) => child.once("exit", resolve));
  return { html: readFileSync(files.html, "utf8"), markdown: readFileSync(files.markdown, "utf8") };
}

/** `fix502 demo FAULT --serve`; gives an address that leads there without any name. */
export async function demoSite(t, fault) {
  const { lines } = await started(t, fix502, ["demo", fault, "--serve"], folder(t), (line) => line.startsWith("Ctrl-C"));
  const found = lines.join("\n").match(/--resolve shop\.demo\.test:(\d+):([\d.]+) (https?):\/\/shop\.demo\.test:\d+(\/\S*)/);
  assert.ok(found, lines.join("\n"));
  const [, port, address, scheme, path] = found;
  return `${scheme}://${address}:${port}${path}`;
}

const kBadGateway = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n";

/**
 * A site that is "good", "bad" (nginx's 502, which may be stored for an hour), "silent", or "echo" (a 502 that repeats
 * what it was sent), as its `mode` says.
 */
export async function site(t, mode) {
  const self = { mode, requests: 0 };
  const server = createServer((request, response) => {
    self.requests += 1;
    if (self.mode === "silent") return;
    if (self.mode === "echo") response.writeHead(502, { "Content-Type": "text/html", "Set-Cookie": request.headers.cookie ?? "a=b" }).end(JSON.stringify([request.url, request.headers]));
    else if (self.mode === "bad") response.writeHead(502, { Server: "nginx/1.22.1", "Content-Type": "text/html", "Cache-Control": "max-age=3600" }).end(kBadGateway);
    else response.writeHead(200, { Server: "nginx/1.22.1", "Content-Type": "text/html" }).end("<!DOCTYPE html><title>Shop</title><h1>Welcome to the shop</h1>");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections?.();
    server.close();
  });
  self.url = `http://127.0.0.1:${server.address().port}/cart`;
  return self;
}

/** Visits a page with the Chromium of that home, as its owner would, so that its profile holds what it stores. */
export async function visitAsOwner(home, url) {
  const args = ["--headless", ...kChromiumFlags, `--user-data-dir=${home}/.config/chromium`, "--dump-dom", url];
  const child = spawn("chromium", args, { env: environment(home), stdio: ["ignore", "pipe", "ignore"] });
  let page = "";
  child.stdout.on("data", (text) => (page += text));
  await new Promise((resolve) => child.once("exit", resolve));
  return page;
}

/** A browser, started once for a file of tests. */
export function browser(name) {
  if (name === "firefox") return firefox.launch({ channel: "moz-firefox", executablePath: "/usr/bin/firefox-esr" });
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: kChromiumFlags });
}

/** A tab of its own, with no past. Whatever it complains about beside what is expected, or asks of others, fails the test. */
export async function tab(t, browser, address, options = {}, expected = /^$/) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  context.setDefaultTimeout(kPatience);
  const page = await context.newPage();
  const own = new URL(address).origin;
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && !expected.test(message.text()) && complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.stack}`));
  page.on("request", (request) => !/^(blob|data):/.test(request.url()) && new URL(request.url()).origin !== own && complaints.push(`asks ${request.url()}`));
  tabs.set(t, [...(tabs.get(t) ?? []), () => context.close()]);
  t.after(async () => {
    await context.close();
    assert.deepEqual(complaints, []);
  });
  await page.goto(address);
  await page.locator("h1, #token").first().waitFor();
  return page;
}

/** Nothing that axe-core knows to hinder people; `what` names the state of the page. */
export async function accessible(page, what) {
  await page.evaluate(`${kAxe}; undefined`); // the page's own policy would refuse it as a script element
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const said = violations.map((violation) => `${what}: ${violation.id}: ${violation.help}: ${violation.nodes.map((node) => `${node.target} ${node.failureSummary}`).join("; ")}`);
  assert.deepEqual(said, []);
}

/** Nothing sticks out to the right. */
export async function fitsItsWidth(page, what) {
  const wide = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > width + 1).map((one) => one.outerHTML.slice(0, 120));
  });
  assert.deepEqual(wide, [], what);
}

/** Types an address, presses Enter, and waits for the verdict; gives its title. */
export async function diagnose(page, url) {
  return verdict(page, await begun(page, async () => {
    await page.locator("#address").fill(url);
    await page.locator("#address").press("Enter");
  }));
}

/** The id of the diagnosis that `act` begins. */
export async function begun(page, act) {
  const answer = page.waitForResponse((response) => response.url().endsWith("/api/diagnoses") && response.request().method() === "POST");
  await act();
  return (await (await answer).json()).id;
}

/** The title of the verdict of that diagnosis, once it is there. */
export async function verdict(page, id) {
  await page.locator(`.run[data-id="${id}"][data-state]`).waitFor();
  return page.locator("#verdict-heading").textContent();
}
