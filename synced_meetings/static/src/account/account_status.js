import { formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatInteger } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, onWillUnmount, useState } from "@odoo/owl";

const { DateTime } = luxon;
const HALF_A_MINUTE = 30_000;

/** One line: when it last succeeded, how many meetings, when it looks again. */
export class AccountStatus extends Component {
    static template = "synced_meetings.AccountStatus";
    static props = { ...standardWidgetProps };

    setup() {
        this.state = useState({ now: DateTime.now() });
        const tick = () => (this.state.now = DateTime.now());
        const timer = setInterval(tick, HALF_A_MINUTE);
        onWillUnmount(() => clearInterval(timer));
    }

    get account() {
        return this.props.record.data;
    }

    get first() {
        return this.account.syncing && !this.account.last_sync;
    }

    get count() {
        return formatInteger(this.account.meeting_count);
    }

    get parts() {
        const { last_sync, meeting_count, next_sync, push_until, syncing, state } = this.account;
        const runs = ["connecting", "connected", "error"].includes(state);
        return [
            last_sync ? _t("Last success %s", this.ago(last_sync)) : _t("Not read yet"),
            meeting_count === 1 ? _t("1 meeting") : _t("%s meetings", this.count),
            runs && push_until && _t("push until %s", this.day(push_until)),
            runs && !syncing && next_sync && _t("next check %s", this.at(next_sync)),
        ].filter(Boolean);
    }

    ago(moment) {
        const now = DateTime.max(this.state.now, moment);
        return now.diff(moment, "seconds").seconds < 60 ? _t("just now") : moment.toRelative({ base: now });
    }

    day(moment) {
        return moment.toLocaleString({ day: "numeric", month: "short" });
    }

    at(moment) {
        const today = moment.hasSame(this.state.now, "day");
        return today ? moment.toLocaleString(DateTime.TIME_SIMPLE) : formatDateTime(moment);
    }
}

export const accountStatus = {
    component: AccountStatus,
    fieldDependencies: [
        { name: "last_sync", type: "datetime" },
        { name: "next_sync", type: "datetime" },
        { name: "meeting_count", type: "integer" },
        { name: "push_until", type: "datetime" },
        { name: "syncing", type: "boolean" },
        { name: "state", type: "selection" },
    ],
};

registry.category("view_widgets").add("synced_account_status", accountStatus);
