// Opens HTML files in Chromium, without a network, and fails if axe finds a violation or the page complains.
//
//   node axe.js CHROMIUM FILE…

const { readFileSync } = require("node:fs");
const { resolve } = require("node:path");
const { pathToFileURL } = require("node:url");
const { chromium } = require("playwright-core");

const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [executablePath, ...files] = process.argv.slice(2);

async function check(page, file, media) {
    const complaints = [];
    const note = (message) => complaints.push(String(message));
    page.on("pageerror", note);
    page.on("console", (message) => message.type() === "error" && note(message.text()));
    page.on("request", (request) => request.url().startsWith("file:") || note(`loads ${request.url()}`));
    await page.emulateMedia({ media });
    await page.goto(pathToFileURL(resolve(file)).href);
    await page.evaluate(axe);
    const { violations, passes } = await page.evaluate(() => window.axe.run());
    for (const { id, help, nodes } of violations) {
        note(`${id}: ${help}: ${nodes[0].html.slice(0, 120)} (${nodes.length} places)`);
    }
    if (passes.length === 0) note("axe checked nothing");
    console.log(`${file} on ${media}: ${passes.length} rules passed, ${complaints.length} complaints`);
    complaints.forEach((complaint) => console.log(`  ${complaint}`));
    return complaints.length;
}

(async () => {
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
    let count = 0;
    for (const file of files) {
        for (const media of ["screen", "print"]) {
            const page = await browser.newPage({ offline: true, viewport: { width: 1280, height: 720 } });
            count += await check(page, file, media);
            await page.close();
        }
    }
    await browser.close();
    process.exit(count === 0 && files.length > 0 ? 0 : 1);
})().catch((error) => {
    console.error(error);
    process.exit(1);
});
