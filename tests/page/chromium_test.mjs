// The page in Chromium: everything that a person does there, with the mouse, the keyboard alone, and on a phone.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { accessible, begun, browser, crash, demoSite, diagnose, fitsItsWidth, folder, kPatience, reports, serve, serveAndOpen, serveOthers, site, tab, verdict, visitAsOwner } from "./world.mjs";

let chromium;
before(async () => (chromium = await browser("chromium")));
after(() => chromium.close());

// FIX502_UPDATE=1 rewrites the pictures of the manual; otherwise they are made all the same, and thrown away.
const pictures = process.env.FIX502_UPDATE ? join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "../../docs/pictures") : null;
async function picture(t, page, name) {
  const place = pictures ?? folder(t);
  mkdirSync(place, { recursive: true });
  await page.screenshot({ path: join(place, `${name}.png`), animations: "disabled" });
}

/** Both schemes, one after the other. */
async function inBothSchemes(page, look) {
  for (const colorScheme of ["dark", "light"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await look(colorScheme);
  }
}

// The browser itself notes each answer of this kind; the page says it in words.
const kRefused = /status of 400/;

const outlooks = (page) => page.locator(".advice .outlook").allTextContents();
const states = (page) => page.locator(".hop .state").allTextContents();
const faultOf = async (page) => decodeURIComponent((await page.locator(".verdict a").first().getAttribute("href")).split("/").at(-1));

const kDemos = ["gateway.down", "gateway.closed-early", "gateway.not-http", "gateway.redirect-loop", "origin.route", "origin.unavailable", "origin.error", "origin.bad-gateway"];

test("names the fault of each broken site whose address is typed", async (t) => {
  const address = await serve(t, folder(t));
  const page = await tab(t, chromium, address);
  for (const fault of kDemos) {
    await t.test(fault, async (t) => {
      await diagnose(page, await demoSite(t, fault));
      assert.equal(await faultOf(page), fault);
      assert.equal(await page.locator(".side").textContent(), "It is them, not you");
      assert.ok((await states(page)).includes("broken"), fault);
      assert.ok(!(await states(page)).includes("trying"));
      assert.ok((await outlooks(page)).every((word) => ["Yes", "Perhaps", "No", "Not known"].includes(word)));
      assert.equal((await page.locator(".waterfall tbody tr").count()) > 3, true);
    });
  }
});

test("shows every example, as its visitor sees it", async (t) => {
  const page = await tab(t, chromium, await serve(t, folder(t)));
  await page.locator(".examples summary").click();
  const faults = await page.locator("#example option").evaluateAll((options) => options.map((option) => option.value));
  assert.ok(faults.length >= 30);
  for (const fault of ["dns.stale-record", "browser.cookie", "network.captive-portal", "cdn.edge", "device.proxy", "gateway.tls"]) {
    await t.test(fault, async () => {
      await page.locator("#example").selectOption(fault);
      const id = await begun(page, () => page.locator(".examples button").click());
      await verdict(page, id);
      assert.ok(page.url().endsWith(`#/diagnose/${id}`));
      assert.equal(await faultOf(page), fault);
      // There is nothing on this machine to mend: no button pretends otherwise.
      assert.equal(await page.getByRole("button", { name: /^Fix it/ }).count(), 0);
    });
  }
});

test("hops and steps turn one by one, before the verdict is there", async (t) => {
  const page = await tab(t, chromium, await serve(t, folder(t)));
  await page.evaluate(() => {
    globalThis.seen = new Set();
    new MutationObserver(() => {
      for (const one of document.querySelectorAll(".run:not([data-state]) .hop:not(.is-trying)")) globalThis.seen.add(`hop ${one.querySelector(".state").textContent}`);
      for (const one of document.querySelectorAll(".run:not([data-state]) .advice li:not(.outlook-trying)")) globalThis.seen.add(`step ${one.querySelector(".outlook").textContent}`);
      for (const one of document.querySelectorAll(".run:not([data-state]) progress")) globalThis.seen.add(one.value > 0 ? "progress" : "");
    }).observe(document.getElementById("content"), { childList: true, characterData: true, attributes: true, subtree: true });
  });
  await page.locator(".examples summary").click();
  await page.locator("#example").selectOption("dns.stale-record"); // asks the resolver again after a second
  await verdict(page, await begun(page, () => page.locator(".examples button").click()));
  const seen = await page.evaluate(() => [...globalThis.seen]);
  for (const sight of ["hop works", "step No", "progress"]) assert.ok(seen.includes(sight), seen.join(", "));
});

test("shows edge and origin side by side, for owners", async (t) => {
  const page = await tab(t, chromium, await serve(t, folder(t)), {}, kRefused);
  await page.locator(".examples summary").click();
  await page.locator("#example").selectOption("cdn.origin-config");
  await verdict(page, await begun(page, () => page.locator(".examples button").click()));
  assert.ok((await page.locator(".edge tbody tr").count()) > 0);
  assert.match(await page.locator(".edge ol").textContent(), /Set it to: \S/);
  await accessible(page, "edge and origin");
  // What is typed for the origin goes with the address.
  const [edge, origin] = [await site(t, "bad"), await site(t, "good")];
  await page.locator(".more summary").click();
  await page.locator("#origin").fill(new URL(origin.url).host);
  await page.locator("#timeout").fill("12");
  await diagnose(page, edge.url);
  assert.equal(await page.locator(".edge tbody tr", { hasText: "status" }).textContent(), "status502 Bad Gateway200 OK");
  await page.locator("#origin").fill("no such place");
  await page.getByRole("button", { name: "Find out" }).click();
  await page.locator(".problem, .field-problem:not(:empty)").first().waitFor();
  assert.match(await page.locator("body").textContent(), /no such place/);
});

test("says so when fix502 itself is gone", async (t) => {
  const silent = await site(t, "silent");
  const address = await serve(t, folder(t));
  const page = await tab(t, chromium, address, {}, /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/);
  await page.locator("#address").fill(silent.url);
  await begun(page, () => page.getByRole("button", { name: "Find out" }).click());
  await page.locator(".waterfall tbody tr").first().waitFor();
  await crash(address);
  await page.locator(".problem").waitFor();
  assert.match(await page.locator(".problem").textContent(), /does not answer any more/);
  await page.getByRole("button", { name: "Close" }).click();
  await page.locator("#address").press("Enter");
  await page.getByText("fix502 does not answer any more").waitFor();
});

test("shows what is seen while it is seen, and stops when told", async (t) => {
  const silent = await site(t, "silent");
  const page = await tab(t, chromium, await serve(t, folder(t)));
  await page.locator("#address").fill(silent.url);
  const id = await begun(page, () => page.getByRole("button", { name: "Find out" }).click());
  await page.locator(".waterfall tbody tr").first().waitFor(); // while it runs
  assert.match(await page.locator(".progress-line").textContent(), /at most \d+ seconds? left/);
  assert.equal(await page.locator(".run[data-state]").count(), 0);
  await accessible(page, "while it runs");
  await page.getByRole("button", { name: "Stop" }).press("Enter");
  await verdict(page, id);
  assert.equal(await page.locator(".run").getAttribute("data-state"), "stopped");
  assert.match(await page.locator(".note").textContent(), /^Stopped/);
  assert.equal(await page.evaluate(() => document.activeElement.id), "verdict-heading");
  assert.ok(!(await states(page)).includes("trying"));
});

test("fixes what it can, shows that it helped, and takes it back", async (t) => {
  const home = folder(t);
  const shop = await site(t, "bad");
  assert.match(await visitAsOwner(home, shop.url), /502 Bad Gateway/);
  shop.mode = "good"; // the site is well again, and the browser does not know
  const page = await tab(t, chromium, await serve(t, home));
  await diagnose(page, shop.url);
  assert.equal(await faultOf(page), "browser.cached-error");
  assert.equal(await page.locator(".side").textContent(), "It is on your side");
  await page.getByRole("button", { name: /^Fix it: Clear/ }).click();
  await page.getByText("This is what will change").waitFor();
  assert.ok((await page.locator(".panel li").count()) > 0);
  await inBothSchemes(page, (scheme) => accessible(page, `before a change, ${scheme}`));
  await page.evaluate(() => document.querySelector(".way").scrollIntoView());
  await picture(t, page, "fix");
  await page.getByRole("button", { name: "Do it" }).click();
  await page.locator(".run[data-state=done] .verdict.is-healthy").waitFor();
  await page.getByRole("heading", { name: "What fix502 has changed" }).waitFor();
  assert.match(await page.locator(".note").textContent(), /^Done: ./);
  await inBothSchemes(page, (scheme) => accessible(page, `after a change, ${scheme}`));
  await page.getByRole("button", { name: /^Undo/ }).click();
  await page.locator(".run[data-state=done] .verdict.is-fault").waitFor();
  assert.equal(await faultOf(page), "browser.cached-error");
  await page.locator(".changes").waitFor({ state: "hidden" });
});

test("stops a change when told, and nothing of it stays", async (t) => {
  const home = folder(t);
  const shop = await site(t, "bad");
  await visitAsOwner(home, shop.url);
  shop.mode = "good";
  const page = await tab(t, chromium, await serve(t, home));
  await diagnose(page, shop.url);
  await page.getByRole("button", { name: /^Fix it: Clear/ }).click();
  shop.mode = "silent"; // so that asking for the page takes its time
  await page.getByRole("button", { name: "Do it" }).click();
  await page.locator(".panel .progress-line").getByText(/at most \d+ seconds? left/).waitFor();
  await inBothSchemes(page, (scheme) => accessible(page, `during a change, ${scheme}`));
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByRole("heading", { name: "Stopped" }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Stopped");
  assert.ok(await page.locator(".changes").isHidden());
});

test("needs no mouse", async (t) => {
  const home = folder(t);
  const shop = await site(t, "bad");
  await visitAsOwner(home, shop.url);
  shop.mode = "good";
  const page = await tab(t, chromium, await serve(t, home));
  const focused = () => page.evaluate(() => document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent ?? "");
  const tabTo = async (text) => {
    for (let i = 0; i < 60; i++) {
      if ((await focused()).startsWith(text)) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`no way to ${text} by Tab`);
  };
  await page.waitForFunction(() => document.activeElement.id === "address"); // the field is where one begins
  await page.keyboard.type(shop.url);
  await verdict(page, await begun(page, () => page.keyboard.press("Enter")));
  await tabTo("Fix it: Clear");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.textContent === "This is what will change");
  await tabTo("Do it");
  await page.keyboard.press("Enter");
  await page.locator(".run[data-state=done] .verdict.is-healthy").waitFor();
  await page.waitForFunction(() => document.activeElement.id === "changes-heading");
  await tabTo("Undo");
  await page.keyboard.press("Enter");
  await page.locator(".run[data-state=done] .verdict.is-fault").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), "verdict-heading");
  for (const name of ["Watch", "History", "Explain", "Diagnose"]) {
    await page.evaluate(() => document.body.firstElementChild.focus());
    await tabTo(name);
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement.tagName === "H1" || document.activeElement.id === "address");
    assert.equal(await page.title(), `${name} · fix502`);
  }
  await page.evaluate(() => document.getElementById("skip").focus());
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "content");
});

test("tells those who listen what happened", async (t) => {
  const page = await tab(t, chromium, await serve(t, folder(t)));
  await page.evaluate(() => {
    globalThis.said = [];
    new MutationObserver(() => globalThis.said.push(document.getElementById("announcements").textContent)).observe(document.getElementById("announcements"), { childList: true, characterData: true, subtree: true });
  });
  const url = await demoSite(t, "origin.bad-gateway");
  const title = await diagnose(page, url);
  const said = await page.evaluate(() => globalThis.said);
  assert.ok(said.some((text) => text.includes(url)), said.join("\n"));
  assert.ok(said.at(-1).includes(title), said.join("\n"));
});

test("watches a site until it works, and remembers the outage", async (t) => {
  const shop = await site(t, "bad");
  const page = await tab(t, chromium, await serve(t, folder(t)));
  await page.getByRole("link", { name: "Watch" }).click();
  await page.locator("#watch-address").fill(shop.url);
  await page.getByRole("button", { name: "Watch it" }).click();
  const card = page.locator(".watched");
  await card.locator(".state-word", { hasText: "down" }).waitFor();
  await card.getByText("The gateway", { exact: false }).first().waitFor(); // the cause, once it is known
  await card.getByText(/next try in|trying now/).waitFor();
  await card.locator(".strip rect.try-broken").first().waitFor({ state: "attached" });
  await inBothSchemes(page, (scheme) => accessible(page, `watch, ${scheme}`));
  await picture(t, page, "watch");
  shop.mode = "good";
  await card.locator(".state-word", { hasText: "works" }).waitFor();
  await card.getByText(/next try in/).waitFor(); // it goes on

  await page.getByRole("link", { name: "History" }).click();
  const row = page.locator(".outages tbody tr");
  await row.waitFor();
  assert.match(await row.textContent(), /The server behind the site's gateway is broken/);
  assert.match(await page.locator(".facts").textContent(), /1 outage.*half were over within/);
  assert.equal(await page.locator(".timeline rect.outage.hop-origin").count(), 1);
  await page.getByText(/Sites like this were back after/).waitFor();
  await page.locator("#span").selectOption("1d");
  await page.waitForFunction(() => document.querySelectorAll(".outages tbody tr").length === 1);
  await inBothSchemes(page, (scheme) => accessible(page, `history, ${scheme}`));
  await picture(t, page, "history");

  await row.getByRole("link").click(); // to what it means
  await page.locator("details.fault[open]").waitFor();
  assert.match(await page.locator("details.fault[open]").textContent(), /origin\.bad-gateway.*If you see it.*If it is your site/);

  await page.getByRole("link", { name: "Watch" }).click();
  await page.getByRole("button", { name: /^Stop watching/ }).click();
  await page.getByText("No site is being watched.").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), "watches-heading");
  const asked = shop.requests;
  await page.getByRole("link", { name: "Explain" }).click();
  assert.ok(shop.requests - asked <= 1, "it is asked no more");
});

test("explains every fault twice", async (t) => {
  const page = await tab(t, chromium, await serve(t, folder(t)));
  await page.getByRole("link", { name: "Explain" }).click();
  await page.locator("details.fault").first().waitFor();
  const faults = await page.locator("details.fault").evaluateAll((all) => all.map((one) => [one.id, one.textContent]));
  assert.ok(faults.length >= 70, String(faults.length));
  for (const [id, text] of faults) assert.match(text, /If you see it.{30,}If it is your site.{30,}/s, id);
  assert.equal(new Set(faults.map(([id]) => id)).size, faults.length);
  await page.locator("#search").fill("certificate");
  const shown = await page.locator("details.fault:visible").count();
  assert.ok(shown > 1 && shown < 20, String(shown));
  await page.getByText(`${shown} faults`).waitFor();
  await page.locator("#search").fill("no such words");
  await page.getByText("No fault has these words.").waitFor();
  await page.locator("#search").fill("");
  await page.locator("details.fault summary").first().click();
  await inBothSchemes(page, (scheme) => accessible(page, `explain, ${scheme}`));
  await picture(t, page, "explain");
});

test("is open to everybody in both schemes, and fits a phone", async (t) => {
  const address = await serve(t, folder(t));
  const url = await demoSite(t, "origin.bad-gateway");
  const page = await tab(t, chromium, address, { viewport: { width: 1100, height: 900 } });
  await inBothSchemes(page, (scheme) => accessible(page, `at the beginning, ${scheme}`));
  await diagnose(page, url);
  await page.locator(".remedies details").evaluateAll((all) => all.forEach((one) => (one.open = true)));
  await inBothSchemes(page, async (scheme) => {
    await accessible(page, `a verdict, ${scheme}`);
    await page.evaluate(() => scrollTo(0, 0));
    await picture(t, page, scheme === "dark" ? "diagnose-dark" : "diagnose");
  });
  const phone = await tab(t, chromium, address, { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });
  await fitsItsWidth(phone, "at the beginning");
  await diagnose(phone, url);
  await phone.evaluate(() => scrollTo(0, 0));
  await picture(t, phone, "phone");
  await diagnose(phone, `${url}?a=${"long".repeat(60)}`);
  await phone.locator("details").evaluateAll((all) => all.forEach((one) => (one.open = true)));
  await fitsItsWidth(phone, "a verdict");
  await accessible(phone, "a verdict on a phone");
  for (const view of ["Watch", "History", "Explain"]) {
    await phone.getByRole("link", { name: view, exact: true }).tap();
    await phone.getByRole("heading", { level: 1, name: view }).waitFor();
    await phone.locator(view === "Explain" ? "details.fault" : view === "History" ? ".timeline" : "#watch-address").first().waitFor();
    await fitsItsWidth(phone, view);
    await accessible(phone, `${view} on a phone`);
  }
});

test("takes nothing from a site for markup", async (t) => {
  const { createServer } = await import("node:http");
  const evil = "<img src=x onerror=alert(1)><script>alert(2)</script>";
  const server = createServer((request, response) => response.writeHead(502, evil.replace(/[^\x20-\x7e]/g, ""), { Server: evil, "Content-Type": "text/html" }).end(evil));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const page = await tab(t, chromium, await serve(t, folder(t)));
  page.on("dialog", () => assert.fail("a script of the site ran"));
  await diagnose(page, `http://127.0.0.1:${server.address().port}/?q=${encodeURIComponent(evil)}`);
  assert.equal(await page.locator("main img, main script, main iframe").count(), 0);
  assert.match(await page.locator(".waterfall").textContent(), /<img src=x/);
});

test("a wrong address is said at the field", async (t) => {
  const page = await tab(t, chromium, await serve(t, folder(t)), {}, kRefused);
  await page.locator("#address").fill("ftp://shop.example/");
  await page.getByRole("button", { name: "Find out" }).click();
  await page.locator("#address-problem", { hasText: "ftp" }).waitFor();
  assert.equal(await page.locator("#address").getAttribute("aria-invalid"), "true");
  await accessible(page, "a wrong address");
  await page.locator("#address").fill("");
  await page.getByRole("button", { name: "Find out" }).click();
  await page.getByText("Type an address first.").waitFor();
  await page.getByRole("link", { name: "Watch" }).click();
  await page.getByRole("button", { name: "Watch it" }).click();
  await page.getByText("Type an address first.").waitFor();
});

test("a diagnosis can be linked to, kept and sent, without what is secret", async (t) => {
  const shop = await site(t, "bad");
  const page = await tab(t, chromium, await serve(t, folder(t)), { acceptDownloads: true });
  const title = await diagnose(page, `${shop.url}?token=s3cretValue`);
  const saved = async (button) => {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: button }).click();
    return readFileSync(await (await download).path(), "utf8");
  };
  assert.match(await saved("Report as a page"), /s3cretValue/);
  await page.getByLabel(/Leave out/).check();
  for (const button of ["Report as a page", "Report for a ticket", "Report for machines"]) {
    const text = await saved(button);
    assert.ok(text.includes("token=") && !text.includes("s3cretValue"), button);
  }
  await page.getByLabel(/Leave out/).uncheck();
  const machines = JSON.parse(await saved("Report for machines"));
  assert.equal(machines.schema, "fix502.report/1");
  assert.match(machines.target.url, /s3cretValue/);
  const id = page.url().split("/").at(-1);
  await page.reload();
  assert.equal(await verdict(page, id), title);
});

test("asks for the token where it has none, and is light", async (t) => {
  const address = new URL(await serve(t, folder(t)));
  const token = new URLSearchParams(address.hash.slice(1)).get("token");
  const context = await chromium.newContext();
  t.after(() => context.close());
  context.setDefaultTimeout(kPatience);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  const sizes = new Map();
  await session.send("Network.enable");
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => sizes.set(requestId, encodedDataLength));
  await page.goto(address.origin);
  await page.locator("#token").fill(token);
  await accessible(page, "without a token");
  sizes.clear();
  await Promise.all([page.waitForEvent("load"), page.getByRole("button", { name: "Use it" }).click()]);
  await page.locator(".examples summary").waitFor();
  const policy = (await (await context.request.get(address.origin)).headers())["content-security-policy"];
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe|\*|https?:/);
  await page.goto(`${address.origin}/#/explain`);
  await page.locator("details.fault").first().waitFor();
  // Everything, heads and the catalogue included, read anew.
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  sizes.clear();
  await page.reload();
  await page.locator("details.fault").first().waitFor();
  const whole = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  t.diagnostic(`the page weighs ${whole} bytes on the wire`);
  assert.ok(whole > 10_000 && whole <= 150_000, `${whole} bytes`);
});

test("the browser that it opens has a key that is good once", async (t) => {
  const address = await serveAndOpen(t, folder(t));
  assert.match(address, /#key=/);
  const page = await tab(t, chromium, address);
  await page.locator(".examples summary").waitFor();
  assert.doesNotMatch(page.url(), /key/);
  const other = await tab(t, chromium, address, {}, /status of 403/);
  assert.equal(await other.locator("h1").textContent(), "Who are you?");
});

test("as a server for others it changes nothing, and says what it will not ask", async (t) => {
  const token = "a token of others 0123456789".replaceAll(" ", "-");
  const shop = await site(t, "bad");
  const address = await serveOthers(t, folder(t), token);
  const page = await tab(t, chromium, address, { ignoreHTTPSErrors: true }, /status of 40[13]/);
  await page.locator("#token").fill("wrong");
  await page.getByRole("button", { name: "Use it" }).click();
  await page.locator("#token").waitFor();
  await page.locator("#token").fill(token);
  await page.getByRole("button", { name: "Use it" }).click();
  await page.locator("#address").fill(shop.url); // loopback is for the operator
  await page.locator("#address").press("Enter");
  await page.waitForFunction(() => document.querySelector(".problem, .run[data-state]"));
  assert.equal(shop.requests, 0);
  assert.equal(await page.getByRole("button", { name: /^Fix it/ }).count(), 0);
  await accessible(page, "for others");
});

test("the report as a page needs no script, hinders nobody, and keeps secrets", async (t) => {
  const shop = await site(t, "echo");
  const [kOwn, kCookie, kBearer, kQuery] = ["X-Own: kept", "sid=c00kieSecret1", "Authorization: Bearer bearerSecret2", "querySecret3"];
  const place = folder(t);
  const written = (name, ...more) => reports(t, place, name, [`${shop.url}?token=${kQuery}`, "--cookie", kCookie, "-H", kBearer, "-H", kOwn, ...more]);
  const open = written("open");
  const sparing = written("sparing", "--hide-query");
  for (const text of [...Object.values(await open), ...Object.values(await sparing)])
    for (const secret of ["c00kieSecret1", "bearerSecret2"]) assert.ok(!text.includes(secret), secret);
  for (const text of Object.values(await open)) assert.ok(text.includes(kQuery));
  for (const text of Object.values(await sparing)) assert.ok(text.includes("token=") && !text.includes(kQuery));

  for (const javaScriptEnabled of [false, true]) {
    const context = await chromium.newContext({ javaScriptEnabled, viewport: { width: 360, height: 740 } });
    t.after(() => context.close());
    const page = await context.newPage();
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(`file://${join(place, "open.html")}`);
    assert.equal(await page.locator("h1").count(), 1);
    assert.equal(await page.locator("ol.path li").count(), 7);
    await page.locator("summary").click();
    assert.ok((await page.locator("svg.bar:visible").count()) > 3);
    assert.equal(asked.length, 1, asked.join("\n"));
    if (!javaScriptEnabled) continue;
    await inBothSchemes(page, (scheme) => accessible(page, `the report, ${scheme}`));
    await fitsItsWidth(page, "the report");
  }
});
