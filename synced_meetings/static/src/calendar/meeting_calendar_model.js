import { browser } from "@web/core/browser/browser";
import { serializeDate, serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { CalendarModel } from "@web/views/calendar/calendar_model";
import { formatClock } from "../meeting/meeting_time";

export class MeetingCalendarModel extends CalendarModel {
    /** A week does not fit on a phone. */
    getLocalStorageScale() {
        const chosen = browser.localStorage.getItem(this.storageKey);
        return !chosen && this.env.isSmall ? "day" : super.getLocalStorageScale();
    }

    /**
     * Whole days are placed by their dates. As instants they would slip to the day before or after
     * for readers far from the zone in which the meeting was made.
     *
     * @override
     */
    normalizeRecord(rawRecord) {
        const { allday, start_date, stop_date } = rawRecord;
        const dates = allday && start_date ? { start: start_date, stop: stop_date } : {};
        const record = super.normalizeRecord({ ...rawRecord, ...dates });
        return {
            ...record,
            ...this.marks(rawRecord),
            rawRecord,
            clock: formatClock(record.start),
            isCompact: record.duration < (this.env.isSmall ? 1.25 : 1), // room for one line
        };
    }

    /**
     * Whole days go out as dates: as instants they would be the day before or after for some.
     *
     * @override
     */
    buildRawRecord(partialRecord, options) {
        const { start, isAllDay } = partialRecord;
        const end = partialRecord.end?.isValid ? partialRecord.end : null;
        const name = { name: partialRecord.title };
        if (isAllDay) {
            const days = { start_date: serializeDate(start), stop_date: serializeDate(end || start) };
            return { ...name, allday: true, ...days };
        }
        const stop = end || start.plus({ hours: options?.duration_hour || 1 });
        const moments = { start: serializeDateTime(start), stop: serializeDateTime(stop) };
        return { ...name, allday: false, ...moments };
    }

    /** @override what was clicked, a whole day or an hour, whatever the scale */
    makeContextDefaults(rawRecord) {
        const context = { ...this.meta.context };
        for (const name of ["name", "allday", "start", "stop", "start_date", "stop_date"]) {
            if (rawRecord[name] !== undefined) {
                context[`default_${name}`] = rawRecord[name];
            }
        }
        return context;
    }

    /** @override only what the reader may change is moved; the others go back, and say why */
    async updateRecord(record, options) {
        try {
            await super.updateRecord(this.asTimed(record), options);
        } catch (error) {
            await this.load();
            throw error;
        }
        await this.tellWhoDoesNotKnow(record.id);
    }

    /** A meeting of more than a day is shown among whole days, and keeps its hours when moved. */
    asTimed(record) {
        const known = this.records[record.id];
        const isLong = known?.end.diff(known.start, "hours").hours >= 24;
        if (!record.isAllDay || known?.isAllDay || !isLong) {
            return record;
        }
        const moved = (moment, from, to) =>
            moment.plus({ days: Math.round(to.startOf("day").diff(from.startOf("day"), "days").days) });
        const start = moved(known.start, known.start, record.start);
        return { ...record, isAllDay: false, start, end: moved(known.end, known.start, start) };
    }

    async tellWhoDoesNotKnow(id) {
        const names = ["telling_text", "invite_state"];
        const [meeting] = await this.orm.read(this.resModel, [id], names);
        if (meeting?.telling_text && meeting.invite_state !== "sending") {
            this.notification.add(meeting.telling_text, { title: _t("Saved; nobody got a mail") });
        }
    }

    /** How a meeting is told apart at a glance. */
    marks(rawRecord) {
        const { answers, privacy, provider, series_id, state } = rawRecord;
        const own = answers ? answers.own : "";
        return {
            answers,
            isException: rawRecord.is_exception,
            isHatched: state === "tentative" || own === "tentative",
            isPrivate: privacy === "private",
            isSeries: Boolean(series_id),
            isStriked: state === "cancelled" || own === "declined",
            isUnanswered: own === "needs_action",
            provider: provider || "",
            providerLabel: Object.fromEntries(this.fields.provider.selection)[provider] || "",
            titleIcon: privacy === "private" ? "fa fa-lock" : "",
        };
    }

    /** @override whole days are compared as dates, for the same reason */
    computeRangeDomain({ range }) {
        return [
            "|",
            "&",
            "&",
            ["allday", "=", true],
            ["start_date", "<=", serializeDate(range.end)],
            ["stop_date", ">=", serializeDate(range.start)],
            "&",
            "&",
            ["allday", "=", false],
            ["start", "<=", serializeDateTime(range.end)],
            ["stop", ">=", serializeDateTime(range.start)],
        ];
    }

    /** @override they are people, whatever the field is called */
    async loadFilterSection() {
        return { ...(await super.loadFilterSection(...arguments)), label: _t("People") };
    }

    /** @override in the list of people, `user_id` is the person shown */
    fetchFilters(resModel, fieldNames) {
        return this.orm.searchRead(resModel, [["owner_id", "=", user.userId]], fieldNames);
    }
}
