import { CalendarRenderer } from "@web/views/calendar/calendar_renderer";
import { AgendaRenderer } from "./agenda_renderer";
import { MeetingCalendarCommonRenderer } from "./meeting_calendar_common_renderer";
import { ScheduleRenderer } from "./schedule/schedule_renderer";

export class MeetingCalendarRenderer extends CalendarRenderer {
    static components = {
        ...CalendarRenderer.components,
        day: MeetingCalendarCommonRenderer,
        week: MeetingCalendarCommonRenderer,
        month: MeetingCalendarCommonRenderer,
        agenda: AgendaRenderer,
        schedule: ScheduleRenderer,
    };
}
