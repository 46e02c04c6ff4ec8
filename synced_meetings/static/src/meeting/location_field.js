import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";
import { placeAddress } from "./address";

/** A place; one that is a web address or a postal address can be followed. */
export class LocationField extends Component {
    static template = "synced_meetings.LocationField";
    static props = { ...standardFieldProps };

    get location() {
        return this.props.record.data[this.props.name] || "";
    }

    get href() {
        return placeAddress(this.location);
    }
}

export const locationField = {
    component: LocationField,
    displayName: _t("Location"),
    supportedTypes: ["char"],
};

registry.category("fields").add("synced_location", locationField);
