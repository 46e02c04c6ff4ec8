import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";
import { useSyncEnd } from "../sync_status/sync_status_hook";
import { askDeletion } from "./deletion";
import { MeetingFormRenderer } from "./save_buttons";

/** Archiving would delete in the calendar without saying so: there is one door for that. */
function withoutArchive({ archive, unarchive, ...items }) {
    return items;
}

const deletes = (Controller) =>
    class extends Controller {
        /** @override */
        getStaticActionMenuItems() {
            const items = withoutArchive(super.getStaticActionMenuItems());
            return { ...items, delete: { ...items.delete, callback: () => this.askDeletion() } };
        }

        async askDeletion() {
            const { root } = this.model;
            const ids = await root.getResIds(true);
            const { dialog, orm } = this.env.services;
            await askDeletion({ dialog, orm }, ids, { done: () => root.load() });
        }
    };

export class MeetingListController extends deletes(listView.Controller) {}
export class MeetingKanbanController extends deletes(kanbanView.Controller) {}

export class MeetingFormController extends formView.Controller {
    /** @override */
    setup() {
        super.setup();
        useSyncEnd(() => this.refresh());
    }

    /** Shows what a run brought, unless somebody types. */
    async refresh() {
        const { root } = this.model;
        if (root.resId && !(await root.isDirty())) {
            await root.load();
        }
    }

    /** @override */
    getStaticActionMenuItems() {
        return withoutArchive(super.getStaticActionMenuItems());
    }
}

const views = registry.category("views");
views.add("synced_meeting_list", { ...listView, Controller: MeetingListController });
views.add("synced_meeting_kanban", { ...kanbanView, Controller: MeetingKanbanController });
views.add("synced_meeting_form", {
    ...formView,
    Controller: MeetingFormController,
    Renderer: MeetingFormRenderer,
});
