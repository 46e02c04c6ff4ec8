import { _t } from "@web/core/l10n/translation";
import { useCalendarPopover } from "@web/views/calendar/hooks/calendar_popover_hook";

import { Component } from "@odoo/owl";
import { MeetingCalendarPopover } from "../meeting_calendar_popover";
import { rowOf } from "./row";
import { ScheduleRow } from "./schedule_row";
import { placeOf, styleOf, ticksOf, WIDTHS } from "./timeline";

const { DateTime } = luxon;

const LABELS = {
    hour: _t("1 hour"),
    part: _t("4 hours"),
    workday: _t("Working day"),
    day: _t("Day"),
    days: _t("3 days"),
    week: _t("Week"),
};

/** A row per person along a time axis: who is free when. */
export class ScheduleRenderer extends Component {
    static template = "synced_meetings.ScheduleRenderer";
    static components = { ScheduleRow };
    static props = {
        model: Object,
        createRecord: Function,
        editRecord: Function,
        deleteRecord: Function,
        "*": true,
    };

    setup() {
        this.popover = useCalendarPopover(MeetingCalendarPopover);
    }

    get model() {
        return this.props.model;
    }

    get width() {
        return this.model.meta.width;
    }

    /** Not `window`: in a template that is the browser's. */
    get shown() {
        return { start: this.model.rangeStart, end: this.model.rangeEnd };
    }

    get label() {
        return LABELS[this.width];
    }

    get ticks() {
        return ticksOf(this.shown, this.width).map((tick) => ({
            ...tick,
            style: `inset-inline-start: ${tick.left}%`,
        }));
    }

    get now() {
        const now = DateTime.local();
        const place = placeOf({ start: now, end: now.plus({ minutes: 1 }) }, this.shown);
        return place && styleOf(place);
    }

    get rows() {
        const { model, shown } = this;
        const busy = new Map(model.busyRows.map((row) => [row.user_id, row]));
        const records = Object.values(model.records);
        return model.shownPeople.map((person) => rowOf(person, busy.get(person.userId), records, shown));
    }

    /** Shows more or less time at once. */
    zoom(direction) {
        const widths = Object.keys(WIDTHS);
        const width = widths[widths.indexOf(this.width) - direction];
        return width && this.model.load({ width });
    }

    create(person, { start, end }) {
        const userIds = person.userId === this.model.ownId ? [] : [person.userId];
        return this.props.createRecord({ start, end, isAllDay: false, userIds });
    }

    open(target, record) {
        const { model, createRecord, deleteRecord, editRecord } = this.props;
        const popoverProps = { record, model, createRecord, deleteRecord, editRecord };
        this.popover.open(target, popoverProps, "o_cw_popover card o_calendar_color_0");
    }
}
