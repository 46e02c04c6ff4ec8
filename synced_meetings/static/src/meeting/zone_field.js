import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

/** The zone in which a meeting is meant: where it repeats, and by whose clocks it is announced. */
export class ZoneField extends Component {
    static template = "synced_meetings.ZoneField";
    static props = { ...standardFieldProps };

    get zone() {
        return this.props.record.data[this.props.name] || "";
    }

    get zones() {
        const zones = Intl.supportedValuesOf("timeZone");
        return zones.includes(this.zone) || !this.zone ? zones : [this.zone, ...zones];
    }

    label(zone) {
        return zone.replaceAll("_", " ");
    }

    choose(zone) {
        return this.props.record.update({ [this.props.name]: zone || false });
    }
}

export const zoneField = {
    component: ZoneField,
    displayName: _t("Time zone"),
    supportedTypes: ["char"],
};

registry.category("fields").add("synced_zone", zoneField);
