import { _t } from "@web/core/l10n/translation";
import { SCALE_LABELS as CORE_LABELS } from "@web/views/calendar/calendar_controller";
import { formatClock, formatDay } from "../meeting/meeting_time";
import { windowOf, WIDTHS } from "./schedule/timeline";

const { DateTime } = luxon;

export const SCALES = ["day", "week", "schedule", "month", "agenda", "year"];
export const SCALE_LABELS = { ...CORE_LABELS, schedule: _t("Schedule"), agenda: _t("Agenda") };
export const AGENDA_DAYS = 28;
const NEAR = { day: "numeric", month: "short" };
const FAR = { ...NEAR, year: "numeric" };

/**
 * Which days a scale of ours shows.
 *
 * @param {{ scale: string, date: DateTime, width: string, hours: Object }} meta
 * @returns {{ start: DateTime, end: DateTime } | null} null for the scales of core
 */
export function rangeOf({ scale, date, width, hours }) {
    if (scale === "agenda") {
        const start = date.startOf("day");
        return { start, end: start.plus({ days: AGENDA_DAYS - 1 }).endOf("day") };
    }
    if (scale === "schedule") {
        return windowOf(date, width, hours);
    }
    return null;
}

/**
 * @param {{ scale: string, date: DateTime, width: string }} meta
 * @param {1 | -1} direction
 * @returns {DateTime} the date one page further or back
 */
export function turned({ scale, date, width }, direction) {
    const steps = { agenda: { days: AGENDA_DAYS }, schedule: WIDTHS[width] };
    const step = steps[scale] || { [`${scale}s`]: 1 };
    return direction > 0 ? date.plus(step) : date.minus(step);
}

/** @returns {string} "Wed 25 Nov", "Wed 25 Nov, 10:00 – 14:00", "23 Nov – 29 Nov" */
export function titleOf({ scale, width }, { start, end }) {
    const last = end.minus({ milliseconds: 1 });
    if (!start.hasSame(last, "day")) {
        const far = last.hasSame(DateTime.local(), "year") ? NEAR : FAR;
        return `${start.toLocaleString(NEAR)} – ${last.toLocaleString(far)}`;
    }
    const isPart = scale === "schedule" && WIDTHS[width].hours;
    return isPart ? `${formatDay(start)}, ${formatClock(start)} – ${formatClock(end)}` : formatDay(start);
}
