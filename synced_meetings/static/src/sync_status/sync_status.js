import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { useSyncEnd } from "./sync_status_hook";

const { DateTime } = luxon;
const MINUTE = 60_000;

/** Whether the user's calendars are up to date: a word, a colour, and the reason. */
export class SyncStatus extends Component {
    static template = "synced_meetings.SyncStatus";
    static props = { onChanged: Function };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ status: null, now: DateTime.local() });
        useSyncEnd((pulled) => {
            if (pulled) {
                this.props.onChanged();
            }
            this.refresh();
        });
        onMounted(() => this.start());
        const clock = setInterval(() => (this.state.now = DateTime.local()), MINUTE / 2);
        onWillUnmount(() => clearInterval(clock));
    }

    /** Opening the page asks for a run and waits for nothing. */
    async start() {
        await this.ask("mark_my_calendars_due");
        await this.refresh();
    }

    async refresh() {
        this.state.status = (await this.ask("my_status")) || this.state.status;
    }

    async ask(method) {
        try {
            return await this.orm.silent.call("synced.calendar", method, []);
        } catch {
            return null; // the meetings that are there stay usable
        }
    }

    get look() {
        const { status } = this.state;
        if (status.reauth) {
            return { tone: "danger", icon: "fa-exclamation-circle", text: _t("Sign in again") };
        }
        if (status.syncing) {
            return { tone: "muted", icon: "fa-refresh fa-spin", text: _t("Updating…") };
        }
        if (status.error) {
            return { tone: "warning", icon: "fa-exclamation-triangle", text: status.error };
        }
        if (!status.calendars) {
            return { tone: "muted", icon: "fa-plug", text: _t("Connect your calendar") };
        }
        return { tone: "success", icon: "fa-check-circle", text: this.updated };
    }

    get updated() {
        const { status, now } = this.state;
        if (!status.last_sync) {
            return _t("Not read yet");
        }
        const moment = deserializeDateTime(status.last_sync);
        if (now.diff(moment).milliseconds < MINUTE) {
            return _t("Updated just now");
        }
        return _t("Updated %s", moment.toRelative({ base: now }));
    }

    /** Whether a click on it helps: then it leads to the connections. */
    get leadsOn() {
        const { status } = this.state;
        return status.reauth || status.error || !status.calendars;
    }

    openConnections() {
        return this.action.doAction("synced_meetings.action_account");
    }
}
