import { CalendarSidePanel } from "@web/views/calendar/calendar_side_panel/calendar_side_panel";
import { pickerProps } from "../go_to_date";
import { PeopleSection } from "./people_section";

export class MeetingSidePanel extends CalendarSidePanel {
    static components = { ...CalendarSidePanel.components, FilterSection: PeopleSection };

    /** @override a picked date changes the date, not the scale */
    get datePickerProps() {
        return { ...super.datePickerProps, ...pickerProps(this.props.model) };
    }
}
