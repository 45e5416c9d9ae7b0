// Keeps an open page current and sends its forms without loading the page again. Without this script the forms work
// too, and the page loads itself.
"use strict";
(() => {
    const body = document.body;
    const notice = document.getElementById("notice");
    const connection = document.getElementById("connection");
    const feed = body.dataset.feed;
    const waiting = new Map();
    let source = null;
    let lastHeard = Date.now();
    // Seconds by which the clock of this device is behind the server's.
    let behind = Number(body.dataset.now) - Date.now() / 1000;
    let revision = new URLSearchParams((feed || "").split("?")[1] || "").get("since") || "";

    // A part in which somebody writes or chooses waits until they have finished.
    const isBusy = (place) => {
        const active = document.activeElement;
        const fields = place.querySelectorAll("input:not([type=hidden]),textarea,select");
        if (active && place.contains(active) && active.matches("input,textarea,select")) return true;
        return [...fields].some((field) => {
            if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
            if (field.tagName === "SELECT") {
                const chosen = [...field.options].findIndex((option) => option.defaultSelected);
                return field.options.length > 0 && field.selectedIndex !== Math.max(0, chosen);
            }
            return field.value !== field.defaultValue;
        });
    };

    const replace = (name, html) => {
        const place = document.querySelector(`[data-part="${name}"]`);
        if (!place) return;
        if (isBusy(place)) {
            waiting.set(name, html);
            return;
        }
        waiting.delete(name);
        const open = new Set([...place.querySelectorAll("details[open][id]")].map((found) => found.id));
        const active = place.contains(document.activeElement) ? document.activeElement : null;
        const focus = active && { tag: active.tagName, text: active.textContent };
        place.innerHTML = html;
        for (const details of place.querySelectorAll("details[id]")) details.open = open.has(details.id);
        if (focus) {
            const same = [...place.querySelectorAll(focus.tag)].find((found) => found.textContent === focus.text);
            if (same) same.focus();
        }
        count();
    };

    const settle = () => [...waiting].forEach(([name, html]) => replace(name, html));

    const say = (words) => {
        if (!notice) return;
        notice.textContent = "";
        if (words) {
            const line = document.createElement("p");
            line.textContent = words;
            notice.append(line);
        }
    };

    const connect = () => {
        if (!feed || source || document.hidden) return;
        const [path] = feed.split("?");
        source = new EventSource(`${path}?since=${encodeURIComponent(revision)}`);
        const heard = () => {
            lastHeard = Date.now();
            if (connection) connection.textContent = "";
        };
        source.onopen = heard;
        source.onerror = () => {
            if (connection) connection.textContent = "No connection. This page tries again by itself";
            // A refused feed is closed for good: the page says why.
            if (source && source.readyState === EventSource.CLOSED) setTimeout(() => { leave(); connect(); }, 5000);
        };
        source.addEventListener("gone", () => location.reload());
        source.addEventListener("revision", (event) => {
            revision = event.lastEventId;
            behind = Number(event.data) - Date.now() / 1000;
            heard();
        });
        for (const place of document.querySelectorAll("[data-part]")) {
            source.addEventListener(place.dataset.part, (event) => { heard(); replace(place.dataset.part, event.data); });
        }
    };

    const leave = () => {
        if (source) source.close();
        source = null;
    };

    const count = () => {
        const now = Date.now() / 1000 + behind;
        for (const place of document.querySelectorAll("[data-ends]")) {
            const left = Math.max(0, Math.round(Number(place.dataset.ends) - now));
            place.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
        }
    };

    const send = async (form, button) => {
        const data = new URLSearchParams(new FormData(form));
        if (button && button.name) data.set(button.name, button.value);
        say("");
        try {
            const answer = await fetch(form.action, { method: "POST", headers: { "x-by-script": "1" }, body: data });
            if (answer.ok && form.dataset.then === "") {
                location.reload();
            } else if (answer.ok && form.dataset.then) {
                location.assign(form.dataset.then);
            } else if (answer.ok) {
                form.reset();
                settle();
            } else {
                say(await answer.text() || "This could not be done");
            }
        } catch {
            say("No connection: nothing was sent. Try again");
        }
    };

    document.addEventListener("submit", (event) => {
        const form = event.target;
        if (form.getAttribute("action") !== "/me/act") return;
        event.preventDefault();
        send(form, event.submitter);
    });
    document.addEventListener("focusout", () => setTimeout(settle, 50));

    // A link to an order opens it.
    document.addEventListener("click", (event) => {
        const link = event.target.closest("a[href^='#m-']");
        const order = link && document.getElementById(link.hash.slice(1));
        if (order) order.open = true;
    });

    // The facilitator's keys, unless somebody writes.
    const keys = { " ": "pause", ".": "step", n: "next", l: "lock" };
    document.addEventListener("keydown", (event) => {
        if (!body.classList.contains("facilitator") || event.ctrlKey || event.altKey || event.metaKey) return;
        if (event.target.closest("input,textarea,select,button,summary,a")) return;
        const speed = document.querySelector(`button[data-key="${CSS.escape(event.key)}"]`);
        const wanted = keys[event.key];
        const named = wanted && [...document.querySelectorAll("input[name=do]")].find((field) => {
            return field.value === wanted || (wanted === "lock" && field.value === "unlock");
        });
        const button = speed || (named && named.form.querySelector("button"));
        if (!button) return;
        event.preventDefault();
        send(button.form, button);
    });

    document.addEventListener("visibilitychange", () => {
        if (document.hidden) leave();
        else connect();
    });
    addEventListener("pagehide", leave);
    addEventListener("pageshow", connect);
    setInterval(() => {
        count();
        // A phone that slept keeps a dead connection; comments of the feed are not heard, so it is opened again.
        if (source && Date.now() - lastHeard > 60000) {
            lastHeard = Date.now();
            leave();
            connect();
        }
    }, 1000);
    connect();
    count();
})();
