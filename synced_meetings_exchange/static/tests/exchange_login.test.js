import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    makeServerError,
    MockServer,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const choice = (...names) => fields.Selection({ selection: names.map((x) => [x, x]) });

class SyncedExchangeServer extends models.Model {
    _name = "synced.exchange.server";
    name = fields.Char();
    url = fields.Char();
    has_service = fields.Boolean();
    _records = [{ id: 1, name: "Hanover", url: "https://h.x/EWS/Exchange.asmx", has_service: true }];
}

class SyncedAccount extends models.Model {
    _name = "synced.account";
    provider = choice("exchange");
    exchange_service = choice("microsoft365", "own_server");
    auth_method = choice("oauth", "client_credentials", "basic", "ntlm");
    version = choice("Exchange2016");
    version_found = fields.Char();
    state = choice("draft", "connected", "reauth");
    email = fields.Char();
    server_id = fields.Many2one({ relation: "synced.exchange.server" });
    server_url = fields.Char();
    username = fields.Char();
    password = fields.Char();
    impersonation = fields.Boolean();
    impersonation_email = fields.Char();
    impersonation_password = fields.Char();
    password_set = fields.Boolean();
    impersonation_password_set = fields.Boolean();
    admin_consent_url = fields.Char();
    own = fields.Boolean({ default: true });
}

defineMailModels();
defineModels([SyncedAccount, SyncedExchangeServer]);

const DRAFT = { id: 1, provider: "exchange", state: "draft" };
const OWN = { ...DRAFT, exchange_service: "own_server", auth_method: "basic" };

async function show(record) {
    SyncedAccount._records = [{ ...record }]; // the mock server writes into it
    onRpc("synced.account", "write", ({ args }) => expect.step(args[1]));
    onRpc("synced.account", "action_connect", () => {
        expect.step("connect");
        MockServer.env["synced.account"].write([1], { state: "connected" });
        return true;
    });
    await mountView({
        type: "kanban",
        resModel: "synced.account",
        arch: `<kanban can_open="0"><templates><t t-name="card">
            <field name="provider"/><widget name="synced_exchange_login"/>
        </t></templates></kanban>`,
    });
}

test("a sign-in by consent needs no form", async () => {
    await show({ ...DRAFT, exchange_service: "microsoft365", auth_method: "oauth" });
    expect("input[type=radio]").toHaveCount(4);
    expect("input[type=email], button[type=submit]").toHaveCount(0);
});

test("only what belongs to the chosen kind is shown and sent", async () => {
    await show(OWN);
    await contains("input[type=email]").edit("ann@x", { confirm: false });
    await contains("select:first").select("1");
    expect("input[inputmode=url]").toHaveCount(0);
    await contains("input[type=password]").edit("secret", { confirm: false });
    await contains("button[type=submit]").click();
    const sent = { auth_method: "basic", email: "ann@x", server_id: 1, impersonation: false };
    expect.verifySteps([{ ...sent, username: false, password: "secret" }, "connect"]);
    expect(".o_synced_login input").toHaveCount(0);
    expect(".o_synced_login").toHaveText(/own_server · Hanover · basic/);
});

test("what a server says against it stands where it was entered", async () => {
    await show(OWN);
    onRpc("synced.account", "action_connect", () => {
        throw makeServerError({ message: "Wrong password. Check it." });
    });
    await contains("input[type=password]").edit("secret", { confirm: false });
    await contains("button[type=submit]").click();
    expect("[role=alert]").toHaveText("Wrong password. Check it.");
    expect("input[type=password]").toHaveValue("secret");
    await contains("input[type=password]").edit("other", { confirm: false });
    expect("[role=alert]").toHaveCount(0);
    const sent = { auth_method: "basic", email: false, server_id: false, impersonation: false };
    const typed = { server_url: false, version: false, username: false, password: "secret" };
    expect.verifySteps([{ ...sent, ...typed }]);
});

test("the service account of a server needs no password", async () => {
    await show({ ...OWN, server_id: 1 });
    await contains("input[role=switch]").click();
    expect("input[type=password]").toHaveCount(0);
    await contains("input[placeholder*=server]").edit("svc@x", { confirm: false });
    expect("input[type=password]").toHaveCount(1);
});

test("a connected one is a line, until it is to be changed", async () => {
    await show({ ...OWN, state: "connected", server_id: 1, email: "ann@x", password_set: true });
    expect(".o_synced_login input").toHaveCount(0);
    await contains("button:contains(Change)").click();
    expect("input[type=email]").not.toBeEnabled();
    expect("input[type=password]").toHaveAttribute("placeholder", /Kept encrypted/);
    await contains("button:contains(Discard)").click();
    expect(".o_synced_login input").toHaveCount(0);
});

test("the address that was meant is taken with one click", async () => {
    await show(OWN);
    onRpc("synced.account", "check_server_url", () => ({
        sentence: "Did you mean https://m.x/EWS/Exchange.asmx?",
        suggestion: "https://m.x/EWS/Exchange.asmx",
    }));
    await contains("input[inputmode=url]").edit("m.x", { confirm: "blur" });
    await contains("button:contains(Use it)").click();
    expect("input[inputmode=url]").toHaveValue("https://m.x/EWS/Exchange.asmx");
    await animationFrame();
    expect("[role=status]").toHaveCount(0);
});
