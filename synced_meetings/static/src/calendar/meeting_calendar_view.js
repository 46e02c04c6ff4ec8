import { registry } from "@web/core/registry";
import { calendarView } from "@web/views/calendar/calendar_view";
import { MeetingCalendarController } from "./meeting_calendar_controller";
import { MeetingCalendarModel } from "./meeting_calendar_model";
import { MeetingCalendarRenderer } from "./meeting_calendar_renderer";

export const meetingCalendarView = {
    ...calendarView,
    Controller: MeetingCalendarController,
    Model: MeetingCalendarModel,
    Renderer: MeetingCalendarRenderer,
};

registry.category("views").add("synced_meeting_calendar", meetingCalendarView);
