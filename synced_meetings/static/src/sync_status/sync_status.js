import { browser } from "@web/core/browser/browser";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

import { Component, onMounted, onWillUnmount, useExternalListener, useState } from "@odoo/owl";
import { ProviderBadge } from "../meeting/provider_badge";
import { lookOf, worstOf } from "./status_look";
import { useSyncEnd } from "./sync_status_hook";

const { DateTime } = luxon;
const HALF_A_MINUTE = 30_000;

/** Whether the user's calendars are up to date: a word, a colour, the reason; and an update. */
export class SyncStatus extends Component {
    static template = "synced_meetings.SyncStatus";
    static components = { Dropdown, ProviderBadge };
    static props = { onChanged: Function };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ status: null, offline: false, now: DateTime.local() });
        useSyncEnd((pulled) => {
            if (pulled) {
                this.props.onChanged();
            }
            this.refresh();
        });
        useExternalListener(window, "offline", () => (this.state.offline = true));
        useExternalListener(window, "online", () => this.start());
        onMounted(() => this.start());
        const clock = browser.setInterval(() => this.tick(), HALF_A_MINUTE);
        onWillUnmount(() => browser.clearInterval(clock));
    }

    /** Opening the page asks for a run and waits for nothing. */
    async start() {
        await this.ask("mark_my_calendars_due");
        await this.refresh();
    }

    /** Where the bus is silent, a run that goes on is looked after by the clock. */
    tick() {
        this.state.now = DateTime.local();
        if (this.isOn || this.state.offline) {
            this.refresh();
        }
    }

    async refresh() {
        this.state.status = (await this.ask("my_status")) || this.state.status;
    }

    async ask(method, ...args) {
        try {
            const answer = await this.orm.silent.call("synced.calendar", method, args);
            this.state.offline = false;
            return answer;
        } catch {
            this.state.offline = true;
            return null; // the meetings that are there stay usable
        }
    }

    get lines() {
        return (this.state.status?.list || []).map((line) => ({ ...line, look: this.look(line) }));
    }

    get isOn() {
        return Boolean(this.state.status?.syncing);
    }

    look(line) {
        return lookOf(line, this.state);
    }

    get worst() {
        return this.look(worstOf(this.state.status));
    }

    /** Whether a click on it helps: then it leads to the connections. */
    get leadsOn() {
        const { status } = this.state;
        return !this.state.offline && (status.reauth || status.error || !status.calendars);
    }

    updateLabel({ name }) {
        return _t("Update %s now", name);
    }

    /** One click is one run: while it is on, there is nothing to start. */
    async update(line) {
        const lines = this.state.status.list.filter((one) => !line || one.id === line.id);
        const idle = lines.filter((one) => !one.syncing);
        if (!idle.length) {
            return;
        }
        idle.forEach((one) => (one.syncing = true));
        this.state.status.syncing = true;
        await this.ask("mark_my_calendars_due", ...(line ? [line.id] : []));
    }

    openConnections() {
        return this.action.doAction("synced_meetings.action_account");
    }
}
