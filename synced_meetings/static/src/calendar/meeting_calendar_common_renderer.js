import { renderToFragment } from "@web/core/utils/render";
import { CalendarCommonRenderer } from "@web/views/calendar/calendar_common/calendar_common_renderer";
import { busyEvents, offHours } from "./busy_times";
import { MeetingCalendarPopover } from "./meeting_calendar_popover";

export class MeetingCalendarCommonRenderer extends CalendarCommonRenderer {
    static eventTemplate = "synced_meetings.MeetingCalendarEvent";
    static components = { ...CalendarCommonRenderer.components, Popover: MeetingCalendarPopover };

    /** @override meetings are reached and opened by the keyboard too */
    get options() {
        return { ...super.options, eventInteractive: true };
    }

    /** @override the meetings, when others are busy, and when the reader does not work */
    mapRecordsToEvents() {
        const { model } = this.props;
        const own = model.busyRows.find((row) => row.user_id === model.ownId);
        return [
            ...super.mapRecordsToEvents(),
            ...busyEvents(model.busyRows.filter((row) => row !== own)),
            ...(own && this.hasHours ? offHours(own) : []),
        ];
    }

    get hasHours() {
        return ["day", "week"].includes(this.props.model.scale);
    }

    /** @override only what the reader may change can be dragged */
    convertRecordToEvent(record) {
        const { editable } = record.rawRecord;
        const event = super.convertRecordToEvent(record);
        return editable === undefined ? event : { ...event, editable };
    }

    /** @override */
    eventClassNames({ event }) {
        const classes = super.eventClassNames(...arguments);
        const record = this.props.model.records[event.id];
        if (record) {
            classes.push(`o_synced_color_${record.color}`);
        }
        return [
            ...classes,
            ...(record?.isUnanswered ? ["o_synced_unanswered"] : []),
            ...(record?.isUnsent ? ["o_synced_unsent"] : []),
        ];
    }

    /** @override */
    onEventContent({ event }) {
        if (this.props.model.records[event.id] || event.display !== "auto") {
            return super.onEventContent(...arguments);
        }
        const words = { title: event.title };
        return { domNodes: renderToFragment("synced_meetings.BusyEvent", words).children };
    }

    /** @override that somebody is busy is all there is to say */
    onEventClick(info) {
        if (this.props.model.records[info.event.id]) {
            super.onEventClick(info);
        }
    }

    /** @override a background is no meeting to point at */
    onEventMouseEnter(info) {
        if (info.event.display === "auto") {
            super.onEventMouseEnter(info);
        }
    }
}
