import { is24HourFormat } from "@web/core/l10n/time";
import { formatClock } from "../../meeting/meeting_time";

/**
 * Where things stand on a time axis, in percent. All is reckoned in instants, so that a day on
 * which the clocks change is an hour longer or shorter.
 *
 * @typedef {{ start: DateTime, end: DateTime }} Span
 */

/** How much the schedule shows at once, and how far it turns. */
export const WIDTHS = {
    hour: { hours: 1 },
    part: { hours: 4 },
    workday: { days: 1 },
    day: { days: 1 },
    days: { days: 3 },
    week: { weeks: 1 },
};
const SNAP = { hour: 5, part: 5, workday: 15, day: 15, days: 30, week: 60 }; // minutes
const TICKS = { hour: 10, part: 30, workday: 60, day: 60, days: 360, week: 1440 };

/**
 * @param {DateTime} date a day, or an hour of it
 * @param {string} width
 * @param {{ start: number, end: number }} hours when the user works
 * @returns {Span}
 */
export function windowOf(date, width, hours) {
    const day = date.startOf("day");
    if (WIDTHS[width].hours) {
        // a day without an hour begins with work
        const start = date > day ? date.startOf("hour") : day.set({ hour: Math.floor(hours.start) });
        return { start, end: start.plus(WIDTHS[width]) };
    }
    if (width === "workday") {
        const [first, last] = [Math.floor(hours.start) - 2, Math.ceil(hours.end) + 3];
        return { start: day.set({ hour: Math.max(first, 0) }), end: day.set({ hour: Math.min(last, 24) }) };
    }
    const start = width === "week" ? day.startOf("week", { useLocaleWeeks: true }) : day;
    return { start, end: start.plus(WIDTHS[width]) };
}

/** @returns {{ left: number, width: number } | null} null where nothing of it is in view */
export function placeOf(span, window) {
    const length = window.end - window.start;
    const from = Math.max(span.start - window.start, 0);
    const until = Math.min(span.end - window.start, length);
    return until <= from ? null : { left: (from / length) * 100, width: ((until - from) / length) * 100 };
}

/** @returns {string} the place as CSS */
export function styleOf(place) {
    return `inset-inline-start: ${place.left.toFixed(3)}%; width: ${place.width.toFixed(3)}%`;
}

function clockOf(moment) {
    return moment.minute || is24HourFormat() ? formatClock(moment) : moment.toFormat("h a");
}

/** @returns {{ left: number, label: string, isDay: boolean }[]} the lines of the axis */
export function ticksOf(window, width) {
    const ticks = [];
    const step = TICKS[width];
    const next = step < 1440 ? (at) => at.plus({ minutes: step }) : (at) => at.plus({ days: 1 });
    const begin = step < 60 ? window.start : window.start.startOf("hour");
    for (let at = begin; at < window.end; at = next(at)) {
        const isDay = at.hour === 0 && at.minute === 0;
        const label = isDay && step >= 360 ? at.toFormat("ccc d") : clockOf(at);
        ticks.push({ left: ((at - window.start) / (window.end - window.start)) * 100, label, isDay });
    }
    return ticks;
}

/** @returns {Span[]} what of the window is in none of the spans */
export function gapsOf(window, spans) {
    const gaps = [];
    let { start } = window;
    for (const span of [...spans].sort((one, other) => one.start - other.start)) {
        if (span.start > start) {
            gaps.push({ start, end: span.start < window.end ? span.start : window.end });
        }
        start = span.end > start ? span.end : start;
    }
    return start < window.end ? [...gaps, { start, end: window.end }] : gaps;
}

/** Puts spans that overlap one below the other; returns them with their lanes. */
export function inLanes(spans) {
    const ends = [];
    return [...spans]
        .sort((one, other) => one.start - other.start || other.end - one.end)
        .map((span) => {
            const free = ends.findIndex((end) => end <= span.start);
            const lane = free < 0 ? ends.length : free;
            ends[lane] = span.end;
            return { ...span, lane };
        });
}

/**
 * @param {number} fraction 0 to 1, where on the axis somebody points
 * @returns {DateTime} the moment there, on a round number of minutes
 */
export function momentAt(fraction, window, width) {
    const minutes = (fraction * (window.end - window.start)) / 60_000;
    return window.start.plus({ minutes: Math.floor(minutes / SNAP[width]) * SNAP[width] });
}

/** @returns {Span} what was drawn between two points, never empty; a click is one hour */
export function drawn(from, to, window, width) {
    const [start, last] = [from, to].sort((one, other) => one - other);
    const begin = momentAt(start, window, width);
    const isClick = last - start < 0.005;
    const length = isClick ? { minutes: width === "hour" ? 30 : 60 } : { minutes: SNAP[width] };
    return { start: begin, end: (isClick ? begin : momentAt(last, window, width)).plus(length) };
}
