import { localization } from "@web/core/l10n/localization";
import { is24HourFormat } from "@web/core/l10n/time";
import { _t } from "@web/core/l10n/translation";

import { Component, useEffect, useExternalListener, useRef, useState } from "@odoo/owl";
import { formatClock, formatSpan } from "../meeting/meeting_time";
import { blocks, chosen, DAY, momentAt, moved, overlaps, placeOf, SLOT, snap, STEP } from "./slots";

const HOURS = Array.from({ length: 24 }, (_none, hour) => hour);
const NUDGES = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const LOOK = {
    busy: _t("busy"),
    tentative: _t("tentative"),
    oof: _t("out of office"),
    elsewhere: _t("working elsewhere"),
};
const percent = (minute) => `${(minute / DAY) * 100}%`;

/** Days and people beside each other, and the meeting across them, to be moved and stretched. */
export class AvailabilityGrid extends Component {
    static template = "synced_meetings.AvailabilityGrid";
    static props = {
        columns: Array, // of {key, title, hint, day, lanes}; a lane is a row of the server
        days: Array, // of the columns: one for all of them, or one each
        draft: { type: [Object, { value: null }] }, // the span of the meeting, and if of whole days
        readonly: Boolean,
        onPick: Function,
    };

    setup() {
        this.hours = HOURS.map((hour) => ({ key: hour, text: this.hour(hour) }));
        this.body = useRef("body");
        this.scroller = useRef("scroller");
        this.state = useState({ preview: null });
        useExternalListener(window, "pointermove", this.onPointerMove);
        useExternalListener(window, "pointerup", this.onPointerUp);
        useExternalListener(window, "pointercancel", this.release);
        useEffect(
            () => this.scroll(),
            () => [this.props.days[0].toISODate(), this.props.days.length]
        );
    }

    // ---- what is drawn ----

    get span() {
        return this.state.preview || this.props.draft;
    }

    hour(hour) {
        const format = is24HourFormat() ? "HH:mm" : "h a";
        return hour ? momentAt(this.props.days[0], hour * 60).toFormat(format) : "";
    }

    style(place) {
        return `top: ${percent(place.from)}; height: ${percent(place.to - place.from)}`;
    }

    spansIn(day, spans) {
        return spans
            .map((span) => ({ span, place: placeOf(span, day) }))
            .filter(({ place }) => place);
    }

    working(lane, day) {
        return this.spansIn(day, lane.working);
    }

    busy(lane, day) {
        return this.spansIn(day, lane.busy).map(({ span, place }) => ({
            place,
            look: this.isClash(span) ? "clash" : span.show_as,
            text: span.name || LOOK[span.show_as],
            told: [lane.name, span.name, LOOK[span.show_as], this.told(span)]
                .filter(Boolean)
                .join(", "),
        }));
    }

    isClash(busy) {
        return !!this.span && blocks(busy) && overlaps(busy, this.span);
    }

    get hasClash() {
        const lanes = this.props.columns.flatMap((column) => column.lanes);
        return lanes.some((lane) => lane.busy.some((busy) => this.isClash(busy)));
    }

    told(span) {
        return formatSpan({ ...span, allday: false });
    }

    /** Where the meeting stands: across everybody, on each of its days. */
    get drafts() {
        const { days } = this.props;
        const width = 100 / days.length;
        return days.flatMap((day, index) => {
            const place = this.span && placeOf(this.span, day);
            const side = `inset-inline-start: ${index * width}%; width: ${width}%`;
            return place ? [{ index, style: `${this.style(place)}; ${side}` }] : [];
        });
    }

    /** Whole days stand, and let what is under them be clicked. */
    get fixed() {
        return this.props.readonly || (this.props.draft?.allday && !this.state.preview);
    }

    get draftText() {
        if (this.props.draft?.allday && !this.state.preview) {
            return _t("All day");
        }
        return `${formatClock(this.span.start)} – ${formatClock(this.span.stop)}`;
    }

    get draftLabel() {
        const keys = _t("Arrow keys move it, with Shift they change its length.");
        return `${_t("This meeting")}, ${this.told(this.span)}. ${this.fixed ? "" : keys}`;
    }

    /** Begins with the hour before work or before the meeting. */
    scroll() {
        const { columns, days } = this.props;
        const work = columns.flatMap(({ lanes, day }) =>
            lanes.flatMap((lane) => this.working(lane, day).map(({ place }) => place.from))
        );
        const draft = this.span && placeOf(this.span, days[0]);
        const first = Math.min(...work, draft?.from ?? 8 * 60, 8 * 60);
        const { el } = this.scroller;
        el.scrollTop = (this.body.el.offsetHeight * Math.max(first - 30, 0)) / DAY;
    }

    // ---- the pointer ----

    /** @returns {{day: DateTime, minute: number}} what is under the pointer */
    under({ clientX, clientY }) {
        const box = this.body.el.getBoundingClientRect();
        const { days } = this.props;
        const x = (clientX - box.left) / box.width;
        const side = localization.direction === "rtl" ? 1 - x : x;
        const index = Math.min(Math.max(Math.floor(side * days.length), 0), days.length - 1);
        const minute = ((clientY - box.top) / box.height) * DAY;
        return { day: days[index], minute: Math.min(Math.max(minute, 0), DAY) };
    }

    onPointerDown(ev) {
        if (this.props.readonly || ev.button || this.grip) {
            return;
        }
        const at = this.under(ev);
        const kind = ["stretch", "move"].find((one) => ev.target.closest(`[data-grip=${one}]`));
        this.grip = { at, kind: kind || "choose", y: ev.clientY, moved: false };
    }

    onPointerMove(ev) {
        if (!this.grip) {
            return;
        }
        this.grip.moved ||= Math.abs(ev.clientY - this.grip.y) > 4;
        this.grip.moved ||= this.under(ev).day !== this.grip.at.day;
        if (this.grip.moved) {
            this.state.preview = this[this.grip.kind](this.grip.at, this.under(ev));
        }
    }

    onPointerUp(ev) {
        const { grip } = this;
        const preview = this.state.preview;
        this.release();
        if (grip?.moved && preview) {
            this.props.onPick(preview);
        } else if (grip?.kind === "choose") {
            const { day, minute } = this.under(ev);
            this.pick(momentAt(day, snap(minute, SLOT, Math.floor)));
        }
    }

    /** Also where the browser takes the finger for scrolling. */
    release() {
        this.grip = null;
        this.state.preview = null;
    }

    /** Keeps the length; a meeting of whole days becomes an hour. */
    pick(start) {
        const { draft } = this.props;
        const hour = { start, stop: start.plus({ hours: 1 }) };
        this.props.onPick(draft && !draft.allday ? moved(draft, start) : hour);
    }

    choose(from, to) {
        return chosen(from.day, from.minute, to.minute);
    }

    move(from, to) {
        const { draft } = this.props;
        const days = Math.round(to.day.diff(from.day, "days").days);
        const minutes = snap(Math.abs(to.minute - from.minute), STEP);
        const start = draft.start.plus({ days });
        return moved(draft, start.plus({ minutes: to.minute < from.minute ? -minutes : minutes }));
    }

    stretch(from, to) {
        const { start } = this.props.draft;
        const end = momentAt(to.day, snap(to.minute, STEP));
        const least = start.plus({ minutes: STEP });
        return { start, stop: end > least ? end : least };
    }

    // ---- the keyboard ----

    onKeydown(ev) {
        const [days, slots] = NUDGES[ev.key] || [];
        if (this.fixed || days === undefined || ev.ctrlKey || ev.metaKey || ev.altKey) {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
        const by = { days, minutes: slots * (ev.shiftKey ? STEP : SLOT) };
        const { start, stop } = this.props.draft;
        if (!ev.shiftKey) {
            this.props.onPick(moved({ start, stop }, start.plus(by)));
        } else if (stop.plus(by) > start) {
            this.props.onPick({ start, stop: stop.plus(by) });
        }
    }
}
