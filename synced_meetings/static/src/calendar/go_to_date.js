import { DateTimePicker } from "@web/core/datetime/datetime_picker";
import { usePopover } from "@web/core/popover/popover_hook";

import { Component, onMounted, useRef } from "@odoo/owl";

const { DateTime } = luxon;

/** @returns {Object} props of a date picker that turns the page, with a dot on busy days */
export function pickerProps(model, onPicked = () => {}) {
    return {
        onSelect: (date) => {
            onPicked();
            return model.load({ date });
        },
        dayCellClass: (date) => (model.busyDays.has(date.toISODate()) ? "o_synced_busy_day" : ""),
    };
}

export class DatePopover extends Component {
    static template = "synced_meetings.DatePopover";
    static components = { DateTimePicker };
    static props = { model: Object, close: Function };

    setup() {
        this.input = useRef("input");
        onMounted(() => this.input.el.focus());
    }

    get value() {
        return this.props.model.date.toISODate();
    }

    get picker() {
        const { model, close } = this.props;
        const fixed = { type: "date", value: model.date, showWeekNumbers: false, maxPrecision: "days" };
        return { ...fixed, ...pickerProps(model, close) };
    }

    /** A date may be typed, too: by the keyboard, or on the phone's own wheel. */
    onSubmit() {
        const date = DateTime.fromISO(this.input.el.value);
        if (date.isValid) {
            this.props.close();
            this.props.model.load({ date });
        }
    }
}

/** What days are shown; a click leads to others. */
export class GoToDate extends Component {
    static template = "synced_meetings.GoToDate";
    static props = { model: Object, title: String, register: Function };

    setup() {
        this.button = useRef("button");
        this.popover = usePopover(DatePopover, { position: "bottom-start" });
        this.props.register(() => this.open());
    }

    open() {
        this.popover.open(this.button.el, { model: this.props.model });
    }
}
