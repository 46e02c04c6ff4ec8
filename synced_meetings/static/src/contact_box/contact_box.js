import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, onMounted, onWillUpdateProps, useState } from "@odoo/owl";
import { useSyncEnd } from "../sync_status/sync_status_hook";
import { ContactBoxRow } from "./contact_box_row";

/** The meetings of a contact or an opportunity on its card: the next, the last, a few more. */
export class ContactBox extends Component {
    static template = "synced_meetings.ContactBox";
    static components = { ContactBoxRow, Dropdown, DropdownItem };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({ box: null, failed: false });
        onMounted(() => this.load(this.resId)); // the card never waits for it
        onWillUpdateProps(({ record }) => {
            if (record.resId !== this.resId) {
                this.state.box = null;
                this.load(record.resId);
            }
        });
        useSyncEnd((pulled) => pulled && this.load(this.resId));
    }

    get resId() {
        return this.props.record.resId;
    }

    /** The card's model, which has the server's side of the box. */
    get resModel() {
        return this.props.record.resModel;
    }

    async load(resId) {
        if (!resId) {
            return;
        }
        const method = "synced_meetings_box_data";
        try {
            const request = this.orm.silent.call(this.resModel, method, [resId]);
            this.state.box = await this.keepLast.add(request);
            this.state.failed = false;
        } catch {
            this.state.failed = true;
        }
    }

    get choices() {
        return [
            { value: "synced", label: _t("Synced meetings") },
            { value: "calendar", label: _t("Meetings") },
            { value: "both", label: _t("Both") },
        ];
    }

    get isFolded() {
        return this.state.box?.box === "calendar";
    }

    get isEmpty() {
        return !this.state.box.total;
    }

    get next() {
        return this.state.box.upcoming[0];
    }

    get last() {
        return this.state.box.past[0];
    }

    /** The meetings after the next, soonest first, then those before the last, latest first. */
    get others() {
        const { upcoming, past } = this.state.box;
        const titled = (title) => (meeting, index) => ({ meeting, title: index ? "" : title });
        return [
            ...upcoming.slice(1).map(titled(_t("Later"))),
            ...past.slice(1).map(titled(_t("Earlier"))),
        ];
    }

    get hasMore() {
        const { total, upcoming, past } = this.state.box;
        return total > upcoming.length + past.length;
    }

    async choose(box, forCompany = false) {
        await this.orm.call(this.resModel, "set_synced_meetings_box", [box, forCompany]);
        this.state.box.box = box;
        const { root } = this.props.record.model;
        if (!(await root.isDirty())) {
            await root.load(); // the buttons above follow
        }
    }

    async showAll() {
        const method = "action_view_synced_meetings";
        this.action.doAction(await this.orm.call(this.resModel, method, [this.resId]));
    }

    /** Opens a new meeting with this contact, or for this opportunity. */
    create() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "synced.meeting",
            views: [[false, "form"]],
            context: this.state.box.defaults,
        });
    }

    connect() {
        return this.action.doAction("synced_meetings.action_account");
    }
}

export const contactBox = { component: ContactBox };

registry.category("view_widgets").add("synced_meetings_box", contactBox);
