/**
 * Where times stand in a day, by the reader's clocks, and which times are free.
 *
 * A day is drawn by what its clocks show: 10:00 stands at the same height on every day, on those
 * that have 23 or 25 hours, too.
 *
 * @typedef {{ start: DateTime, stop: DateTime }} Span
 */

const { DateTime } = luxon;

export const SLOT = 30; // minutes that a click is exact to
export const STEP = 15; // and a drag
export const DAY = 1440;

/** @returns {number} minutes that the clocks show at a moment, within this day */
export function minuteOf(moment, day) {
    const from = day.startOf("day");
    if (moment <= from) {
        return 0;
    }
    return moment < from.plus({ days: 1 }) ? moment.hour * 60 + moment.minute : DAY;
}

/** @returns {DateTime} when the clocks show so many minutes on this day */
export function momentAt(day, minute) {
    const at = { hour: Math.floor(minute / 60) % 24, minute: minute % 60 };
    return day.startOf("day").plus({ days: Math.floor(minute / DAY) }).set(at);
}

/** @returns {{from: number, to: number}|null} where a span stands in a day; null: elsewhere */
export function placeOf({ start, stop }, day) {
    const first = day.startOf("day");
    if (stop <= first || start >= first.plus({ days: 1 })) {
        return null;
    }
    const from = Math.min(minuteOf(start, day), DAY - STEP);
    return { from, to: Math.max(minuteOf(stop, day), from + STEP) };
}

export const snap = (minute, step, round = Math.round) =>
    Math.min(Math.max(round(minute / step) * step, 0), DAY);

export const overlaps = (a, b) => a.start < b.stop && a.stop > b.start;

/** @returns {Span} what a drag from one minute to another chooses; at least one slot */
export function chosen(day, from, to) {
    const [first, last] = from <= to ? [from, to] : [to, from];
    const start = snap(first, SLOT, Math.floor);
    const stop = Math.max(snap(last, STEP), start + SLOT);
    return { start: momentAt(day, start), stop: momentAt(day, stop) };
}

/** @returns {Span} as long as it was, from another moment on */
export const moved = ({ start, stop }, to) => ({ start: to, stop: to.plus(stop.diff(start)) });

/** Whole days come from dates, and end with their last day. */
export function instantsOf({ start, stop, allday }) {
    return allday
        ? { start: start.startOf("day"), stop: stop.startOf("day").plus({ days: 1 }) }
        : { start, stop };
}

const UNITS = { daily: "days", weekly: "weeks", monthly: "months", yearly: "years" };
const CODES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/**
 * The first repetitions of a meeting, itself left out, that begin before `end`.
 *
 * @param {Span} span
 * @param {Object} said the fields of a meeting by which a person says how it repeats
 * @returns {Span[]}
 */
export function repetitions(span, said, end) {
    const unit = UNITS[said.repeat];
    const every = Math.max(said.repeat_every || 1, 1);
    const days = said.repeat === "weekly" && said.repeat_days ? said.repeat_days.split(",") : [];
    const last = said.repeat_until?.endOf("day") || end;
    const found = [];
    for (let nth = 0; unit && span.start.plus({ [unit]: every * nth }).startOf("week") < end; nth++) {
        const start = span.start.plus({ [unit]: every * nth });
        const weekdays = days.map((code) => start.set({ weekday: CODES.indexOf(code.trim()) + 1 }));
        found.push(...(weekdays.length ? weekdays.sort((a, b) => a - b) : [start]));
    }
    return found
        .filter((start) => start > span.start && start <= last && start < end)
        .slice(0, said.repeat_count ? said.repeat_count - 1 : undefined)
        .map((start) => moved(span, start));
}

// ---- who can come ----

/** Whether somebody who is busy so cannot come: at another place one can be called. */
export const blocks = (busy) => busy.show_as !== "elsewhere";

/** @returns {Array} of {row, busy}: who cannot come, and why */
export function clashes(rows, span) {
    return rows.flatMap((row) =>
        row.busy
            .filter((busy) => blocks(busy) && overlaps(busy, span))
            .map((busy) => ({ row, busy }))
    );
}

const both = (some, others) =>
    some.flatMap((a) =>
        others
            .filter((b) => overlaps(a, b))
            .map((b) => ({
                start: DateTime.max(a.start, b.start),
                stop: DateTime.min(a.stop, b.stop),
            }))
    );

/** @returns {Span[]} when all work whose hours are known; the first one's where they never meet */
export function workingTogether(rows) {
    const hours = rows.map((row) => row.working).filter((working) => working.length);
    const common = hours.slice(1).reduce(both, hours[0] || []);
    return common.length ? common : hours[0] || [];
}

const upTo = (moment, step) => {
    const over = (moment.minute % step) + moment.second / 60 + moment.millisecond / 60000;
    return over ? moment.plus({ minutes: step - over }).startOf("minute") : moment;
};

/** @returns {Span[]} the next times, at most `count`, at which nobody is known to be busy */
export function nextFree(rows, { after, length, count = 3 }) {
    const busy = rows.flatMap((row) => row.busy.filter(blocks));
    const found = [];
    for (const { start, stop } of workingTogether(rows)) {
        let span = moved({ start, stop: start.plus(length) }, upTo(DateTime.max(start, after), SLOT));
        while (span.stop <= stop && found.length < count) {
            const taken = busy.filter((one) => overlaps(one, span)).map((one) => one.stop);
            if (!taken.length) {
                found.push(span);
            }
            span = moved(span, upTo(DateTime.max(...(taken.length ? taken : [span.stop])), SLOT));
        }
    }
    return found;
}
