import { useService } from "@web/core/utils/hooks";
import { CalendarCommonPopover } from "@web/views/calendar/calendar_common/calendar_common_popover";

import { onWillStart } from "@odoo/owl";
import { placeAddress, webAddress } from "../meeting/address";
import { Guests } from "../meeting/guests";
import { formatSpan, formatThere, spanOf } from "../meeting/meeting_time";
import { ProviderBadge } from "../meeting/provider_badge";

const DETAILS = ["guests", "recurrence_text", "standing", "url"];

/** What a click on a meeting shows; what only this shows is read for this meeting alone. */
export class MeetingCalendarPopover extends CalendarCommonPopover {
    static subTemplates = {
        ...CalendarCommonPopover.subTemplates,
        body: "synced_meetings.MeetingCalendarPopover.body",
        footer: "synced_meetings.MeetingCalendarPopover.footer",
    };
    static components = { ...CalendarCommonPopover.components, Guests, ProviderBadge };

    /** @override */
    setup() {
        super.setup();
        const orm = useService("orm");
        const { model, record } = this.props;
        onWillStart(async () => {
            const [details] = await orm.read(model.resModel, [record.id], DETAILS);
            this.meeting = { ...record.rawRecord, ...details };
        });
    }

    get when() {
        return formatSpan(spanOf(this.meeting));
    }

    get there() {
        return formatThere(spanOf(this.meeting), this.meeting.timezone);
    }

    get placeHref() {
        return placeAddress(this.meeting.location);
    }

    get joinHref() {
        return webAddress(this.meeting.conference_url);
    }

    get remoteHref() {
        return webAddress(this.meeting.url);
    }
}
