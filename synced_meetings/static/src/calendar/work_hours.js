import { user } from "@web/core/user";

const USUAL = { start: 9, end: 17 };

/** @returns {{ start: number, end: number }} when the user works, in hours of a day */
export function workHours() {
    const { synced_work_days, synced_work_start, synced_work_end } = user.settings;
    return synced_work_days ? { start: synced_work_start, end: synced_work_end } : USUAL;
}

/** @returns {string} the ISO numbers of the days on which the user works */
export function workDays() {
    return user.settings.synced_work_days || "12345";
}

/** @returns {boolean} whether the user wants to see weekends, whatever the browser */
export function showsWeekends() {
    return user.settings.synced_weekends !== false;
}
