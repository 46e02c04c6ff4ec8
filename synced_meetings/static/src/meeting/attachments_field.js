import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";
import { webAddress } from "./address";

/** What is attached to a meeting in its calendar, each a link to where it is kept. */
export class AttachmentsField extends Component {
    static template = "synced_meetings.AttachmentsField";
    static props = { ...standardFieldProps };

    get links() {
        const found = this.props.record.data[this.props.name] || [];
        return found
            .map(([title, url]) => ({ title: title || url, url: webAddress(url) }))
            .filter((link) => link.url);
    }
}

export const attachmentsField = {
    component: AttachmentsField,
    displayName: _t("Attachments"),
    supportedTypes: ["json"],
};

registry.category("fields").add("synced_attachments", attachmentsField);
