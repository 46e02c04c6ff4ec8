import { registry } from "@web/core/registry";
import { useBus } from "@web/core/utils/hooks";
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
        this.isTyped = false; // in a field that has not told the record yet
        useBus(this.model.bus, "FIELD_IS_DIRTY", ({ detail }) => (this.isTyped = detail));
    }

    /** @override What is typed into a new meeting waits here: a look elsewhere is no reason to make it. */
    beforeVisibilityChange() {
        return this.model.root.isNew ? undefined : super.beforeVisibilityChange();
    }

    /** @override A new form into which nobody typed is no meeting. */
    async beforeUnload(ev) {
        const { root } = this.model;
        if (!root.isNew || root.dirty || this.isTyped) {
            return super.beforeUnload(ev);
        }
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
