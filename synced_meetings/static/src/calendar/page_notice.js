import { useBus } from "@web/core/utils/hooks";

import { Component, useExternalListener, useState } from "@odoo/owl";

/** One line where there is nothing to see: why, and what to do next. */
export class PageNotice extends Component {
    static template = "synced_meetings.PageNotice";
    static props = { model: Object };

    setup() {
        this.state = useState({ isLoading: false });
        useBus(this.model.bus, "loading", ({ detail }) => (this.state.isLoading = detail));
        useExternalListener(window, "online", () => this.model.trouble && this.model.load());
    }

    get model() {
        return this.props.model;
    }

    get kind() {
        const { trouble, records, shownPeople } = this.model;
        if (this.state.isLoading) {
            return "loading";
        }
        if (trouble) {
            return trouble.kind;
        }
        if (Object.keys(records).length) {
            return "";
        }
        return shownPeople.length ? "empty" : "nobody";
    }
}
