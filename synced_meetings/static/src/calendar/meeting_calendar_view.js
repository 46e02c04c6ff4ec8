import { registry } from "@web/core/registry";
import { calendarView } from "@web/views/calendar/calendar_view";
import { MeetingCalendarArchParser } from "./meeting_calendar_arch_parser";
import { MeetingCalendarController } from "./meeting_calendar_controller";
import { MeetingCalendarModel } from "./meeting_calendar_model";
import { MeetingCalendarRenderer } from "./meeting_calendar_renderer";

export const meetingCalendarView = {
    ...calendarView,
    ArchParser: MeetingCalendarArchParser,
    Controller: MeetingCalendarController,
    Model: MeetingCalendarModel,
    Renderer: MeetingCalendarRenderer,
    buttonTemplate: "synced_meetings.MeetingCalendarController.controlButtons",
};

registry.category("views").add("synced_meeting_calendar", meetingCalendarView);
