import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";
import { formatSpan, formatThere, spanOf } from "./meeting_time";

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

/** The same time by the clocks of the zone in which the meeting was made, where they differ. */
export class ThereField extends Component {
    static template = "synced_meetings.ThereField";
    static props = { ...standardFieldProps };

    get text() {
        const { data } = this.props.record;
        return data.start ? formatThere(spanOf(data), data[this.props.name]) : "";
    }
}

const fieldDependencies = [
    { name: "start", type: "datetime" },
    { name: "stop", type: "datetime" },
    { name: "allday", type: "boolean" },
    { name: "start_date", type: "date" },
    { name: "stop_date", type: "date" },
];

export const whenField = {
    component: WhenField,
    displayName: _t("When"),
    supportedTypes: ["datetime"],
    fieldDependencies,
    listViewWidth: [190, 300],
};

export const thereField = {
    component: ThereField,
    displayName: _t("Time where the meeting was made"),
    supportedTypes: ["char"],
    fieldDependencies,
};

registry.category("fields").add("synced_when", whenField);
registry.category("fields").add("synced_there", thereField);
