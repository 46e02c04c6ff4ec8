import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { CalendarFilterSection } from "@web/views/calendar/calendar_filter_section/calendar_filter_section";
import { ProviderBadge } from "../../meeting/provider_badge";

/** The people whose meetings are shown: the reader, the connected, then the others. */
export class PeopleSection extends CalendarFilterSection {
    static template = "synced_meetings.PeopleSection";
    static subTemplates = { filter: "synced_meetings.PeopleSection.filter" };
    static components = { ...CalendarFilterSection.components, ProviderBadge };

    setup() {
        super.setup();
        this.notification = useService("notification");
    }

    /** @override */
    getSortedFilters() {
        const rank = ({ type, person }) => (type === "user" ? 0 : person?.provider ? 1 : 2);
        return [...this.section.filters].sort(
            (one, other) => rank(one) - rank(other) || one.label.localeCompare(other.label)
        );
    }

    /** @override */
    getFilterColor({ person }) {
        return `o_synced_color_${person ? person.color : 0}`;
    }

    /** @override */
    get autoCompleteProps() {
        return { ...super.autoCompleteProps, placeholder: _t("+ Add people"), id: "o_synced_add_people" };
    }

    removeLabel({ label }) {
        return _t("Take %s off the list", label);
    }

    async addTeam() {
        const added = await this.orm.call(this.section.write.model, "add_team", []);
        if (added) {
            await this.props.model.load();
        } else {
            this.notification.add(_t("Everyone in your team is on the list already."));
        }
    }
}
