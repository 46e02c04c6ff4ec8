import { registry } from "@web/core/registry";
import {
    Many2ManyTagsAvatarUserField,
    many2ManyTagsAvatarUserField,
} from "@mail/views/web/fields/many2many_avatar_user_field/many2many_avatar_user_field";

/** The users of a meeting but its organiser, who stands beside them. */
export class ColleaguesField extends Many2ManyTagsAvatarUserField {
    get tags() {
        const organiser = this.props.record.data.user_id;
        return super.tags.filter((tag) => tag.resId !== organiser?.id);
    }
}

export const colleaguesField = {
    ...many2ManyTagsAvatarUserField,
    component: ColleaguesField,
    fieldDependencies: [{ name: "user_id", type: "many2one" }],
};

registry.category("fields").add("synced_colleagues", colleaguesField);
