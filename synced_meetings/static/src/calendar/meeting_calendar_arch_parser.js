import { CalendarArchParser } from "@web/views/calendar/calendar_arch_parser";
import { SCALES } from "./scales";

/** Core knows day, week, month and year; the page has a schedule and an agenda too. */
export class MeetingCalendarArchParser extends CalendarArchParser {
    /** @override */
    parse() {
        return { ...super.parse(...arguments), scales: SCALES };
    }
}
