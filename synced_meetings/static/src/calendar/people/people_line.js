import { CalendarMobileFilterPanel } from "@web/views/calendar/mobile_filter_panel/calendar_mobile_filter_panel";

/** Whose meetings are shown, on a phone: with their colours. */
export class PeopleLine extends CalendarMobileFilterPanel {
    /** @override */
    getFilterColor({ person }) {
        return `o_synced_dot o_synced_color_${person ? person.color : 0}`;
    }
}
