import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";

import { Component, onMounted, onWillStart, onWillUnmount, useState } from "@odoo/owl";

const { DateTime } = luxon;
const LOOK_EVERY = 10_000;
const TONES = { error: "warning", paused: "warning", reauth: "danger", connected: "success" };

/** What a duration in seconds is called. */
export function spoken(seconds) {
    if (seconds < 120) {
        return _t("%s s", seconds);
    }
    return seconds < 7_200
        ? _t("%s min", Math.round(seconds / 60))
        : _t("%s h", Math.round(seconds / 3_600));
}

/** The numbers above the list of connections; a number of connections shows only those. */
export class HealthSummary extends Component {
    static template = "synced_meetings.HealthSummary";
    static props = { model: Object };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.bus = useService("bus_service");
        this.state = useState({ health: null });
        onWillStart(() => this.read());
        const again = () => document.hidden || this.refresh();
        let timer;
        // Not before: what is never mounted is never told that it ends.
        onMounted(() => {
            timer = browser.setInterval(again, LOOK_EVERY);
            this.bus.subscribe("synced_meetings/health", again);
        });
        onWillUnmount(() => {
            browser.clearInterval(timer);
            this.bus.unsubscribe("synced_meetings/health", again);
        });
    }

    async read() {
        this.state.health = await this.orm.silent.call("synced.account", "health", []);
    }

    /** Read the numbers and the list; not the list while something in it is selected. */
    async refresh() {
        await this.read();
        if (this.props.model.isReady && !this.props.model.root.selection?.length) {
            await this.props.model.root.load();
        }
    }

    get states() {
        return this.state.health.states.map((one) => ({
            ...one,
            tone: one.count ? TONES[one.state] || "info" : "muted",
        }));
    }

    get facts() {
        const { never, backlog, lag, quarantine, last_run } = this.state.health;
        const run = last_run && deserializeDateTime(last_run).toRelative({ base: DateTime.now() });
        return [
            { name: "never", label: _t("Never connected"), value: never },
            { name: "backlog", label: _t("Backlog"), value: backlog },
            { name: "lag", label: _t("Lag (p95)"), value: spoken(lag) },
            { name: "quarantine", label: _t("Quarantine"), value: quarantine },
            { name: "last_run", label: _t("Last run"), value: run || _t("never") },
        ];
    }

    show(state) {
        const { searchModel } = this.env;
        const items = searchModel.getSearchItems((item) => item.type === "filter");
        const found = items.find((item) => item.name === state);
        const others = items.filter((item) => item.isActive && item !== found);
        for (const item of [...others, found]) {
            searchModel.toggleSearchItem(item.id);
        }
    }

    diagnose() {
        return this.action.doAction("synced_meetings.action_doctor");
    }
}

class HealthListController extends ListController {
    static template = "synced_meetings.HealthListView";
    static components = { ...ListController.components, HealthSummary };
}

class HealthKanbanController extends KanbanController {
    static template = "synced_meetings.HealthKanbanView";
    static components = { ...KanbanController.components, HealthSummary };
}

registry.category("views").add("synced_health_list", { ...listView, Controller: HealthListController });
registry
    .category("views")
    .add("synced_health_kanban", { ...kanbanView, Controller: HealthKanbanController });
