import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";
import { formatSpan, spanOf } from "./meeting_time";

/** Start and end in one line; whole days as dates, in no zone. */
export class WhenField extends Component {
    static template = "synced_meetings.WhenField";
    static props = { ...standardFieldProps };

    get text() {
        const { data } = this.props.record;
        return data.start ? formatSpan(spanOf(data)) : "";
    }

    get allday() {
        return this.props.record.data.allday;
    }
}

export const whenField = {
    component: WhenField,
    displayName: _t("When"),
    supportedTypes: ["datetime"],
    fieldDependencies: [
        { name: "stop", type: "datetime" },
        { name: "allday", type: "boolean" },
        { name: "start_date", type: "date" },
        { name: "stop_date", type: "date" },
    ],
    listViewWidth: [190, 300],
};

registry.category("fields").add("synced_when", whenField);
