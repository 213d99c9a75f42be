// Opens pages in Firefox and prints what it saw, one JSON line a page. Playwright cannot drive Debian's Firefox; this can.
//
//   node firefox.mjs < jobs.json     {firefox, theme, inPage, axe, pages: [{id, url, steps: [...]}]}
//
// A step is {run: "JavaScript that may use mbtest"} or {press: "ArrowRight"}; each run's value is reported.

import puppeteer from "puppeteer-core";

let text = "";
for await (const chunk of process.stdin) text += chunk;
const { firefox, theme, inPage, axe, pages } = JSON.parse(text);

const browser = await puppeteer.launch({
  browser: "firefox", executablePath: firefox, headless: true,
  extraPrefsFirefox: {
    // As readers have it: puppeteer's own profile lets one file read another, and then everything seems to work.
    "security.fileuri.strict_origin_policy": true,
    "layout.css.prefers-color-scheme.content-override": theme === "dark" ? 0 : 1,
  },
});

async function visit({ url, steps }) {
  const page = await browser.newPage();
  const trouble = [];
  page.on("request", (request) => /^(file|blob|data|about):/.test(request.url()) || trouble.push(`not local: ${request.url()}`));
  page.on("requestfailed", (request) => trouble.push(`request failed: ${request.url()} ${request.failure()?.errorText}`));
  page.on("pageerror", (error) => trouble.push(`page error: ${error.message}`));
  page.on("console", (message) => message.type() === "error" && trouble.push(`console error: ${message.text()}`));
  page.on("dialog", (dialog) => (trouble.push(`dialog: ${dialog.message()}`), dialog.dismiss()));
  try {
    await page.setViewport({ width: 1280, height: 900 });
    await page.goto(url, { waitUntil: "load" });
    await page.waitForFunction(() => !document.querySelector("meta[http-equiv=refresh i]") && document.readyState === "complete");
    await page.evaluate(inPage);
    const mounts = await page.evaluate(() => mbtest.wake());
    const seen = { mounts, theme: await page.evaluate(() => document.documentElement.dataset.theme),
      overflow: await page.evaluate(() => mbtest.overflow()),
      // requests that the protocol may not report
      loaded: await page.evaluate(() => performance.getEntriesByType("resource").map((entry) => entry.name)) };
    if (axe) {
      await page.evaluate(axe);
      seen.violations = await page.evaluate(() => mbtest.violations());
    }
    const values = [];
    for (const step of steps ?? []) {
      if (step.press) await page.keyboard.press(step.press);
      else values.push(await page.evaluate(step.run));
    }
    return { ...seen, values, trouble };
  } catch (error) {
    return { trouble: [...trouble, `could not be visited: ${error.stack}`] };
  } finally {
    await page.close();
  }
}

try {
  for (const job of pages) console.log(JSON.stringify({ id: job.id, ...await visit(job) }));
} finally {
  await browser.close();
}
