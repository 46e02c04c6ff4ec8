import { _t } from "@web/core/l10n/translation";
import { localization } from "@web/core/l10n/localization";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

const { Info } = luxon;
const CODES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/** Days of the week as switches, kept as RFC 5545 writes them: "MO,WE,FR". */
export class WeekdaysField extends Component {
    static template = "synced_meetings.WeekdaysField";
    static props = { ...standardFieldProps };

    get chosen() {
        return (this.props.record.data[this.props.name] || "").split(",").filter(Boolean);
    }

    /** The days in the order in which the reader's week has them. */
    get days() {
        const [names, shorts] = [Info.weekdays("long"), Info.weekdays("short")];
        const days = CODES.map((code, index) => ({
            code,
            name: names[index],
            short: shorts[index],
            chosen: this.chosen.includes(code),
        }));
        const first = (localization.weekStart || 1) - 1;
        return [...days.slice(first), ...days.slice(0, first)];
    }

    toggle({ code, chosen }) {
        const days = CODES.filter((one) => (one === code ? !chosen : this.chosen.includes(one)));
        return this.props.record.update({ [this.props.name]: days.join(",") || false });
    }
}

export const weekdaysField = {
    component: WeekdaysField,
    displayName: _t("Weekdays"),
    supportedTypes: ["char"],
};

registry.category("fields").add("synced_weekdays", weekdaysField);
