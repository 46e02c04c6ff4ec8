import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatClock } from "../meeting/meeting_time";

const MINUTE = 60_000;

/** How long ago a calendar was read. */
function updated(last_sync, now) {
    if (!last_sync) {
        return _t("Not read yet");
    }
    const moment = deserializeDateTime(last_sync);
    return now.diff(moment).milliseconds < MINUTE
        ? _t("Updated just now")
        : _t("Updated %s", moment.toRelative({ base: now }));
}

function failing({ error, next_try, provider_label }) {
    if (!next_try || !provider_label) {
        return error;
    }
    const time = formatClock(deserializeDateTime(next_try));
    return _t("%(service)s: next try %(time)s", { service: provider_label, time });
}

/**
 * How the state of a calendar looks, and what it is called.
 *
 * @param {Object} line of `my_status`
 * @param {{ now: DateTime, offline: boolean }} moment
 */
export function lookOf(line, { now, offline }) {
    if (offline) {
        return { tone: "muted", icon: "fa-plug", text: _t("Offline") };
    }
    if (line.calendars === 0 && !line.reauth) {
        return { tone: "muted", icon: "fa-plug", text: _t("Connect your calendar") };
    }
    if (line.reauth) {
        return { tone: "danger", icon: "fa-exclamation-circle", text: _t("Sign in again") };
    }
    if (line.syncing) {
        return { tone: "muted", icon: "fa-refresh fa-spin", text: _t("Updating…") };
    }
    if (line.error) {
        return { tone: "warning", icon: "fa-exclamation-triangle", text: failing(line), reason: line.error };
    }
    return { tone: "success", icon: "fa-check-circle", text: updated(line.last_sync, now) };
}

/** @returns {Object} what the chip says for all calendars together: the worst */
export function worstOf(status) {
    const failed = status.list?.find((line) => line.error);
    return failed ? { ...status, ...failed, syncing: status.syncing, reauth: status.reauth } : status;
}
