import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

/** The first letter of the calendar service, as a small tile in its colour. */
export class ProviderBadge extends Component {
    static template = "synced_meetings.ProviderBadge";
    static props = { provider: String, label: { type: String, optional: true } };

    get label() {
        return this.props.label || this.props.provider;
    }

    get letter() {
        return this.label.charAt(0).toUpperCase();
    }
}

export class ProviderBadgeField extends Component {
    static template = "synced_meetings.ProviderBadgeField";
    static components = { ProviderBadge };
    static props = { ...standardFieldProps };

    get provider() {
        return this.props.record.data[this.props.name] || "";
    }

    get label() {
        const { selection } = this.props.record.fields[this.props.name];
        return Object.fromEntries(selection)[this.provider] || "";
    }
}

export const providerBadgeField = {
    component: ProviderBadgeField,
    displayName: _t("Calendar service"),
    supportedTypes: ["selection"],
    listViewWidth: 40,
};

registry.category("fields").add("synced_provider", providerBadgeField);
