import { getStartOfLocalWeek } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { SIZES } from "@web/core/ui/ui_service";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, useEffect, useState } from "@odoo/owl";
import { formatClock, formatDay, formatSpan, spanOf } from "../meeting/meeting_time";
import { AvailabilityGrid } from "./availability_grid";
import { useAvailability, WEEKS_OF_SERIES } from "./availability_hook";
import { clashes, instantsOf, nextFree, repetitions } from "./slots";

const { DateTime } = luxon;
const SHOWN = 30; // people beside each other; of very many, nobody could see anything
const NAMED = 3;

/** When everybody can come, beside the form; a slot that is chosen here is filled in there. */
export class Availability extends Component {
    static template = "synced_meetings.Availability";
    static components = { AvailabilityGrid };
    static props = { ...standardWidgetProps };

    setup() {
        this.ui = useService("ui");
        this.state = useState({ open: false, mode: "day", day: this.draftDay });
        useEffect(
            () => this.show(this.draftDay),
            () => [this.draftDay.toISODate()]
        );
        this.availability = useAvailability(() => ({
            ...(this.isOpen ? this.people : { users: [], emails: [] }),
            day: this.state.day,
            repeats: !!this.data.repeat,
        }));
    }

    /** Where there is no room beside the form, it waits behind a button. */
    get folds() {
        return this.ui.size < SIZES.XL;
    }

    get isOpen() {
        return this.state.open || !this.folds;
    }

    // ---- the meeting ----

    get data() {
        return this.props.record.data;
    }

    get readonly() {
        return !this.data.editable;
    }

    get draft() {
        const span = spanOf(this.data);
        return span.start && span.stop && { ...instantsOf(span), allday: this.data.allday };
    }

    get draftDay() {
        return (this.draft?.start || DateTime.local()).startOf("day");
    }

    get people() {
        const organiser = this.data.user_id?.id || user.userId;
        const users = new Set([organiser, ...this.data.user_ids.currentIds]);
        const guests = this.data.attendee_ids.records.map((guest) => guest.data.email);
        const emails = new Set(guests.filter(Boolean));
        return {
            users: [...users].slice(0, SHOWN),
            emails: [...emails].slice(0, Math.max(SHOWN - users.size, 0)),
            more: Math.max(users.size + emails.size - SHOWN, 0),
        };
    }

    /** The meeting itself keeps nobody from coming to it. */
    get rows() {
        const own = this.props.record.resId;
        return this.availability.state.rows.map((row) => ({
            ...row,
            busy: row.busy.filter((busy) => !own || busy.meeting_id !== own),
        }));
    }

    pick({ start, stop }) {
        const whole = this.data.allday ? { allday: false } : {};
        return this.props.record.update({ ...whole, start, stop });
    }

    // ---- what is shown ----

    get days() {
        const first = this.week ? getStartOfLocalWeek(this.state.day) : this.state.day;
        return this.week ? [0, 1, 2, 3, 4, 5, 6].map((days) => first.plus({ days })) : [first];
    }

    get week() {
        return this.state.mode === "week";
    }

    get title() {
        const { days } = this;
        return this.week ? formatSpan({ start: days[0], stop: days[6], allday: true }) : formatDay(days[0]);
    }

    get columns() {
        if (this.week) {
            return this.days.map((day) => ({
                key: day.toISODate(),
                title: day.toFormat("ccc\nd"),
                hint: formatDay(day),
                day,
                lanes: this.rows,
            }));
        }
        return this.rows.map((row) => ({
            key: row.key,
            title: row.user_id === user.userId ? _t("Me") : row.name.split("@")[0],
            hint: row.known ? row.name : `${row.name}: ${this.why(row)}`,
            unknown: !row.known,
            day: this.state.day,
            lanes: [row],
        }));
    }

    why(row) {
        return row.reason || _t("no calendar is connected, so nobody knows");
    }

    show(day) {
        this.state.day = day;
    }

    leaf(by) {
        this.show(this.state.day.plus(this.week ? { weeks: by } : { days: by }));
    }

    // ---- what is said ----

    get clashes() {
        return this.draft ? clashes(this.rows, this.draft) : [];
    }

    get saidClashes() {
        return this.clashes.slice(0, NAMED).map(({ row, busy }, index) => ({
            index,
            text: [row.name, this.toldTime(busy), busy.name]
                .filter(Boolean)
                .join(" · "),
        }));
    }

    /** By the clock alone where the day is the meeting's own. */
    toldTime({ start, stop }) {
        const sameDay = [start, stop].every((moment) => moment.hasSame(this.draft.start, "day"));
        return sameDay
            ? `${formatClock(start)} – ${formatClock(stop)}`
            : formatSpan({ start, stop, allday: false });
    }

    get moreClashes() {
        return this.clashes.length - this.saidClashes.length;
    }

    /** Those of a new series who cannot come to one of its first meetings. */
    get laterClashes() {
        const { rows, draft } = this;
        if (!draft || !this.data.repeat) {
            return [];
        }
        const end = getStartOfLocalWeek(this.state.day).plus({ weeks: WEEKS_OF_SERIES });
        return repetitions(draft, this.data, end).flatMap((span) => {
            const names = new Set(clashes(rows, span).map(({ row }) => row.name));
            const text = `${formatDay(span.start)} · ${[...names].join(", ")}`;
            return names.size ? [{ key: span.start.toISO(), text }] : [];
        });
    }

    get unknown() {
        return this.rows.filter((row) => !row.known);
    }

    get saidUnknown() {
        const names = this.unknown.slice(0, NAMED).map((row) => row.name);
        const more = this.unknown.length - names.length;
        return [...names, ...(more ? [_t("%s more", more)] : [])].join(", ");
    }

    get suggestions() {
        if (!this.draft) {
            return [];
        }
        const after = DateTime.max(this.state.day, DateTime.local());
        const length = this.draft.allday ? { hours: 1 } : this.draft.stop.diff(this.draft.start);
        return nextFree(this.rows, { after, length }).map((span) => ({
            span,
            key: span.start.toISO(),
            text: span.start.hasSame(this.state.day, "day")
                ? formatClock(span.start)
                : `${formatDay(span.start)} ${formatClock(span.start)}`,
        }));
    }
}

export const availability = { component: Availability };

registry.category("view_widgets").add("synced_availability", availability);
