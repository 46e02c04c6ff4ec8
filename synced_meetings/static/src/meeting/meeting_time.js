import { deserializeDate, deserializeDateTime } from "@web/core/l10n/dates";
import { is24HourFormat } from "@web/core/l10n/time";

const { DateTime } = luxon;

/**
 * When a meeting is. The days of an all-day meeting are the same for every reader, wherever they
 * are: they are never computed from an instant.
 *
 * @typedef {{ start: DateTime, stop: DateTime, allday: boolean }} Span `stop` of an all-day meeting
 *  is its last day, included
 */

const asDay = (value) => (typeof value === "string" ? deserializeDate(value) : value);
const asMoment = (value) => (typeof value === "string" ? deserializeDateTime(value) : value);

/**
 * Reads a span from a record's data or from what the server sent.
 *
 * @param {Object} meeting with start, stop, allday, start_date and stop_date
 * @returns {Span}
 */
export function spanOf(meeting) {
    if (meeting.allday) {
        const start = asDay(meeting.start_date);
        return { start, stop: asDay(meeting.stop_date) || start, allday: true };
    }
    return { start: asMoment(meeting.start), stop: asMoment(meeting.stop), allday: false };
}

/** @returns {string} "Wed 25 Nov", with the year where it is not this one */
export function formatDay(day) {
    const year = day.hasSame(DateTime.local(), "year") ? {} : { year: "numeric" };
    return day.toLocaleString({ weekday: "short", day: "numeric", month: "short", ...year });
}

/** @returns {string} "10:00" or "10:00 am" */
export function formatClock(moment) {
    return moment.toFormat(is24HourFormat() ? "HH:mm" : "h:mm a");
}

/**
 * @param {Span} span
 * @returns {string} "Wed 25 Nov, 10:00 – 11:00", or days only
 */
export function formatSpan({ start, stop, allday }) {
    const sameDay = start.hasSame(stop, "day");
    if (allday) {
        return sameDay ? formatDay(start) : `${formatDay(start)} – ${formatDay(stop)}`;
    }
    const until = sameDay ? formatClock(stop) : `${formatDay(stop)}, ${formatClock(stop)}`;
    return `${formatDay(start)}, ${formatClock(start)} – ${until}`;
}

/** @returns {string} "Wed 25 Nov, 10:00": where there is no room for the end */
export function formatStart({ start, allday }) {
    return allday ? formatDay(start) : `${formatDay(start)}, ${formatClock(start)}`;
}

/**
 * @param {Span} span
 * @param {string} zone in which the meeting was made
 * @returns {string} "9:00 – 10:00 (America/New York)"; "" where the reader's clock says the same
 */
export function formatThere({ start, stop, allday }, zone) {
    const there = allday || !zone ? null : start.setZone(zone);
    if (!there?.isValid || there.offset === start.offset) {
        return "";
    }
    const day = there.toISODate() === start.toISODate() ? "" : `${formatDay(there)}, `;
    const until = formatClock(stop.setZone(zone));
    return `${day}${formatClock(there)} – ${until} (${zone.replaceAll("_", " ")})`;
}

/** @returns {string} "tomorrow", "12 days ago", "in 3 months" */
export function formatDistance({ start }) {
    const today = DateTime.local().startOf("day");
    const days = Math.abs(start.startOf("day").diff(today, "days").days);
    const unit = days < 45 ? "days" : days < 700 ? "months" : "years";
    return start.toRelativeCalendar({ unit });
}
