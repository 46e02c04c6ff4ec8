import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component } from "@odoo/owl";
import { askDeletion } from "./deletion";

/** "Cancel meeting": for everybody, or only out of one's own calendar. */
export class CancelButton extends Component {
    static template = "synced_meetings.CancelButton";
    static props = { ...standardWidgetProps };

    async cancel() {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        const { dialog, orm } = this.env.services; // on a phone the menu with the button is gone
        await askDeletion({ dialog, orm }, [record.resId], {
            quiet: "action_cancel_quietly",
            words: {
                title: _t("Cancel “%s”?", record.data.display_name),
                confirmLabel: _t("Remove from my calendar"),
            },
            done: () => record.load(),
        });
    }
}

registry.category("view_widgets").add("synced_cancel", { component: CancelButton });
