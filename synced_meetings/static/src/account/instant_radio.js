import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

/** A choice that is kept at once, on a card that has no "Save". */
export class InstantRadio extends Component {
    static template = "synced_meetings.InstantRadio";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
    }

    get choices() {
        return this.props.record.fields[this.props.name].selection;
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    /** Whose record it is decides; where nobody is said to own it, everybody does. */
    get closed() {
        return this.props.record.data.own === false;
    }

    async choose(value) {
        const { record, name } = this.props;
        await this.orm.write(record.resModel, [record.resId], { [name]: value });
        await record.load();
    }
}

export const instantRadio = {
    component: InstantRadio,
    displayName: _t("Choice that is kept at once"),
    supportedTypes: ["selection"],
};

registry.category("fields").add("synced_instant_radio", instantRadio);
