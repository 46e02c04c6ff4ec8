import { CalendarCommonPopover } from "@web/views/calendar/calendar_common/calendar_common_popover";
import { placeAddress, webAddress } from "../meeting/address";
import { Guests } from "../meeting/guests";
import { formatSpan, formatThere, spanOf } from "../meeting/meeting_time";
import { ProviderBadge } from "../meeting/provider_badge";

/** What a click on a meeting shows; all of it was loaded with the page. */
export class MeetingCalendarPopover extends CalendarCommonPopover {
    static subTemplates = {
        ...CalendarCommonPopover.subTemplates,
        body: "synced_meetings.MeetingCalendarPopover.body",
        footer: "synced_meetings.MeetingCalendarPopover.footer",
    };
    static components = { ...CalendarCommonPopover.components, Guests, ProviderBadge };

    get meeting() {
        return this.props.record.rawRecord;
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
