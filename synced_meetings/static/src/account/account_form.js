import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

import { useLiveAccounts } from "./live_accounts_hook";

export class AccountFormController extends FormController {
    setup() {
        super.setup();
        useLiveAccounts(this.model, (root) => [root]);
    }
}

registry.category("views").add("synced_account_form", {
    ...formView,
    Controller: AccountFormController,
});
