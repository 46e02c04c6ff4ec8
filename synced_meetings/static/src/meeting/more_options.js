import { serializeDate, serializeDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component } from "@odoo/owl";

const CARRIED = [
    "name",
    "start",
    "stop",
    "allday",
    "start_date",
    "stop_date",
    "location",
    "person_ids",
    "user_ids",
    "organisation_ids",
];

/**
 * @param {Object} record of a form
 * @returns {Object} the context by which another form begins with what was typed into this one
 */
export function carried({ data, fields }) {
    const known = CARRIED.filter((name) => name in data);
    return Object.fromEntries(known.map((name) => [`default_${name}`, plain(data[name], fields[name].type)]));
}

function plain(value, type) {
    if (type === "many2many") {
        return value.records.map((record) => record.resId);
    }
    if (!value) {
        return false;
    }
    return { date: serializeDate, datetime: serializeDateTime }[type]?.(value) ?? value;
}

/** "More options": goes on in the whole form with what was typed into the small one. */
export class MoreOptions extends Component {
    static template = "synced_meetings.MoreOptions";
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
    }

    open() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "synced.meeting",
            views: [[false, "form"]],
            context: carried(this.props.record),
        });
    }
}

registry.category("view_widgets").add("synced_more_options", { component: MoreOptions });
