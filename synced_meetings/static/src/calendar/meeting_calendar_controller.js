import { CalendarController } from "@web/views/calendar/calendar_controller";
import { SyncStatus } from "../sync_status/sync_status";

export class MeetingCalendarController extends CalendarController {
    static template = "synced_meetings.MeetingCalendarController";
    static components = { ...CalendarController.components, SyncStatus };

    get syncStatusProps() {
        return { onChanged: () => this.model.load() };
    }
}
