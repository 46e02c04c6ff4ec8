import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

/** How an answer looks everywhere: never by colour alone. */
export const ANSWERS = {
    accepted: { icon: "fa-check", tone: "text-success", label: _t("accepted") },
    tentative: { icon: "fa-adjust", tone: "text-warning", label: _t("maybe") },
    declined: { icon: "fa-times", tone: "text-danger", label: _t("declined") },
    needs_action: { icon: "fa-question", tone: "text-muted", label: _t("no answer") },
};

/** Counts of answers: ✓2 ?1. */
export class Answers extends Component {
    static template = "synced_meetings.Answers";
    static props = { answers: { type: [Object, Boolean], optional: true } };

    get counts() {
        const answers = this.props.answers || {};
        return Object.entries(ANSWERS)
            .map(([name, look]) => ({ name, ...look, count: answers[name] || 0 }))
            .filter((answer) => answer.count);
    }

    get label() {
        return this.counts.map((answer) => `${answer.count} ${answer.label}`).join(", ");
    }
}

export class AnswersField extends Component {
    static template = "synced_meetings.AnswersField";
    static components = { Answers };
    static props = { ...standardFieldProps };

    get answers() {
        return this.props.record.data[this.props.name];
    }
}

export const answersField = {
    component: AnswersField,
    displayName: _t("Answers"),
    supportedTypes: ["json"],
    listViewWidth: 110,
};

registry.category("fields").add("synced_answers", answersField);
