import { browser } from "@web/core/browser/browser";
import { serializeDate, serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { user } from "@web/core/user";
import { CalendarModel } from "@web/views/calendar/calendar_model";
import { formatClock } from "../meeting/meeting_time";
import { moveMeeting } from "./moving";
import { rangeOf } from "./scales";
import { workHours } from "./work_hours";

const WIDTH_KEY = "synced_meetings.schedule_width";

/** The whole of what a narrow block has no room for. */
function factsOf(clock, { answers, isUnsent, providerLabel }) {
    const counts = [
        answers?.accepted && `✓${answers.accepted}`,
        answers?.needs_action && `?${answers.needs_action}`,
    ];
    return [clock, providerLabel, ...counts, isUnsent && _t("not sent")].filter(Boolean).join(" · ");
}

export class MeetingCalendarModel extends CalendarModel {
    static services = [...CalendarModel.services, "dialog"];

    /** @override */
    setup(params, services) {
        super.setup(...arguments);
        this.dialog = services.dialog;
        this.people = [];
        this.trouble = null;
        this.meta.width = browser.localStorage.getItem(WIDTH_KEY) || "workday";
        this.meta.hours = workHours();
        Object.assign(this.data, { busyRows: [], busyDays: new Set() });
    }

    /** @override what cannot be loaded is said on the page, which stays usable */
    async load(params = {}) {
        if (params.width) {
            browser.localStorage.setItem(WIDTH_KEY, params.width);
        }
        this.trouble = null;
        this.bus.trigger("loading", true);
        try {
            await super.load(params);
        } catch (error) {
            this.note(error);
        }
        this.bus.trigger("loading", false);
        if (!this.trouble) {
            this.loadBusy(); // others' times come after: nobody waits for them
        }
    }

    /** Keeps the page as it is, with what went wrong. */
    note(error) {
        if (error instanceof ConnectionLostError) {
            this.trouble = { kind: "offline" };
        } else if (error instanceof RPCError) {
            this.trouble = { kind: "error", message: error.data?.message || error.message };
        } else {
            throw error;
        }
        this.data = { ...this.data, range: this.computeRange() };
        this.notify();
    }

    /** Loads when people are busy; what is asked does not depend on how much there is. */
    async loadBusy() {
        const { data } = this;
        try {
            const [busyRows, busyDays] = await Promise.all([this.fetchBusy(data), this.fetchBusyDays()]);
            if (data === this.data) {
                this.data = { ...data, busyRows, busyDays: new Set(busyDays) };
                this.notify();
            }
        } catch {
            // The meetings stand, and who is unknown is shown as unknown.
        }
    }

    fetchBusy({ range }) {
        if (this.meta.scale === "year") {
            return [];
        }
        const ids = this.shownPeople.map((person) => person.userId);
        const span = [serializeDateTime(range.start), serializeDateTime(range.end)];
        const asked = [...new Set([user.userId, ...ids])];
        return this.orm.silent.call(this.resModel, "availability", [asked, [], ...span]);
    }

    /** The days with meetings in this month and those beside it, for the date picker. */
    fetchBusyDays() {
        const month = this.meta.date.startOf("month");
        const span = [month.minus({ months: 1 }), month.plus({ months: 2 })].map(serializeDate);
        const ids = this.shownPeople.map((person) => person.userId);
        return this.orm.silent.call(this.resModel, "busy_days", [...span, ids]);
    }

    get ownId() {
        return user.userId;
    }

    get busyRows() {
        return this.data.busyRows;
    }

    get busyDays() {
        return this.data.busyDays;
    }

    /** Whose meetings are shown, the reader first, the connected before the others. */
    get shownPeople() {
        const [section] = Object.values(this.data.filterSections);
        const filters = section ? section.filters : [];
        const order = new Map(this.people.map((person, index) => [person.userId, index]));
        return filters
            .filter((filter) => filter.active)
            .map((filter) => this.people[order.get(filter.value)])
            .filter(Boolean)
            .sort((one, other) => order.get(one.userId) - order.get(other.userId));
    }

    /** @override a month does not fit on a phone */
    getLocalStorageScale() {
        const chosen = browser.localStorage.getItem(this.storageKey);
        return !chosen && this.env.isSmall ? "agenda" : super.getLocalStorageScale();
    }

    /** @override */
    computeRange() {
        return rangeOf(this.meta) || super.computeRange();
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
        const clock = formatClock(record.start);
        const marks = this.marks(rawRecord);
        return {
            ...record,
            ...marks,
            rawRecord,
            clock,
            facts: factsOf(clock, marks),
            color: this.colorOf(rawRecord),
            colorIndex: null, // by person, and readable for all: see the palette
            hint: record.isAllDay ? record.title : `${record.title}, ${clock}`,
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
        const facts = { name: partialRecord.title };
        if (partialRecord.userIds?.length) {
            facts.user_ids = [[6, 0, partialRecord.userIds]];
        }
        if (isAllDay) {
            const days = { start_date: serializeDate(start), stop_date: serializeDate(end || start) };
            return { ...facts, allday: true, ...days };
        }
        const stop = end || start.plus({ hours: options?.duration_hour || 1 });
        const moments = { start: serializeDateTime(start), stop: serializeDateTime(stop) };
        return { ...facts, allday: false, ...moments };
    }

    /** @override what was clicked, a whole day or an hour, whatever the scale */
    makeContextDefaults(rawRecord) {
        const context = { ...this.meta.context };
        for (const name of ["name", "user_ids", "allday", "start", "stop", "start_date", "stop_date"]) {
            if (rawRecord[name] !== undefined) {
                context[`default_${name}`] = rawRecord[name];
            }
        }
        return context;
    }

    /** @override moved, and those who know the old time are thought of */
    updateRecord(record, options) {
        const { name, ...span } = this.buildRawRecord(this.asTimed(record), options);
        return moveMeeting(this, this.records[record.id], span);
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
            isUnsent: Boolean(rawRecord.editable && answers?.unsent),
            titleIcon: privacy === "private" ? "fa fa-lock" : "",
        };
    }

    /** The colour of the first person shown whose meeting it is; the reader comes first. */
    colorOf({ user_id, user_ids }) {
        const theirs = new Set([...(user_ids || []), user_id?.[0]]);
        const people = this.people.filter(({ checked, userId }) => checked && theirs.has(userId));
        return people.length ? people[0].color : 0;
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

    /** @override people with their calendar services and colours */
    async fetchFilters(resModel) {
        const found = await this.orm.call(resModel, "shown_people", []);
        this.people = found
            .map((one) => ({ ...one, userId: one.user_id[0], name: one.user_id[1] }))
            .sort((one, other) => Boolean(one.id) - Boolean(other.id) || !one.provider - !other.provider);
        return found.filter((one) => one.id);
    }

    /** @override */
    makeFilterRecord() {
        return this.asPerson(super.makeFilterRecord(...arguments));
    }

    /** @override */
    makeFilterUser() {
        return this.asPerson(super.makeFilterUser(...arguments));
    }

    asPerson(filter) {
        const person = this.people.find(({ userId }) => userId === filter.value);
        return { ...filter, colorIndex: null, person };
    }
}
