import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

import { onMounted, onWillUnmount } from "@odoo/owl";

const CHANGED = "synced_meetings/roll_out";
const AT_MOST_EVERY = 1_000;

/** Shows how many mailboxes are connected while the job is at it. */
export class RollOutFormController extends FormController {
    setup() {
        super.setup();
        const bus = useService("bus_service");
        let timer = null;
        const read = async () => {
            timer = null;
            const { root } = this.model;
            if (this.model.isReady && !(await root.isDirty())) {
                await root.load();
            }
        };
        const listener = ({ roll_out_id }) => {
            if (roll_out_id === this.model.root?.resId) {
                timer ??= setTimeout(read, AT_MOST_EVERY);
            }
        };
        onMounted(() => bus.subscribe(CHANGED, listener));
        onWillUnmount(() => {
            clearTimeout(timer);
            bus.unsubscribe(CHANGED, listener);
        });
    }
}

registry.category("views").add("synced_roll_out_form", {
    ...formView,
    Controller: RollOutFormController,
});
