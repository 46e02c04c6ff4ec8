import { user } from "@web/core/user";
import { CalendarController } from "@web/views/calendar/calendar_controller";

import { SyncStatus } from "../sync_status/sync_status";
import { GoToDate } from "./go_to_date";
import { useKeys } from "./keys";
import { HoursDialog, KeysDialog } from "./page_dialogs";
import { PageNotice } from "./page_notice";
import { MeetingSidePanel } from "./people/meeting_side_panel";
import { PeopleLine } from "./people/people_line";
import { MeetingScaleSelector } from "./scale_selector";
import { SCALE_LABELS, titleOf, turned } from "./scales";
import { showsWeekends, workHours } from "./work_hours";

const { DateTime } = luxon;
const HALF_AN_HOUR = 30;
const WHOLE_WEEKS = ["day", "schedule", "agenda"]; // scales that never leave out a day

export class MeetingCalendarController extends CalendarController {
    static template = "synced_meetings.MeetingCalendarController";
    static components = {
        ...CalendarController.components,
        CalendarSidePanel: MeetingSidePanel,
        GoToDate,
        MobileFilterPanel: PeopleLine,
        PageNotice,
        SyncStatus,
        ViewScaleSelector: MeetingScaleSelector,
    };

    /** @override */
    setup() {
        super.setup();
        this.state.isWeekendVisible = showsWeekends();
        this.goToDate = () => {};
        this.registerGoTo = (open) => (this.goToDate = open);
        useKeys(this);
    }

    get syncStatusProps() {
        return { onChanged: () => this.model.load() };
    }

    get goToDateProps() {
        return { model: this.model, title: this.title, register: this.registerGoTo };
    }

    /** What days are shown, for the button that leads to others. */
    get title() {
        const { meta, rangeStart, rangeEnd } = this.model;
        const titles = {
            year: this.currentYear,
            month: this.currentMonth,
            week: this.weekHeader,
            day: this.dayHeader,
        };
        return titles[meta.scale] || titleOf(meta, { start: rangeStart, end: rangeEnd });
    }

    /** @override */
    get rendererProps() {
        const whole = WHOLE_WEEKS.includes(this.model.scale);
        return { ...super.rendererProps, isWeekendVisible: whole || this.state.isWeekendVisible };
    }

    /** @override */
    get scales() {
        const named = (scale) => ({ description: SCALE_LABELS[scale], hotkey: scale[0] });
        return Object.fromEntries(this.model.scales.map((scale) => [scale, named(scale)]));
    }

    /** @override */
    async setDate(move) {
        const { meta } = this.model;
        if (move !== "today" && ["schedule", "agenda"].includes(meta.scale)) {
            const date = turned(meta, move === "next" ? 1 : -1);
            return this.model.load({ date });
        }
        if (move === "today" && meta.scale === "schedule") {
            return this.model.load({ date: DateTime.local() }); // an hour of it, where one is shown
        }
        return super.setDate(move);
    }

    /** @override kept on the server: the same in every browser */
    async toggleWeekendVisibility() {
        this.state.isWeekendVisible = !this.state.isWeekendVisible;
        await user.setUserSettings("synced_weekends", this.state.isWeekendVisible);
    }

    /** Begins a meeting on the day that is shown: soon, or when work begins. */
    createNew() {
        const now = DateTime.local();
        const day = this.model.date;
        const { start: hour } = workHours();
        const start = day.hasSame(now, "day")
            ? now.startOf("hour").plus({ minutes: now.minute < HALF_AN_HOUR ? HALF_AN_HOUR : 60 })
            : day.startOf("day").set({ hour: Math.floor(hour), minute: (hour % 1) * 60 });
        return this.createRecord({ start, end: start.plus({ hours: 1 }), isAllDay: false });
    }

    focusSearch() {
        document.querySelector(".o_searchview_input")?.focus();
    }

    showKeys() {
        this.displayDialog(KeysDialog, {});
    }

    openHours() {
        const onSaved = () => this.model.load({ hours: workHours() });
        this.displayDialog(HoursDialog, { onSaved });
    }
}
