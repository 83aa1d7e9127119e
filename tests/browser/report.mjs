// Looks at a report as its readers do: phone and desktop, light and dark, both languages, keyboard only, paper, no script.
// usage: node report.mjs CHROMIUM PAGES.json; PAGES: [{"file", "looks": [{"width", "theme", "lang"}], "axe": bool, "untabbed": bool}]
// A page without tabs, such as that of a check, is looked at and audited as a whole.
// Prints {"problems": [...], "runs": n, "rules": n}; an empty list is the promise kept.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf-8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "experimental"];
const [executablePath, list] = process.argv.slice(2);
const problems = [];
let runs = 0, rules = 0;

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });

async function opened(file, look, options = {}) {
  const context = await browser.newContext({
    viewport: { width: look.width, height: 800 }, colorScheme: look.theme, locale: look.lang, ...options,
  });
  const page = await context.newPage();
  const name = `${file.split("/").pop()} ${look.width} ${look.theme} ${look.lang}`;
  const wrong = (what) => problems.push(`${name}: ${what}`);
  page.on("console", (message) => wrong(`console ${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => wrong(`error: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith("file:") && !request.url().startsWith("data:")) wrong(`asked for ${request.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  return { context, page, wrong };
}

const tabs = (page) => page.locator(".pages a");
const shown = (page) => page.evaluate(() => [...document.querySelectorAll("main > .page")]
  .filter((one) => one.checkVisibility({ contentVisibilityAuto: true }) && one.querySelector(".block").checkVisibility()
    && one.querySelector(".block").getBoundingClientRect().height > 0
    && !one.hasAttribute("hidden")).map((one) => one.id));

async function wide(page, wrong, at) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (over > 0) wrong(`${at} is ${over} pixels too wide`);
}

async function audit(page, wrong, at) {
  const found = await page.evaluate(async (tags) => {
    const result = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
    return {
      rules: result.passes.length + result.violations.length,
      bad: result.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`).join(" | ")}`),
    };
  }, TAGS);
  runs += 1;
  rules = Math.max(rules, found.rules);
  for (const bad of found.bad) wrong(`${at} breaks ${bad}`);
}

async function look(file, how, withAxe) {
  const { context, page, wrong } = await opened(file, how);
  const language = await page.evaluate(() => document.documentElement.lang);
  if (language !== how.lang) wrong(`speaks ${language}`);
  const other = how.lang === "en" ? "zh-CN" : "en";
  if (await page.locator(`span[lang="${other}"]:visible, text[lang="${other}"]:visible`).count()) wrong(`shows ${other} too`);
  if (withAxe) await page.evaluate(AXE);
  for (let i = 0; i < await tabs(page).count(); i += 1) {
    await tabs(page).nth(i).click();
    const id = (await tabs(page).nth(i).getAttribute("href")).slice(1);
    const open = await shown(page);
    if (open.join() !== id) wrong(`tab ${id} shows ${open}`);
    await wide(page, wrong, id);
    if (withAxe) await audit(page, wrong, id);
  }
  if (!await tabs(page).count()) {
    await wide(page, wrong, "the page");
    if (withAxe) await audit(page, wrong, "the page");
  }
  await context.close();
}

// What has the focus, whether it can be seen to have it, and whether it lies inside the window.
const focused = (page) => page.evaluate(() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const drawn = at.matches("input") ? document.querySelector(`label[for="${at.id}"]`) : at;
  const style = getComputedStyle(drawn), box = drawn.getBoundingClientRect();
  const all = [...document.querySelectorAll("a[href],input,summary,[tabindex]")];
  return {
    name: `${at.tagName.toLowerCase()}#${at.id || at.getAttribute("href") || at.className}`, number: all.indexOf(at),
    seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 && box.width > 1 && box.height > 1,
  };
});

async function keyboard(file, how) {
  const { context, page, wrong } = await opened(file, how);
  const count = await tabs(page).count();
  for (let i = 0; i < count; i += 1) {
    await page.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
    await tabs(page).nth(i).click();
    await page.evaluate(() => document.activeElement.blur());
    await page.locator("h1").click();
    const due = new Set(await page.evaluate(() => {
      const all = [...document.querySelectorAll("a[href],input,summary,[tabindex]")];
      const stops = all.filter((one) => one.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true })
        && one.tabIndex >= 0 && (one.type !== "radio" || one.checked) && !one.closest("[hidden]"));
      return stops.map((one) => all.indexOf(one));
    }));
    const names = [], reached = new Set();
    for (let step = 0; step < 150; step += 1) {
      await page.keyboard.press("Tab");
      const now = await focused(page);
      if (now === null || reached.has(now.number)) break;
      if (!now.seen) wrong(`the focus on ${now.name} cannot be seen`);
      names.push(now.name);
      reached.add(now.number);
    }
    await page.evaluate(() => document.activeElement.blur());
    await page.locator("h1").click();
    for (let step = 0; step < 20; step += 1) {
      await page.keyboard.press("Shift+Tab");
      const now = await focused(page);
      if (now === null || reached.has(now.number) && step > 4) break;
      reached.add(now.number);
    }
    const missed = [...due].filter((number) => !reached.has(number));
    if (missed.length) wrong(`page ${i}: ${missed.length} of ${due.size} stops cannot be reached (${names.join(" ")})`);
    if (names.length > 149) wrong(`page ${i} traps the focus`);
  }
  await page.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
  await tabs(page).first().focus();
  for (const [key, to] of [["ArrowRight", 1], ["End", count - 1], ["ArrowRight", 0], ["ArrowLeft", count - 1], ["Home", 0]]) {
    await page.keyboard.press(key);
    const selected = await page.evaluate(() => [...document.querySelectorAll(".pages a")].map((one) =>
      one.getAttribute("aria-selected") === "true" && one === document.activeElement).indexOf(true));
    if (selected !== to) wrong(`${key} on the tabs goes to ${selected}, not ${to}`);
  }
  const other = how.lang === "en" ? ["ArrowRight", "zh-CN"] : ["ArrowLeft", "en"];
  await page.locator("fieldset input:checked").focus();
  await page.keyboard.press(other[0]);
  const language = await page.evaluate(() => document.documentElement.lang);
  if (language !== other[1]) wrong(`the language switch gives ${language} by keyboard`);
  await page.goto(`${pathToFileURL(file).href}#ledger`);
  if ((await shown(page)).join() !== "engineering") wrong("a link to the ledger does not open its page");
  await context.close();
}

async function paper(file, how) {
  const { context, page, wrong } = await opened(file, how);
  await tabs(page).last().click();
  await page.emulateMedia({ media: "print", colorScheme: "light" });
  const order = await page.evaluate(() => [...document.querySelectorAll("main > .page")].map((one) => {
    const box = one.querySelector("h2").getBoundingClientRect();
    return { id: one.id, top: box.top, seen: box.height > 1 && one.getBoundingClientRect().height > 100 };
  }));
  if (order.some((one) => !one.seen)) wrong(`on paper not all pages show: ${JSON.stringify(order)}`);
  if (order.some((one, i) => i && one.top <= order[i - 1].top)) wrong("on paper the pages are out of order");
  if (await tabs(page).first().isVisible()) wrong("on paper the tabs show");
  const sheets = (await page.pdf({ format: "A4", preferCSSPageSize: true })).toString("latin1").match(/\/Type\s*\/Page\b/g);
  if ((sheets ?? []).length < order.length) wrong(`${(sheets ?? []).length} sheets for ${order.length} pages`);
  await context.close();
}

async function scriptless(file, how) {
  const { context, page, wrong } = await opened(file, how, { javaScriptEnabled: false });
  for (const id of ["summary", "engineering", "audit"]) {
    if (!await page.locator(`#${id} h2`).isVisible()) wrong(`without script ${id} does not show`);
  }
  await page.locator('label[for="lang-zh"]').click();
  if (!await page.locator('#summary-h span[lang="zh-CN"]').isVisible()) wrong("without script the language does not switch");
  if (await page.locator('#summary-h span[lang="en"]').isVisible()) wrong("without script both languages show");
  await context.close();
}

for (const one of JSON.parse(readFileSync(list, "utf-8"))) {
  for (const how of one.looks) await look(one.file, how, one.axe);
  if (!one.axe || one.untabbed) continue;
  for (const how of [one.looks[0], one.looks.at(-1)]) await keyboard(one.file, how);
  await paper(one.file, one.looks[0]);
  await scriptless(one.file, one.looks[0]);
}
await browser.close();
console.log(JSON.stringify({ problems, runs, rules }));
