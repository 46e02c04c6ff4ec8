import { formView } from "@web/views/form/form_view";
import { StatusBarButtons } from "@web/views/form/status_bar_buttons/status_bar_buttons";

/** On a phone both ways to save are in reach of the thumb; the other buttons wait behind them. */
export class SaveButtons extends StatusBarButtons {
    static template = "synced_meetings.SaveButtons";

    get firstSlots() {
        return this.visibleSlotNames.slice(0, 2);
    }

    get otherSlots() {
        return this.visibleSlotNames.slice(2);
    }
}

export class MeetingFormRenderer extends formView.Renderer {
    static components = { ...formView.Renderer.components, StatusBarButtons: SaveButtons };
}
