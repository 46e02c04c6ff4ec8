import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";

import { Component, useState } from "@odoo/owl";

const SCOPES = {
    this: _t("This meeting"),
    following: _t("This and following meetings"),
    all: _t("All meetings of the series"),
};
const NAMED = 3;

/** Asks which meetings of a series are moved, and whether the invited are told. */
export class MoveDialog extends Component {
    static template = "synced_meetings.MoveDialog";
    static components = { Dialog };
    static props = {
        title: String,
        when: String,
        invited: Array,
        isSeries: Boolean,
        answer: Function,
        close: Function,
    };

    setup() {
        this.state = useState({ scope: "this" });
    }

    get scopes() {
        return Object.entries(SCOPES);
    }

    get known() {
        const names = this.props.invited.map((guest) => guest.name);
        if (names.length > NAMED) {
            return _t("%s people know the old time.", names.length);
        }
        return names.length === 1
            ? _t("%s knows the old time.", names[0])
            : _t("%s know the old time.", names.join(", "));
    }

    save(tell) {
        this.props.answer({ scope: this.state.scope, tell });
        this.props.close();
    }
}
