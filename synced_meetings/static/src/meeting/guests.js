import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component, useState } from "@odoo/owl";
import { ANSWERS } from "./answers";

const SHOWN = 20;

/** Everyone invited, each a chip with the answer; a known contact opens its card. */
export class Guests extends Component {
    static template = "synced_meetings.Guests";
    static props = { guests: { type: [Array, Boolean], optional: true } };

    setup() {
        this.action = useService("action");
        this.state = useState({ all: false });
    }

    get guests() {
        return this.props.guests || [];
    }

    get shown() {
        const guests = this.state.all ? this.guests : this.guests.slice(0, SHOWN);
        return guests.map((guest, index) => ({ ...guest, index, look: this.look(guest) }));
    }

    look(guest) {
        if (guest.kind === "resource") {
            return { icon: "fa-cube", tone: "text-muted", label: _t("room or resource") };
        }
        if (guest.organiser && guest.response !== "declined") {
            return { icon: "fa-star", tone: "text-info", label: _t("organiser") };
        }
        return ANSWERS[guest.response] || ANSWERS.needs_action;
    }

    title(guest) {
        const optional = guest.kind === "optional" ? _t("optional") : "";
        const email = guest.email === guest.name ? "" : guest.email;
        return [email, guest.look.label, optional].filter(Boolean).join(", ");
    }

    open(guest) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: guest.partner,
            views: [[false, "form"]],
        });
    }
}

export class GuestsField extends Component {
    static template = "synced_meetings.GuestsField";
    static components = { Guests };
    static props = { ...standardFieldProps };

    get guests() {
        return this.props.record.data[this.props.name];
    }
}

export const guestsField = {
    component: GuestsField,
    displayName: _t("Guests"),
    supportedTypes: ["json"],
};

registry.category("fields").add("synced_guests", guestsField);
