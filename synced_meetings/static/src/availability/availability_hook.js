import { deserializeDateTime, getStartOfLocalWeek, serializeDateTime } from "@web/core/l10n/dates";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";

import { useEffect, useState } from "@odoo/owl";

const { DateTime } = luxon;
// Asked for at once: to leaf through, to look for a free time, and to see what repeats.
const WEEKS = 3;
export const WEEKS_OF_SERIES = 6;

/** @returns {Object} what the server sent of a person, with moments for times */
function readRow(row) {
    const span = ({ start, stop }) => ({
        start: deserializeDateTime(start),
        stop: deserializeDateTime(stop),
    });
    return {
        ...row,
        working: row.working.map(([start, stop]) => span({ start, stop })),
        busy: row.busy.map((busy) => ({ ...busy, ...span(busy) })),
    };
}

/** Puts what a calendar service says of people in the place of not knowing. */
function refined(rows, told) {
    const found = new Map(told.map((one) => [one.email, one]));
    return rows.map((row) => {
        const more = !row.known && found.get(row.email);
        if (!more) {
            return row;
        }
        const { busy } = readRow({ ...more, working: [] });
        return { ...row, known: more.known, reason: more.reason, busy: [...row.busy, ...busy] };
    });
}

/**
 * Keeps when people are free: what is known here at once, then what their services say.
 *
 * @param {() => {users: number[], emails: string[], day: DateTime, repeats: boolean}} wanted
 */
export function useAvailability(wanted) {
    const orm = useService("orm");
    const last = new KeepLast();
    const state = useState({ rows: [], loading: false, failed: false, tries: 0 });
    const again = () => state.tries++;

    const ask = (method, ...args) => last.add(orm.silent.call("synced.meeting", method, args));

    async function load({ users, emails, week, weeks }) {
        const start = DateTime.fromISO(week);
        const span = [start, start.plus({ weeks })].map(serializeDateTime);
        Object.assign(state, { loading: true, failed: false });
        try {
            state.rows = (await ask("availability", users, emails, ...span)).map(readRow);
        } catch {
            state.failed = true;
            return;
        } finally {
            state.loading = false;
        }
        const unknown = state.rows.filter((row) => !row.known && row.email);
        if (unknown.length) {
            const addresses = unknown.map((row) => row.email);
            // What is not told stays unknown: the panel says so already.
            const told = await ask("ask_availability", addresses, ...span).catch(() => []);
            state.rows = refined(state.rows, told);
        }
    }

    useEffect(
        (key) => {
            const asked = JSON.parse(key);
            if (asked.users.length || asked.emails.length) {
                load(asked);
            }
        },
        () => {
            const { users, emails, day, repeats } = wanted();
            const week = getStartOfLocalWeek(day).toISODate();
            const weeks = repeats ? WEEKS_OF_SERIES : WEEKS;
            return [JSON.stringify({ users, emails, week, weeks }), state.tries];
        }
    );
    return { state, again };
}
