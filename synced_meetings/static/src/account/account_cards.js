import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";

import { Component } from "@odoo/owl";
import { ProviderBadge } from "../meeting/provider_badge";
import { useLiveAccounts } from "./live_accounts_hook";

/** One button for each service that can be connected. */
export class ProviderButtons extends Component {
    static template = "synced_meetings.ProviderButtons";
    static components = { ProviderBadge };
    static props = { list: Object };

    setup() {
        this.orm = useService("orm");
    }

    get providers() {
        return this.props.list.fields.provider.selection;
    }

    async add(provider) {
        await this.orm.create("synced.account", [{ provider }]);
        await this.props.list.model.load();
    }
}

export class AccountCardsRenderer extends KanbanRenderer {
    static template = "synced_meetings.AccountCardsRenderer";
    static components = { ...KanbanRenderer.components, ProviderButtons };
}

export class AccountCardsController extends KanbanController {
    static template = "synced_meetings.AccountCardsView";
    static components = { ...KanbanController.components, ProviderButtons };

    setup() {
        super.setup();
        useLiveAccounts(this.model, (root) => root.records);
    }
}

export const accountCardsView = {
    ...kanbanView,
    Controller: AccountCardsController,
    Renderer: AccountCardsRenderer,
};

registry.category("views").add("synced_account_cards", accountCardsView);
