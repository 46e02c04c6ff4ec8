import { formatClock, formatSpan } from "../../meeting/meeting_time";
import { hiddenTimes, SHOWN_AS, workingTimes } from "../busy_times";
import { gapsOf, inLanes, placeOf, styleOf } from "./timeline";

/** How a meeting that the reader sees takes up its people's time. */
function showAsOf({ rawRecord, isHatched }) {
    const { show_as } = rawRecord;
    return isHatched && (!show_as || show_as === "busy") ? "tentative" : show_as || "busy";
}

function meetingsOf(person, records) {
    const isTheirs = ({ user_id, user_ids }) =>
        user_ids.includes(person.userId) || user_id?.[0] === person.userId;
    return records
        .filter(({ rawRecord, isStriked }) => isTheirs(rawRecord) && !isStriked)
        .map((record) => ({
            key: `meeting-${record.id}`,
            record,
            start: record.start,
            end: record.isAllDay ? record.end.plus({ days: 1 }) : record.end,
            isAllDay: record.isAllDay,
            showAs: showAsOf(record),
            title: record.title,
        }));
}

/** What a block is called: it is told by words, not by its pattern alone. */
function hintOf({ start, end, isAllDay, showAs, title }) {
    const stop = isAllDay ? end.minus({ days: 1 }) : end;
    return `${title || SHOWN_AS[showAs]}, ${formatSpan({ start, stop, allday: isAllDay })} (${SHOWN_AS[showAs]})`;
}

function asBlock(span, window) {
    const place = placeOf(span, window);
    return {
        ...span,
        hint: hintOf(span),
        label: String(span.title || SHOWN_AS[span.showAs]),
        clock: span.isAllDay ? "" : formatClock(span.start),
        style: `${styleOf(place)}; --o-synced-lane: ${span.lane}`,
    };
}

/**
 * What is drawn for one person.
 *
 * @param {{ userId: number, name: string }} person
 * @param {Object} [busy] the row of `synced.meeting.availability`; none yet while it loads
 * @param {Object[]} records the meetings that the reader sees
 * @param {Object} window what is in view
 */
export function rowOf(person, busy, records, window) {
    const hidden = busy ? hiddenTimes(busy).map((one, index) => ({ ...one, key: `busy-${index}` })) : [];
    const spans = [...meetingsOf(person, records), ...hidden].filter((span) => placeOf(span, window));
    const blocks = inLanes(spans).map((span) => asBlock(span, window));
    const lanes = Math.max(1, ...blocks.map(({ lane }) => lane + 1));
    const off = busy?.working.length || busy?.known ? gapsOf(window, workingTimes(busy)) : [];
    return {
        person,
        blocks,
        style: `--o-synced-lanes: ${lanes}`,
        off: off.map((gap) => placeOf(gap, window)).filter(Boolean).map(styleOf),
        isUnknown: Boolean(busy && !busy.known),
        isLoading: !busy,
    };
}
