import { browser } from "@web/core/browser/browser";

import { onWillUnmount } from "@odoo/owl";
import { useSyncEnd } from "../sync_status/sync_status_hook";

const LOOK_EVERY = 2_000;

/**
 * Keeps the accounts of a view up to date: reads them again when a run ended, and while one is on.
 *
 * @param {Object} model the view's model
 * @param {(root: Object) => Object[]} records the accounts that are shown
 */
export function useLiveAccounts(model, records) {
    let reading = false;
    const shown = () => (model.isReady ? records(model.root) : []);
    // In place: a new list would close the menu, or take the field, that the user is in.
    const read = async () => {
        if (reading) {
            return;
        }
        reading = true;
        try {
            await Promise.all(shown().map((record) => record.dirty || record.load()));
        } finally {
            reading = false;
        }
    };
    const isOn = () => shown().some(({ data }) => data.syncing);
    const timer = browser.setInterval(() => {
        if (!document.hidden && isOn()) {
            read();
        }
    }, LOOK_EVERY);
    onWillUnmount(() => browser.clearInterval(timer));
    useSyncEnd(read);
}
