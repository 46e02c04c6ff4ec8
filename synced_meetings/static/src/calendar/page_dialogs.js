import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";

import { Component, useState } from "@odoo/owl";
import { KEYS } from "./keys";
import { workDays, workHours } from "./work_hours";

/** Says which keys there are. */
export class KeysDialog extends Component {
    static template = "synced_meetings.KeysDialog";
    static components = { Dialog };
    static props = { close: Function };

    get title() {
        return _t("Keys of this page");
    }

    get keys() {
        return Object.entries(KEYS).map(([key, { label }]) => ({ key, label }));
    }
}

/** "9.5" of a setting as "09:30" of a field, and back. */
export const asClock = (hours) => {
    const minutes = Math.min(Math.round(hours * 60), 1439);
    return [Math.floor(minutes / 60), minutes % 60].map((one) => String(one).padStart(2, "0")).join(":");
};
export const asHours = (clock) => {
    const [hours, minutes] = clock.split(":").map(Number);
    return hours + minutes / 60;
};

/** When the user works; it is kept on the server, so that it is the same everywhere. */
export class HoursDialog extends Component {
    static template = "synced_meetings.HoursDialog";
    static components = { Dialog };
    static props = { onSaved: Function, close: Function };

    setup() {
        const { start, end } = workHours();
        const days = new Set(workDays());
        this.state = useState({ start: asClock(start), end: asClock(end), days: [...days] });
    }

    get title() {
        return _t("Working hours");
    }

    get weekdays() {
        return luxon.Info.weekdays("long").map((label, index) => ({ id: String(index + 1), label }));
    }

    get isWrong() {
        const { start, end, days } = this.state;
        return !(start && end && days.length && start < end);
    }

    toggle(day) {
        const { days } = this.state;
        this.state.days = days.includes(day) ? days.filter((one) => one !== day) : [...days, day];
    }

    async save() {
        const { start, end, days } = this.state;
        await user.setUserSettings("synced_work_start", asHours(start));
        await user.setUserSettings("synced_work_end", asHours(end));
        await user.setUserSettings("synced_work_days", [...days].sort().join(""));
        this.props.onSaved();
        this.props.close();
    }
}
