import { ViewScaleSelector } from "@web/views/view_components/view_scale_selector";

/** Scales and weekends as in every calendar, and what else a person sets for this page. */
export class MeetingScaleSelector extends ViewScaleSelector {
    static template = "synced_meetings.MeetingScaleSelector";
    static props = { ...ViewScaleSelector.props, openHours: Function, showKeys: Function };
}
