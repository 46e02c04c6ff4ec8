import { _t } from "@web/core/l10n/translation";

import { Component, useRef, useState } from "@odoo/owl";
import { ProviderBadge } from "../../meeting/provider_badge";
import { drawn, placeOf, styleOf } from "./timeline";

/** One person's time; a click or a drawn stretch begins a meeting with them. */
export class ScheduleRow extends Component {
    static template = "synced_meetings.ScheduleRow";
    static components = { ProviderBadge };
    static props = { row: Object, window: Object, width: String, create: Function, open: Function };

    setup() {
        this.track = useRef("track");
        this.state = useState({ from: null, to: null });
    }

    get label() {
        const { person, isUnknown } = this.props.row;
        return isUnknown ? _t("%s: not connected, busy times are unknown", person.name) : person.name;
    }

    get newLabel() {
        return _t("New meeting with %s", this.props.row.person.name);
    }

    get span() {
        const { from, to } = this.state;
        return from === null ? null : drawn(from, to, this.props.window, this.props.width);
    }

    get drawnStyle() {
        const place = this.span && placeOf(this.span, this.props.window);
        return place && styleOf(place);
    }

    /** Where somebody points, from 0 to 1 along the axis. */
    pointed({ clientX }) {
        const { left, right, width } = this.track.el.getBoundingClientRect();
        const isRtl = getComputedStyle(this.track.el).direction === "rtl";
        const way = isRtl ? right - clientX : clientX - left;
        return Math.min(Math.max(way / width, 0), 1);
    }

    onPointerDown(ev) {
        if (ev.button === 0 && !ev.target.closest(".o_synced_block")) {
            this.state.from = this.state.to = this.pointed(ev);
            this.track.el.setPointerCapture(ev.pointerId);
        }
    }

    onPointerMove(ev) {
        if (this.state.from !== null) {
            this.state.to = this.pointed(ev);
        }
    }

    onPointerUp() {
        const { span } = this;
        this.forget();
        if (span) {
            this.props.create(this.props.row.person, span);
        }
    }

    forget() {
        this.state.from = this.state.to = null;
    }

    /** By the keyboard: at the beginning of what is shown; the form lets choose. */
    createFirst() {
        const { start } = this.props.window;
        this.props.create(this.props.row.person, { start, end: start.plus({ hours: 1 }) });
    }
}
