import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

import { useExternalListener } from "@odoo/owl";

/** The keys of the page, as in Google Calendar: what each is called, and what it does. */
export const KEYS = {
    c: { label: _t("New meeting"), run: (page) => page.createNew() },
    t: { label: _t("Today"), run: (page) => page.setDate("today") },
    n: { label: _t("Next days"), run: (page) => page.setDate("next") },
    p: { label: _t("Previous days"), run: (page) => page.setDate("previous") },
    g: { label: _t("Go to a date"), run: (page) => page.goToDate() },
    "/": { label: _t("Search"), run: (page) => page.focusSearch() },
    d: { label: _t("Day"), run: (page) => page.setScale("day") },
    w: { label: _t("Week"), run: (page) => page.setScale("week") },
    s: { label: _t("Schedule: a row per person"), run: (page) => page.setScale("schedule") },
    m: { label: _t("Month"), run: (page) => page.setScale("month") },
    a: { label: _t("Agenda"), run: (page) => page.setScale("agenda") },
    y: { label: _t("Year"), run: (page) => page.setScale("year") },
    "?": { label: _t("These keys"), run: (page) => page.showKeys() },
};
const ALIASES = { j: "n", k: "p" };

/** @returns {boolean} whether a key that is pressed is meant for a text */
export function isTyping({ target }) {
    return Boolean(target.closest?.("input, textarea, select, [contenteditable=true]"));
}

/**
 * @param {KeyboardEvent} ev
 * @returns {Object | undefined} the key of the page that was pressed
 */
export function keyOf(ev) {
    if (ev.ctrlKey || ev.metaKey || ev.altKey || ev.repeat || isTyping(ev)) {
        return undefined;
    }
    const key = ev.key.toLowerCase();
    return KEYS[ALIASES[key] || key];
}

/** Lets a page be led by single keys, unless somebody types or a dialog is open. */
export function useKeys(page) {
    const ui = useService("ui");
    useExternalListener(window, "keydown", (ev) => {
        const key = ui.activeElement === document && !ui.isBlocked && keyOf(ev);
        if (key) {
            ev.preventDefault();
            key.run(page);
        }
    });
}
