import { useService } from "@web/core/utils/hooks";

import { Component } from "@odoo/owl";
import { Answers } from "../meeting/answers";
import { formatDistance, formatSpan, formatStart, spanOf } from "../meeting/meeting_time";
import { ProviderBadge } from "../meeting/provider_badge";

/** One meeting in the box of a contact's card; all of it opens the meeting. */
export class ContactBoxRow extends Component {
    static template = "synced_meetings.ContactBoxRow";
    static components = { Answers, ProviderBadge };
    static props = {
        meeting: Object,
        title: { type: String, optional: true },
        main: { type: Boolean, optional: true },
    };

    setup() {
        this.action = useService("action");
    }

    get meeting() {
        return this.props.meeting;
    }

    get href() {
        return `/odoo/synced.meeting/${this.meeting.id}`;
    }

    get start() {
        return formatStart(spanOf(this.meeting));
    }

    get span() {
        return formatSpan(spanOf(this.meeting));
    }

    get distance() {
        return formatDistance(spanOf(this.meeting));
    }

    get who() {
        return this.meeting.who.join(", ");
    }

    open() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "synced.meeting",
            res_id: this.meeting.id,
            views: [[false, "form"]],
        });
    }
}
