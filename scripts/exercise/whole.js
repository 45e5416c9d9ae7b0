// A whole exercise in Chromium: from joining to the report, with pages checked by axe.
//
//   node whole.js CHROMIUM BLACKSTART FOLDER [FOLDER FOR PICTURES]

const { readFileSync } = require("node:fs");
const { spawn } = require("node:child_process");
const { chromium } = require("playwright-core");
const assert = require("node:assert/strict");

const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [executablePath, blackstart, folder, pictures] = process.argv.slice(2);
const SEATS = [
    ["airline-ops", "Operations director, Delta"],
    ["hospital-cio", "Chief information officer, Providence"],
    ["bank-ops", "Head of bank operations, CommBank"],
    ["vendor-incident", "Incident lead, CrowdStrike"],
];
const FIRST_LOAD_MAX = 150_000;
const port = 20_000 + Math.floor(Math.random() * 20_000);
const complaints = [];

/// Starts the server and returns its process and the addresses that it prints.
const host = (extra) => new Promise((resolve, reject) => {
    const server = spawn(blackstart, ["host", "2024-07-19", "--no-window", "--bind", "127.0.0.1", "--port", String(port), "--out", folder, ...extra]);
    let text = "";
    server.stdout.on("data", (data) => {
        text += data;
        const found = (pattern) => (text.match(pattern) || [])[1];
        if (/goes on\./.test(text)) {
            resolve({
                server,
                join: found(/Participants +(\S+)/),
                pin: found(/PIN (\d+)/),
                staff: found(/Staff +(\S+)/),
                code: found(/code (\w+)/),
                wall: found(/Wall +(\S+)/),
                facilitator: found(/Facilitator +(\S+)/),
            });
        }
    });
    server.stderr.on("data", (data) => process.stderr.write(data));
    // A check that fails must not leave its server behind.
    process.on("exit", () => server.kill("SIGKILL"));
    server.on("exit", (code) => reject(new Error(`the server ended with ${code}: ${text}`)));
});

const watch = (page, name) => {
    page.on("pageerror", (error) => complaints.push(`${name}: ${error}`));
    page.on("console", (message) => {
        if (message.type() === "error" && !/ERR_|409|403|429|Failed to load/.test(message.text())) complaints.push(`${name}: ${message.text()}`);
    });
};

/// Fails if axe finds a violation, or if a page is wider than its screen or a phone's. The check runs in a page of its own
/// without the policy, with the same content.
const accessible = async (browser, page, name) => {
    const context = await browser.newContext({ bypassCSP: true, storageState: await page.context().storageState(), viewport: page.viewportSize() });
    const copy = await context.newPage();
    await copy.goto(page.url());
    // A page whose style is missing would pass for small and fail for large reasons.
    assert.ok(await copy.evaluate(() => [...document.styleSheets].some((sheet) => 0 < sheet.cssRules.length)), `${name} has its style`);
    await copy.evaluate(axe);
    const { violations, passes } = await copy.evaluate(() => window.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
    for (const { id, help, nodes } of violations) {
        complaints.push(`${name}: ${id}: ${help}: ${nodes[0].html.slice(0, 140)} (${nodes.length} places)`);
    }
    // The page as it comes, on a phone too; then with everything unfolded.
    for (const width of new Set([page.viewportSize().width, 360])) {
        await copy.setViewportSize({ width, height: width < 600 ? 740 : page.viewportSize().height });
        for (const open of [false, true]) {
            await copy.evaluate((open) => document.querySelectorAll("details").forEach((found) => { found.open = open; }), open);
            const wide = await copy.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            if (wide > 0) complaints.push(`${name}: ${wide} px wider than a screen of ${width} px${open ? ", unfolded" : ""}`);
            if (pictures && !open) await copy.screenshot({ path: `${pictures}/${name.replace(/\W+/g, "-")}-${width}.png` });
        }
    }
    await context.close();
    console.log(`${name}: axe passed ${passes.length} rules, ${violations.length} violations`);
};

const join = async (browser, at, name, seat, options = {}) => {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, ...options });
    const page = await context.newPage();
    watch(page, name);
    await page.goto(`${at.join}?pin=${at.pin}`);
    await page.getByLabel("Your name").fill(name);
    await page.getByLabel("Seat").selectOption(seat);
    await page.getByRole("button", { name: "Join" }).click();
    await page.waitForURL("**/me?joined=1");
    return page;
};

const joinStaff = async (browser, at, name, role) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    watch(page, name);
    await page.goto(at.staff);
    await page.getByLabel("Code").fill(at.code);
    await page.getByLabel("Your name").fill(name);
    await page.getByLabel("Part").selectOption(role);
    await page.getByRole("button", { name: "Join" }).click();
    await page.waitForURL("**/me?joined=1");
    return page;
};

const part = (page, name) => page.locator(`[data-part="${name}"]`);

/// The bytes of a first load of an address, with what it loads.
const weigh = async (browser, page, name) => {
    const context = await browser.newContext({ storageState: await page.context().storageState() });
    const fresh = await context.newPage();
    const bodies = [];
    fresh.on("response", (response) => {
        // A body that comes when the page is closed already belongs to no first load.
        if (!/feed/.test(response.url())) bodies.push(response.body().then((body) => body.length, () => 0));
    });
    await fresh.goto(page.url());
    await fresh.waitForTimeout(300);
    const bytes = (await Promise.all(bodies)).reduce((sum, length) => sum + length, 0);
    await context.close();
    console.log(`${name}: first load ${(bytes / 1000).toFixed(1)} kB`);
    assert.ok(10_000 < bytes, `${name}: ${bytes} bytes are less than its style and script`);
    if (FIRST_LOAD_MAX < bytes) complaints.push(`${name}: first load of ${bytes} bytes`);
};

(async () => {
    let at = await host(SEATS.flatMap(([id]) => ["--seat", id]));
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });

    // The wall with PIN and code, and the facilitator by the secret link.
    const wallContext = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
    const wall = await wallContext.newPage();
    watch(wall, "wall");
    await wall.goto(at.wall);
    await weigh(browser, wall, "wall before");
    assert.ok((await part(wall, "join").textContent()).includes(at.pin));
    await accessible(browser, wall, "wall before");
    const facilitatorContext = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const facilitator = await facilitatorContext.newPage();
    watch(facilitator, "facilitator");
    await facilitator.goto(at.facilitator);
    await facilitator.getByRole("link", { name: "Go to your page" }).click();
    await facilitator.waitForURL("**/me");

    // A wrong PIN, and scripts in a name.
    const stranger = await (await browser.newContext()).newPage();
    await stranger.goto(at.join);
    await accessible(browser, stranger, "join");
    await stranger.getByLabel("PIN").fill("000000");
    await stranger.getByLabel("Your name").fill("Eve");
    await stranger.getByRole("button", { name: "Join" }).click();
    await stranger.getByText("does not belong to this exercise").waitFor();
    await stranger.goto(at.staff);
    await accessible(browser, stranger, "join staff");

    const people = [];
    for (const [id] of SEATS) {
        for (const number of [1, 2]) {
            const name = id === "airline-ops" && number === 1 ? "Ada <script>x</script>" : `${id} ${number}`;
            people.push(await join(browser, at, name, id));
        }
    }
    const [ada, bo] = people;
    assert.ok((await ada.locator(".who").textContent()).includes("Ada <script>x</script>"), "a name is text");
    const again = await (await browser.newContext()).newPage();
    await again.goto(`${at.join}?pin=${at.pin}`);
    await again.getByLabel("Your name").fill("bank-ops 1");
    await again.getByRole("button", { name: "Join" }).click();
    await again.getByText("somebody with this name", { exact: false }).waitFor();
    const evaluator = await joinStaff(browser, at, "Evi", "evaluator");
    const observer = await joinStaff(browser, at, "Otto", "observer");
    assert.equal(await observer.locator("main button").count(), 0, "an observer has nothing to press");

    // The facilitator begins, with the keyboard, and moves the clock to the incident.
    await facilitator.getByRole("button", { name: "Begin the exercise" }).click();
    await part(wall, "join").locator(".pin").waitFor({ state: "detached" });
    await facilitator.locator("#jump summary").click();
    await facilitator.getByLabel("Time from the start").fill("D+0 H+9");
    await facilitator.getByRole("button", { name: "Move the clock", exact: true }).click();
    await part(ada, "clock").getByText("T+0d 09:00").waitFor({ timeout: 240_000 });
    await facilitator.locator("h2").first().click();
    await facilitator.keyboard.press("5");
    await part(ada, "clock").getByText("running", { exact: false }).waitFor();
    await facilitator.keyboard.press(" ");
    await part(ada, "clock").getByText("paused").waitFor();

    // Messages: to one seat, to all, with scripts in it; read receipts.
    const write = async (to, title) => {
        const form = facilitator.locator("#write form").first();
        await form.getByLabel(to).check();
        await form.getByLabel("Title").fill(title);
        await form.getByLabel("Text").fill("Call back <img src=x onerror=alert(1)>");
        await form.getByRole("button", { name: "Send message" }).click();
    };
    await write(SEATS[0][1], "Only for Delta");
    await part(ada, "inbox").getByRole("heading", { name: "Only for Delta" }).waitFor();
    await write("All seats", "For everybody");
    await part(people[2], "inbox").getByRole("heading", { name: "For everybody" }).waitFor();
    await part(wall, "message").getByRole("heading", { name: "For everybody" }).waitFor();
    assert.equal(await part(people[2], "inbox").getByText("Only for Delta").count(), 0, "not for other seats");
    assert.equal(await ada.locator("img").count(), 0);
    await part(ada, "inbox").locator("article", { hasText: "Only for Delta" }).getByRole("button", { name: "Mark as read" }).click();
    await part(bo, "inbox").locator("article", { hasText: "Only for Delta" }).getByText("Read by Ada").waitFor();

    // A team decides: Bo proposes, Ada seconds, the lead orders.
    await facilitator.locator("#rule-airline-ops summary").click();
    const rule = facilitator.locator("#rule-airline-ops");
    await rule.getByLabel("Others who must second").fill("1");
    await rule.getByLabel("Orders").selectOption("lead");
    await rule.getByLabel("Lead").selectOption({ label: "Ada <script>x</script>" });
    await rule.getByRole("button", { name: "Set the rule" }).click();
    await part(bo, "proposals").getByText("One other member seconds", { exact: false }).or(part(bo, "proposals").getByText("one other member seconds", { exact: false })).first().waitFor();
    const order = part(bo, "drawer").locator("details.order:not(.refused)").first();
    await order.locator("summary").first().click();
    await order.getByLabel("Confidence").fill("70");
    await order.getByLabel("Reason").fill("crews are stuck");
    await order.getByRole("button", { name: "Propose to the team" }).click();
    await part(ada, "proposals").getByRole("button", { name: "Second it" }).click();
    await part(ada, "proposals").getByRole("button", { name: "Order it" }).click();
    await part(bo, "given").locator("li").first().waitFor();
    // Another seat orders alone.
    const single = part(people[4], "drawer").locator("details.order:not(.refused)").first();
    await single.locator("summary").first().click();
    await single.getByRole("button", { name: "Give order" }).click();
    await part(people[4], "given").locator("li").first().waitFor();

    // The facilitator holds a message of the script, and enters a decision given by voice.
    const held = part(facilitator, "script")
        .locator("li")
        .filter({ has: facilitator.getByRole("button", { name: "Hold", exact: true }) })
        .first();
    await held.getByRole("button", { name: "Hold", exact: true }).click();
    await part(facilitator, "script").locator("li.held").first().waitFor();
    await facilitator.locator("#spoken summary").click();
    await facilitator.locator("#spoken").getByRole("link", { name: SEATS[1][1] }).click();
    await accessible(browser, facilitator, "spoken");
    const spoken = facilitator.locator("details.order:not(.refused)").first();
    await spoken.locator("summary").click();
    await spoken.getByRole("button", { name: "Enter the decision" }).click();
    await facilitator.waitForURL("**/me");
    await part(people[2], "given").locator("li").first().waitFor();

    // Lock, countdown, words on the wall.
    await facilitator.getByRole("button", { name: "Lock screens" }).click();
    await part(ada, "lock").getByText("locked the screens", { exact: false }).waitFor();
    await facilitator.getByRole("button", { name: "Unlock screens" }).click();
    await part(ada, "lock").getByText("locked the screens", { exact: false }).waitFor({ state: "detached" });
    await facilitator.locator("#to-wall summary").click();
    await facilitator.getByRole("button", { name: "Count down" }).click();
    await part(wall, "clock").locator("[data-ends]").waitFor();

    // An evaluator rates and notes; a participant notes.
    await part(evaluator, "guide").locator("details summary").first().click();
    await part(evaluator, "guide").getByLabel("S: ", { exact: false }).first().check();
    await part(evaluator, "guide").getByRole("button", { name: "Rate the objective" }).first().click();
    await part(evaluator, "guide").getByText("S: Performed with some challenges").first().waitFor();
    await evaluator.getByLabel("Note", { exact: true }).fill("They asked for help late");
    await evaluator.getByRole("button", { name: "Write note" }).click();
    await part(evaluator, "notes").getByText("They asked for help late").waitFor();
    await ada.getByLabel("Note", { exact: true }).fill("We lack <b>crews</b>");
    await ada.getByRole("button", { name: "Write note" }).click();
    await part(ada, "notes").getByText("We lack <b>crews</b>").waitFor();

    // Reload, second tab, back button, lost connection.
    await ada.reload();
    await part(ada, "inbox").getByRole("heading", { name: "Only for Delta" }).waitFor();
    const tab = await ada.context().newPage();
    await tab.goto(at.join.replace(/\/$/, "/me"));
    await part(tab, "inbox").getByRole("heading", { name: "Only for Delta" }).waitFor();
    await tab.goto(at.join);
    await tab.goBack();
    await part(tab, "clock").getByText("Scenario time", { exact: false }).waitFor();
    await tab.close();
    await bo.context().setOffline(true);
    await write("All seats", "While Bo was away");
    await ada.getByRole("heading", { name: "While Bo was away" }).waitFor();
    await bo.context().setOffline(false);
    await part(bo, "inbox").getByRole("heading", { name: "While Bo was away" }).waitFor({ timeout: 20_000 });

    // Without scripts: forms work, and the page says what was refused.
    const plain = await join(browser, at, "Plain", "bank-ops", { javaScriptEnabled: false });
    await plain.locator("[data-part=inbox] article", { hasText: "For everybody" }).getByRole("button", { name: "Mark as read" }).click();
    await plain.locator("[data-part=inbox] article", { hasText: "For everybody" }).getByText("Plain").waitFor();
    await plain.getByLabel("Note", { exact: true }).fill("written without scripts");
    await plain.getByRole("button", { name: "Write note" }).press("Enter");
    await plain.locator("[data-part=notes]").getByText("written without scripts").waitFor();
    // Without cookies: the page says so.
    const bare = await fetch(`${at.join}me?joined=1`, { redirect: "manual" });
    assert.equal(bare.status, 401);
    assert.ok((await bare.text()).includes("keeps no cookies"));

    // The server is killed and goes on with the same codes and links.
    at.server.removeAllListeners("exit");
    at.server.kill("SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = at;
    at = await host(["--continue"]);
    assert.deepEqual([at.pin, at.code, at.facilitator, at.wall], [before.pin, before.code, before.facilitator, before.wall]);
    await write("All seats", "After the restart");
    await part(bo, "inbox").getByRole("heading", { name: "After the restart" }).waitFor({ timeout: 20_000 });
    await part(bo, "given").locator("li").first().waitFor();

    const script = await facilitator.context().newPage();
    await script.goto(`${at.join}me/script`);
    const pages = [[ada, "participant"], [facilitator, "facilitator"], [script, "script"], [evaluator, "evaluator"], [observer, "observer"], [wall, "wall"]];
    for (const [page, name] of pages) {
        await accessible(browser, page, name);
        await weigh(browser, page, name);
    }
    await weigh(browser, stranger, "join staff");
    // A button of the whole script, which loads itself again.
    await script.getByRole("link", { name: "Later entries" }).first().click();
    await script.getByRole("link", { name: "Earlier entries" }).first().click();
    await script.getByRole("button", { name: "Skip", exact: true }).last().click();
    await script.locator("li.skipped").first().waitFor();
    await script.close();

    // The end: the run is played out, and the reports are ready.
    await facilitator.locator("#end summary").click();
    await facilitator.locator("#end input[type=checkbox]").check();
    await facilitator.getByRole("button", { name: "End the exercise", exact: true }).click();
    const ended = Date.now();
    const ready = part(facilitator, "reports").getByRole("link", { name: /Report of/ }).first();
    while (!(await ready.isVisible()) && Date.now() - ended < 300_000) {
        await facilitator.waitForTimeout(5_000);
        console.log(`playing to the end: ${(await part(facilitator, "clock").innerText()).replace(/\s+/g, " ")}`);
    }
    await ready.waitFor({ timeout: 1_000 });
    await facilitator.getByRole("button", { name: "Set the hot wash" }).click();
    await part(ada, "after").locator("summary").first().click();
    await part(ada, "after").getByLabel("What went well?").first().fill("We seconded quickly");
    await part(ada, "after").getByRole("button", { name: "Send answer" }).first().click();
    await part(wall, "wash").getByText("We seconded quickly").waitFor();
    for (let statement = 0; statement < 5; statement += 1) await part(bo, "after").locator(`input[name=mark${statement}][value="4"]`).check();
    await part(bo, "after").getByRole("button", { name: "Hand in" }).click();
    await part(bo, "after").getByText("Thank you for your feedback").waitFor();
    await accessible(browser, bo, "participant after");
    // Comparison runs may still be under way, and the run file is finished when all seats are judged.
    const fetched = async (path) => {
        let answer;
        for (let tries = 0; tries < 120; tries += 1) {
            answer = await facilitator.request.get(`${at.join}${path}`);
            if (answer.ok()) break;
            await facilitator.waitForTimeout(1000);
        }
        return answer;
    };
    const report = await fetched("report/airline-ops");
    assert.ok(report.ok(), "the report is ready");
    console.log(`report ready ${((Date.now() - ended) / 1000).toFixed(1)} s after the end was ordered`);
    const text = await report.text();
    assert.ok(text.includes("crews are stuck"), "the reason is in the report");
    assert.equal((await ada.request.get(`${at.join}report/airline-ops`)).status(), 403, "reports are for staff");
    assert.ok((await fetched("log.run")).ok(), "the run file is finished");

    await browser.close();
    at.server.removeAllListeners("exit");
    at.server.kill("SIGKILL");
    complaints.forEach((complaint) => console.error(complaint));
    process.exit(complaints.length === 0 ? 0 : 1);
})().catch((error) => {
    console.error(complaints.join("\n"));
    console.error(error);
    process.exit(1);
});
