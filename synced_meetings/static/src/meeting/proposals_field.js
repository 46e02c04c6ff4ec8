import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { x2ManyCommands } from "@web/core/orm_service";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

/** People of the chosen organisations, each one click away from being invited. */
export class ProposalsField extends Component {
    static template = "synced_meetings.ProposalsField";
    static props = { ...standardFieldProps, into: String };

    get people() {
        return this.props.record.data[this.props.name] || [];
    }

    add({ id, name }) {
        const command = x2ManyCommands.link(id, { id, display_name: name });
        return this.props.record.update({ [this.props.into]: [command] });
    }
}

export const proposalsField = {
    component: ProposalsField,
    displayName: _t("Proposed people"),
    supportedTypes: ["json"],
    extractProps: ({ options }) => ({ into: options.into }),
};

registry.category("fields").add("synced_proposals", proposalsField);
