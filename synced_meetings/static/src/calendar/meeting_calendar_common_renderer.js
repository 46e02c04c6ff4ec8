import { CalendarCommonRenderer } from "@web/views/calendar/calendar_common/calendar_common_renderer";
import { MeetingCalendarPopover } from "./meeting_calendar_popover";

export class MeetingCalendarCommonRenderer extends CalendarCommonRenderer {
    static eventTemplate = "synced_meetings.MeetingCalendarEvent";
    static components = { ...CalendarCommonRenderer.components, Popover: MeetingCalendarPopover };

    /** @override meetings are reached and opened by the keyboard too */
    get options() {
        return { ...super.options, eventInteractive: true };
    }

    /** @override */
    eventClassNames({ event }) {
        const classes = super.eventClassNames(...arguments);
        const record = this.props.model.records[event.id];
        if (record?.isUnanswered) {
            classes.push("o_synced_unanswered");
        }
        return classes;
    }
}
