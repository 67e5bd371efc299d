// The page in a stock Firefox, driven by WebDriver BiDi: the same ways through it, without what Chromium has shown.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { begun, browser, demoSite, diagnose, folder, serve, site, tab, verdict, visitAsOwner } from "./world.mjs";

let firefox;
before(async () => (firefox = await browser("firefox")));
after(() => firefox.close());

test("diagnoses, stops, watches and explains in Firefox", async (t) => {
  const silent = await site(t, "silent");
  const page = await tab(t, firefox, await serve(t, folder(t)));
  assert.match(await diagnose(page, await demoSite(t, "origin.bad-gateway")), /server behind the site's gateway/);
  await page.locator("#address").fill(silent.url);
  const id = await begun(page, () => page.getByRole("button", { name: "Find out" }).click());
  await page.locator(`.run[data-id="${id}"]:not([data-state]) .waterfall tbody tr`).first().waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  await verdict(page, id);
  assert.equal(await page.locator(".run").getAttribute("data-state"), "stopped");

  const shop = await site(t, "bad");
  await page.getByRole("link", { name: "Watch" }).click();
  await page.locator("#watch-address").fill(shop.url);
  await page.getByRole("button", { name: "Watch it" }).click();
  await page.locator(".state-word", { hasText: "down" }).waitFor();
  await page.getByRole("link", { name: "History" }).click();
  await page.locator(".timeline").first().waitFor();
  await page.getByRole("link", { name: "Explain" }).click();
  await page.locator("details.fault summary").first().click();
  await page.getByRole("heading", { name: "If it is your site" }).first().waitFor();
});

test("fixes and takes back in Firefox", async (t) => {
  const home = folder(t);
  const shop = await site(t, "bad");
  await visitAsOwner(home, shop.url);
  shop.mode = "good";
  const page = await tab(t, firefox, await serve(t, home));
  await diagnose(page, shop.url);
  await page.getByRole("button", { name: /^Fix it: Clear/ }).click();
  await page.getByRole("button", { name: "Do it" }).click();
  await page.locator(".run[data-state=done] .verdict.is-healthy").waitFor();
  await page.getByRole("button", { name: /^Undo/ }).click();
  await page.locator(".run[data-state=done] .verdict.is-fault").waitFor();
});
