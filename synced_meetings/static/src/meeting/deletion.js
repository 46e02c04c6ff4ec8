import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";

const MODEL = "synced.meeting";

/** Says what a deletion means to others, and lets choose whether they are told. */
export class DeletionDialog extends ConfirmationDialog {
    static template = "synced_meetings.DeletionDialog";
    static props = {
        ...ConfirmationDialog.props,
        tell: { type: Function, optional: true },
        tellLabel: { type: String, optional: true },
    };

    tell() {
        return this.execButton(this.props.tell);
    }
}

/**
 * Asks how meetings are to be deleted, and does it.
 *
 * @param {Object} services `dialog` and `orm` that outlive whoever asks
 * @param {number[]} ids
 * @param {{ quiet?: string, words?: Object, done: () => any }} options `quiet` is the method that
 *  tells nobody
 */
export async function askDeletion({ dialog, orm }, ids, { quiet = "unlink", words = {}, done }) {
    const choice = await orm.call(MODEL, "deletion_choice", [ids]);
    const run = (method) => async () => {
        await orm.call(MODEL, method, [ids]);
        await done();
    };
    dialog.add(DeletionDialog, {
        title: choice.title,
        body: choice.body,
        ...(choice.quiet && {
            confirm: run(quiet),
            confirmClass: choice.told ? "btn-secondary" : "btn-danger",
            confirmLabel: choice.told ? _t("Remove without telling") : _t("Delete"),
        }),
        cancel: () => {},
        cancelLabel: _t("No, keep it"),
        ...words,
        ...(choice.hide && {
            confirm: run("action_hide"),
            confirmClass: "btn-secondary",
            confirmLabel: _t("Hide in Odoo"),
        }),
        ...(choice.told && {
            tell: run("delete_and_tell"),
            tellLabel:
                choice.told === 1 ? _t("Cancel and tell 1 person") : _t("Cancel and tell %s people", choice.told),
        }),
    });
}
