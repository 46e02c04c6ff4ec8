import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, onWillStart, useState } from "@odoo/owl";

const METHODS = {
    microsoft365: ["oauth", "client_credentials"],
    own_server: ["basic", "ntlm"],
};
const TEXTS = ["email", "server_url", "version", "username", "impersonation_email"];
const PASSWORDS = ["password", "impersonation_password"];

/** How Odoo gets into a mailbox of Microsoft 365 or of an own server: entered, tried, kept. */
export class ExchangeLogin extends Component {
    static template = "synced_meetings_exchange.Login";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ open: false, busy: false, error: "", hint: {}, values: this.kept });
        this.servers = [];
        onWillStart(async () => {
            if (this.mayEnter) {
                const names = ["name", "url", "has_service"];
                this.servers = await this.orm.searchRead("synced.exchange.server", [], names);
            }
        });
    }

    get account() {
        return this.props.record.data;
    }

    /** What is stored; a password never is. */
    get kept() {
        const { account } = this;
        const values = Object.fromEntries(TEXTS.map((name) => [name, account[name] || ""]));
        return {
            ...values,
            exchange_service: account.exchange_service,
            auth_method: account.auth_method,
            server_id: account.server_id?.id || false,
            impersonation: account.impersonation,
            password: "",
            impersonation_password: "",
        };
    }

    get id() {
        return `synced_login_${this.props.record.resId}`;
    }

    get values() {
        return this.state.values;
    }

    get service() {
        return this.values.exchange_service;
    }

    get own() {
        return this.service === "own_server";
    }

    get draft() {
        return this.account.state === "draft";
    }

    get mayEnter() {
        return this.account.own || user.isSystem;
    }

    get isOpen() {
        const asked = this.state.open || ["reauth", "paused"].includes(this.account.state);
        return this.mayEnter && (this.draft || (this.hasForm && asked));
    }

    /** The sign-in of a person needs no form: its button stands with the others. */
    get hasForm() {
        return this.values.auth_method !== "oauth";
    }

    get server() {
        return this.servers.find((server) => server.id === this.values.server_id);
    }

    get services() {
        return this.choices("exchange_service");
    }

    get methods() {
        return this.choices("auth_method").filter(([name]) => METHODS[this.service].includes(name));
    }

    get methodHint() {
        return {
            oauth: _t("You sign in at Microsoft and allow it there."),
            client_credentials: _t(
                "Odoo signs in by itself, with what an administrator entered in the settings."
            ),
            basic: _t("With user name and password. What most servers take."),
            ntlm: _t("With user name and password, where the server takes no Basic."),
        }[this.values.auth_method];
    }

    get versions() {
        return this.choices("version");
    }

    choices(name) {
        return this.props.record.fields[name].selection;
    }

    label(name) {
        return Object.fromEntries(this.choices(name))[this.account[name]] || "";
    }

    get summary() {
        const { account } = this;
        const host = account.server_id?.display_name || account.server_url?.split("/")[2];
        return [
            this.label("exchange_service"),
            this.own && host,
            this.label("auth_method"),
            account.impersonation && _t("impersonation"),
            this.own && (account.version_found || this.label("version")),
        ].filter(Boolean);
    }

    /** The texts to enter for the login itself. */
    get inputs() {
        if (!this.own) {
            return [];
        }
        if (this.values.impersonation) {
            const ofServer = this.server?.has_service && !this.values.impersonation_email;
            const service = {
                name: "impersonation_email",
                label: _t("Service account"),
                hint: this.server?.has_service
                    ? _t("Left empty: the server's own")
                    : "svc@example.com",
            };
            return ofServer ? [service] : [service, this.password("impersonation_password")];
        }
        const hint = _t("Left empty: the address");
        return [{ name: "username", label: _t("User name"), hint }, this.password("password")];
    }

    password(name) {
        const hint = this.account[`${name}_set`] ? _t("Kept encrypted; type to replace it") : "";
        return { name, label: _t("Password"), type: "password", hint };
    }

    /** A choice is kept at once, as on the rest of the card, until the calendar is connected. */
    async choose(name, value) {
        this.set(name, value);
        if (name === "exchange_service") {
            this.values.auth_method = METHODS[value][0];
        }
        if (this.draft) {
            await this.attempt(() => this.write({ [name]: value }));
            const { exchange_service, auth_method } = this.account;
            Object.assign(this.values, { exchange_service, auth_method });
        }
    }

    set(name, value) {
        this.values[name] = value;
        this.state.error = "";
    }

    setServer(id) {
        this.set("server_id", Number(id) || false);
    }

    async checkUrl() {
        const url = this.values.server_url;
        this.state.hint = url ? await this.orm.call("synced.account", "check_server_url", [url]) : {};
    }

    takeSuggestion() {
        this.set("server_url", this.state.hint.suggestion);
        this.state.hint = {};
    }

    /** Returns what belongs to the chosen kind; a password only where one was typed. */
    get entered() {
        const { values } = this;
        const names = ["auth_method", ...(this.draft ? ["email"] : [])];
        if (this.own) {
            names.push("server_id", "impersonation", ...(values.server_id ? [] : ["server_url", "version"]));
            names.push(values.impersonation ? "impersonation_email" : "username");
        }
        names.push(...PASSWORDS.filter((name) => values[name]));
        return Object.fromEntries(names.map((name) => [name, values[name] || false]));
    }

    async save() {
        await this.attempt(async () => {
            await this.write(this.entered);
            await this.orm.call("synced.account", "action_connect", [[this.props.record.resId]]);
            this.close();
        });
    }

    close() {
        Object.assign(this.state, { open: false, error: "", hint: {} });
        Object.assign(this.values, this.kept);
    }

    async write(values) {
        await this.orm.write("synced.account", [this.props.record.resId], values);
        await this.props.record.load();
    }

    /** Does something once; what the server says against it is shown where it was entered. */
    async attempt(work) {
        if (this.state.busy) {
            return;
        }
        Object.assign(this.state, { busy: true, error: "" });
        try {
            await work();
        } catch (error) {
            if (!(error instanceof RPCError) || !error.data?.message) {
                throw error;
            }
            this.state.error = error.data.message;
        } finally {
            this.state.busy = false;
        }
        await this.props.record.load();
    }
}

const type = (type) => (name) => ({ name, type });

export const exchangeLogin = {
    component: ExchangeLogin,
    fieldDependencies: [
        ...["exchange_service", "auth_method", "version", "state"].map(type("selection")),
        ...["email", "server_url", "version_found", "username"].map(type("char")),
        ...["impersonation_email", "admin_consent_url"].map(type("char")),
        ...["own", "impersonation", "password_set", "impersonation_password_set"].map(type("boolean")),
        { name: "server_id", type: "many2one", relation: "synced.exchange.server" },
    ],
};

registry.category("view_widgets").add("synced_exchange_login", exchangeLogin);
