import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component, useState } from "@odoo/owl";

/** "Are you coming?", with the answer that was given. */
export class OwnAnswerField extends Component {
    static template = "synced_meetings.OwnAnswerField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ busy: false });
    }

    get answers() {
        const given = this.props.record.data[this.props.name];
        return [
            { name: "accepted", action: "action_accept", icon: "fa-check", label: _t("Yes") },
            { name: "tentative", action: "action_tentative", icon: "fa-adjust", label: _t("Maybe") },
            { name: "declined", action: "action_decline", icon: "fa-times", label: _t("No") },
        ].map((answer) => ({ ...answer, given: answer.name === given }));
    }

    async answer({ action }) {
        const { record } = this.props;
        this.state.busy = true;
        try {
            if (await record.save()) {
                await this.orm.call(record.resModel, action, [[record.resId]]);
                await record.load();
            }
        } finally {
            this.state.busy = false;
        }
    }
}

export const ownAnswerField = {
    component: OwnAnswerField,
    displayName: _t("Own answer"),
    supportedTypes: ["selection"],
};

registry.category("fields").add("synced_own_answer", ownAnswerField);
