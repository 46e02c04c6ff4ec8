import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, useState } from "@odoo/owl";
import { useConsent } from "./consent_hook";

/** What a person can do with a connection: sign in, synchronise, disconnect. */
export class AccountButtons extends Component {
    static template = "synced_meetings.AccountButtons";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ busy: false });
        this.startConsent = useConsent(() => this.reload());
    }

    get account() {
        return this.props.record.data;
    }

    get connected() {
        return this.account.state !== "draft";
    }

    get needsConsent() {
        return ["draft", "reauth", "paused"].includes(this.account.state);
    }

    /** Where no consent page is needed, the form of the login has a button of its own. */
    get hasConsentPage() {
        return this.account.auth_method === "oauth";
    }

    get connectLabel() {
        return this.connected ? _t("Sign in again") : _t("Authenticate and subscribe");
    }

    reload() {
        return this.props.record.load();
    }

    connect() {
        return this.once(() => this.startConsent(this.props.record.resId));
    }

    synchronise() {
        return this.once(() => this.call("action_synchronise"));
    }

    /** A dialog says what stays and what goes, and disconnects. */
    disconnect() {
        return this.once(async () => {
            const asks = await this.orm.call("synced.account", "action_leave", [[this.props.record.resId]]);
            await this.action.doAction(asks, { onClose: () => this.reload() });
        });
    }

    async call(method) {
        await this.orm.call("synced.account", method, [[this.props.record.resId]]);
        await this.reload();
    }

    /** A second click does nothing while the first one is on. */
    async once(work) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            await work();
        } finally {
            this.state.busy = false;
        }
    }
}

export const accountButtons = {
    component: AccountButtons,
    fieldDependencies: [
        { name: "state", type: "selection" },
        { name: "auth_method", type: "selection" },
        { name: "email", type: "char" },
        { name: "own", type: "boolean" },
        { name: "syncing", type: "boolean" },
        { name: "user_id", type: "many2one" },
    ],
};

registry.category("view_widgets").add("synced_account_buttons", accountButtons);
