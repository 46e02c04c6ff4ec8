import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component, onWillStart, onWillUnmount, onWillUpdateProps, useState } from "@odoo/owl";

const { DateTime } = luxon;

/** "Undo (8)": takes a sending back as long as it waits. */
export class UndoField extends Component {
    static template = "synced_meetings.UndoField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ left: 0, busy: false });
        onWillStart(() => this.start(this.props));
        onWillUpdateProps((next) => this.start(next));
        onWillUnmount(() => clearInterval(this.timer));
    }

    start(props) {
        clearInterval(this.timer);
        this.until = props.record.data[props.name];
        if (this.count() > 0) {
            this.timer = setInterval(() => this.tick(), 1000);
        }
    }

    count() {
        this.state.left = this.until ? Math.ceil(this.until.diff(DateTime.now(), "seconds").seconds) : 0;
        return this.state.left;
    }

    async tick() {
        if (this.count() > 0) {
            return;
        }
        clearInterval(this.timer);
        const { record } = this.props;
        await this.orm.silent.call(record.resModel, "wake_sending", [[record.resId]]);
        if (!(await record.isDirty())) {
            await record.load();
        }
    }

    get label() {
        return _t("Undo (%s)", this.state.left);
    }

    async undo() {
        this.state.busy = true;
        clearInterval(this.timer);
        const { record } = this.props;
        try {
            await this.orm.call(record.resModel, "action_undo_send", [[record.resId]]);
        } finally {
            this.state.busy = false;
            await record.load();
        }
    }
}

export const undoField = {
    component: UndoField,
    displayName: _t("Undo sending"),
    supportedTypes: ["datetime"],
};

registry.category("fields").add("synced_undo", undoField);
