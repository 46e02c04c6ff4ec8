import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

export const SHOWN_AS = {
    busy: _t("Busy"),
    tentative: _t("Tentative"),
    oof: _t("Out of office"),
    elsewhere: _t("Working elsewhere"),
    free: _t("Free"),
};

/**
 * When a person is busy, as the server tells those who may not read the meetings.
 *
 * @typedef {{ start: DateTime, end: DateTime, isAllDay: boolean, showAs: string }} Busy
 */

/** Whole days are the person's own: by their clocks they begin and end at midnight. */
function spanOf({ start, stop, allday }, zone) {
    const [from, until] = [deserializeDateTime(start), deserializeDateTime(stop)];
    if (!allday || !zone) {
        return { start: from, end: until };
    }
    const here = (moment) => moment.setZone(zone).setZone(from.zone, { keepLocalTime: true });
    return { start: here(from), end: here(until) };
}

/**
 * @param {Object} row of `synced.meeting.availability`
 * @returns {Busy[]} what the reader sees no meeting of
 */
export function hiddenTimes(row) {
    return row.busy
        .filter((one) => !one.meeting_id)
        .map((one) => ({ ...spanOf(one, row.timezone), isAllDay: one.allday, showAs: one.show_as }));
}

/** @returns {{ start: DateTime, end: DateTime }[]} when the person of a row works */
export function workingTimes(row) {
    return row.working.map(([start, stop]) => ({
        start: deserializeDateTime(start),
        end: deserializeDateTime(stop),
    }));
}

/** @returns {Object[]} grey blocks for FullCalendar: somebody is busy, and nothing else */
export function busyEvents(rows) {
    return rows.flatMap((row) =>
        hiddenTimes(row).map((busy, index) => ({
            id: `busy-${row.key}-${index}`,
            title: `${SHOWN_AS[busy.showAs]} · ${row.name}`,
            start: busy.isAllDay ? busy.start.toISODate() : busy.start.toISO(),
            end: busy.isAllDay ? busy.end.toISODate() : busy.end.toISO(),
            allDay: busy.isAllDay,
            editable: false,
            interactive: false,
            classNames: ["o_synced_busy", `o_synced_as_${busy.showAs}`],
        }))
    );
}

/** @returns {Object[]} what lies outside somebody's hours of work, as a background */
export function offHours(row) {
    return workingTimes(row).map(({ start, end }) => ({
        start: start.toISO(),
        end: end.toISO(),
        groupId: "work",
        display: "inverse-background",
        classNames: ["o_synced_off"],
    }));
}
