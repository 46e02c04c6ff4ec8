import { browser } from "@web/core/browser/browser";
import { useService } from "@web/core/utils/hooks";

import { onWillUnmount } from "@odoo/owl";

export const CONSENTED = "synced_meetings/consent";
const WINDOW = "popup,width=560,height=760";
const LOOK_EVERY = 500;

/**
 * Returns `connect(accountId)`: leads to the provider's consent in a window of its own, or in
 * this one where the browser allows no other. `onChanged` is called when the window has closed.
 *
 * @param {() => void} onChanged
 */
export function useConsent(onChanged) {
    const orm = useService("orm");
    let popup = null;
    let timer = null;

    const end = () => {
        browser.clearInterval(timer);
        browser.removeEventListener("message", listen);
        popup = null;
        onChanged();
    };
    // Only our own page in our own window is believed; the card reads the rest from the server.
    const listen = (ev) => {
        const own = ev.origin === browser.location.origin && ev.source === popup;
        if (own && ev.data?.type === CONSENTED) {
            end();
        }
    };
    const wait = () => {
        browser.addEventListener("message", listen);
        timer = browser.setInterval(() => popup.closed && end(), LOOK_EVERY);
    };
    onWillUnmount(() => {
        browser.clearInterval(timer);
        browser.removeEventListener("message", listen);
    });

    return async (accountId) => {
        // At once: a window that is opened after an answer counts as unasked, and is blocked.
        popup = browser.open("", "synced_meetings_consent", WINDOW);
        let action;
        try {
            const context = { synced_popup: Boolean(popup) };
            action = await orm.call("synced.account", "action_connect", [[accountId]], { context });
        } catch (error) {
            popup?.close();
            throw error;
        }
        if (!popup) {
            browser.location.assign(action.url);
            return;
        }
        popup.location.replace(action.url);
        wait();
    };
}
