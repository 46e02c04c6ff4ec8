import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component } from "@odoo/owl";
import { webAddress } from "./address";

/** A button that follows an address of the meeting: "Join", "Open in Google Calendar". */
export class OpenButton extends Component {
    static template = "synced_meetings.OpenButton";
    static props = {
        ...standardWidgetProps,
        field: String,
        label: { type: String, optional: true },
        icon: { type: String, optional: true },
        primary: { type: Boolean, optional: true },
    };

    get href() {
        return webAddress(this.props.record.data[this.props.field]);
    }

    get label() {
        return this.props.label || _t("Open in %s", this.provider);
    }

    get provider() {
        const { data, fields } = this.props.record;
        return Object.fromEntries(fields.provider.selection)[data.provider] || _t("the calendar");
    }
}

export const openButton = {
    component: OpenButton,
    extractProps: ({ attrs }) => ({
        field: attrs.field,
        label: attrs.string,
        icon: attrs.icon,
        primary: attrs.primary === "1",
    }),
    fieldDependencies: ({ attrs }) => [
        { name: attrs.field, type: "char" },
        { name: "provider", type: "selection" },
    ],
};

registry.category("view_widgets").add("synced_open", openButton);
