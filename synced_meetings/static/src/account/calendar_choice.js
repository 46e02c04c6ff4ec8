import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

const ACCESS = {
    owner: _t("read and write"),
    writer: _t("read and write"),
    reader: _t("read"),
    busy: _t("only busy times"),
};

/** The calendars of a connection, each with a box that says whether it is read. */
export class CalendarChoice extends Component {
    static template = "synced_meetings.CalendarChoice";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
    }

    get calendars() {
        return this.props.record.data[this.props.name].records.map(({ resId, data }) => ({
            ...data,
            id: resId,
            label: data.primary ? _t("Primary") : data.name,
            access: ACCESS[data.access],
            // With no more than busy times there is nothing to bring in.
            closed: data.access === "busy" && !data.selected,
        }));
    }

    async choose(calendar, ev) {
        const selected = ev.target.checked;
        await this.orm.write("synced.calendar", [calendar.id], { selected });
        await this.props.record.load();
    }
}

export const calendarChoice = {
    component: CalendarChoice,
    displayName: _t("Calendars of a connection"),
    supportedTypes: ["one2many"],
    useSubView: false,
    relatedFields: () => [
        { name: "name", type: "char" },
        { name: "primary", type: "boolean" },
        { name: "selected", type: "boolean" },
        { name: "access", type: "selection" },
        { name: "last_error", type: "char" },
    ],
};

registry.category("fields").add("synced_calendar_choice", calendarChoice);
