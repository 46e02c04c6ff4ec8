import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

/** The subject with what must be seen at once: private, part of a series, cancelled. */
export class SubjectField extends Component {
    static template = "synced_meetings.SubjectField";
    static props = { ...standardFieldProps };

    get meeting() {
        return this.props.record.data;
    }

    get subject() {
        return this.meeting[this.props.name];
    }
}

export const subjectField = {
    component: SubjectField,
    displayName: _t("Subject"),
    supportedTypes: ["char"],
    fieldDependencies: [
        { name: "state", type: "selection" },
        { name: "privacy", type: "selection" },
        { name: "series_id", type: "many2one" },
        { name: "is_exception", type: "boolean" },
    ],
};

registry.category("fields").add("synced_subject", subjectField);
