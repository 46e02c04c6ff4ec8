import { _t } from "@web/core/l10n/translation";
import { renderToString } from "@web/core/utils/render";
import { formatDay } from "../meeting/meeting_time";
import { MeetingCalendarCommonRenderer } from "./meeting_calendar_common_renderer";
import { AGENDA_DAYS } from "./scales";

const { DateTime } = luxon;

/** The meetings as a list by day; days without any are not shown. */
export class AgendaRenderer extends MeetingCalendarCommonRenderer {
    static eventTemplate = "synced_meetings.AgendaEvent";

    /** @override */
    get options() {
        return {
            ...super.options,
            initialView: "agenda",
            views: {
                agenda: { type: "list", duration: { days: AGENDA_DAYS }, dateAlignment: "day" },
            },
            weekNumbers: false,
            allDayContent: _t("All day"),
            noEventsText: _t("No meetings in these four weeks"),
        };
    }

    /** @override */
    getHeaderHtml({ date, textId }) {
        const day = DateTime.fromJSDate(date);
        const words = { textId, day: formatDay(day), isToday: day.hasSame(DateTime.local(), "day") };
        return { html: renderToString("synced_meetings.AgendaDay", words) };
    }

    /** @override a row of a table takes no background of its own */
    onEventDidMount({ el, event }) {
        el.dataset.eventId = event.id;
    }
}
