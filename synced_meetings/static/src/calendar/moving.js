import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { formatSpan, spanOf } from "../meeting/meeting_time";
import { MoveDialog } from "./move_dialog";

const FOR_UNDO = 10_000; // as long as a sending waits

/** @returns {Object} when a meeting is, as it is written */
export function writtenSpan(rawRecord) {
    const names = rawRecord.allday ? ["allday", "start_date", "stop_date"] : ["allday", "start", "stop"];
    return Object.fromEntries(names.map((name) => [name, rawRecord[name]]));
}

/** @returns {Object[]} the others who were invited, and know when the meeting was */
export function invitedOf({ guests }) {
    return (guests || []).filter((guest) => guest.invited && !guest.organiser && guest.user !== user.userId);
}

/** Asks what is meant, where it matters; null: leave it where it was. */
async function askMove({ dialog, orm, resModel }, rawRecord, span) {
    const [people] = await orm.read(resModel, [rawRecord.id], ["guests"]);
    const invited = invitedOf(people);
    const isSeries = Boolean(rawRecord.series_id);
    if (!invited.length && !isSeries) {
        return { scope: "this", tell: false };
    }
    return new Promise((resolve) => {
        const when = formatSpan(spanOf({ ...rawRecord, ...span }));
        const props = { title: rawRecord.display_name, when, invited, isSeries, answer: resolve };
        dialog.add(MoveDialog, props, { onClose: () => resolve(null) });
    });
}

/**
 * Moves a meeting that was dragged, and offers to undo it.
 *
 * @param {Object} model of the calendar
 * @param {Object} record as the calendar shows it
 * @param {Object} span the new start and end, as they are written
 */
export async function moveMeeting(model, record, span) {
    const { rawRecord } = record;
    const answer = await askMove(model, rawRecord, span);
    if (!answer) {
        model.notify(); // draws it where it was
        return;
    }
    const { orm, resModel } = model;
    const ids = [record.id];
    const write = (values, scope) => orm.write(resModel, ids, { ...values, apply_to: scope });
    try {
        await write(span, answer.scope);
        if (answer.tell) {
            await orm.call(resModel, "action_send", [ids]);
        }
    } finally {
        await model.load();
    }
    const undo = async () => {
        if (answer.tell) {
            await orm.call(resModel, "action_undo_send", [ids]);
        }
        // after a division of its series, the meeting is the first of the second half
        await write(writtenSpan(rawRecord), answer.scope === "this" ? "this" : "all");
        await model.load();
    };
    await say(model, record, span, answer, undo);
}

async function say({ notification, orm, resModel }, { id, rawRecord }, span, { tell }, undo) {
    const [meeting] = await orm.read(resModel, [id], ["telling_text"]);
    const when = formatSpan(spanOf({ ...rawRecord, ...span }));
    const message = tell ? _t("The update goes out in ten seconds.") : meeting?.telling_text || "";
    const close = notification.add(message, {
        title: _t("Moved to %s", when),
        type: "success",
        autocloseDelay: FOR_UNDO,
        buttons: [
            {
                name: _t("Undo"),
                primary: true,
                onClick: () => {
                    close();
                    return undo();
                },
            },
        ],
    });
}
