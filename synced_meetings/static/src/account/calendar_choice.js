import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
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
        this.dialog = useService("dialog");
    }

    /** Only its owner decides what is read of a calendar. */
    get own() {
        return this.props.record.data.own;
    }

    get calendars() {
        return this.props.record.data[this.props.name].records.map(({ resId, data }) => ({
            ...data,
            id: resId,
            label: data.primary ? _t("Primary") : data.name,
            access: ACCESS[data.access],
            // With no more than busy times there is nothing to bring in.
            closed: !this.own || (data.access === "busy" && !data.selected),
        }));
    }

    async choose(calendar, ev) {
        const selected = ev.target.checked;
        await this.orm.write("synced.calendar", [calendar.id], { selected });
        await this.props.record.load();
    }

    confirmDeletions(calendar) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Were these meetings meant to be deleted?"),
            body: _t(
                "%s meetings were deleted in the calendar at once. If you confirm, they are archived here as cancelled.",
                calendar.held_deletions
            ),
            confirmLabel: _t("Yes, they were meant"),
            confirm: async () => {
                await this.orm.call("synced.calendar", "action_confirm_deletions", [[calendar.id]]);
                await this.props.record.load();
            },
            cancel: () => {},
        });
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
        { name: "held_deletions", type: "integer" },
    ],
};

registry.category("fields").add("synced_calendar_choice", calendarChoice);
