import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, queryAllTexts, test } from "@odoo/hoot";
import { advanceTime, animationFrame, mockDate } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    MockServer,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";

const URL = "https://calendar.example/consent";

class SyncedCalendar extends models.Model {
    _name = "synced.calendar";
    name = fields.Char();
    primary = fields.Boolean();
    selected = fields.Boolean();
    access = fields.Selection({ selection: ["owner", "reader", "busy"].map((x) => [x, x]) });
    last_error = fields.Char();
    held_deletions = fields.Integer();
    _records = [
        { id: 1, name: "ann@x", primary: true, selected: true, access: "owner" },
        { id: 2, name: "Holidays", access: "reader" },
        { id: 3, name: "Bob", access: "busy" },
    ];
}

class SyncedAccount extends models.Model {
    _name = "synced.account";
    provider = fields.Selection({ selection: [["google", "Google Calendar"]] });
    auth_method = fields.Selection({ selection: [["oauth", "OAuth"]], default: "oauth" });
    email = fields.Char();
    state = fields.Selection({
        selection: ["draft", "connecting", "connected", "reauth"].map((x) => [x, x]),
        default: "draft",
    });
    own = fields.Boolean({ default: true });
    syncing = fields.Boolean();
    user_id = fields.Many2one({ relation: "res.users" });
    colleagues_see = fields.Selection({
        selection: [
            ["all", "All meetings"],
            ["busy", "Only busy times"],
        ],
        default: "busy",
    });
    calendar_ids = fields.One2many({ relation: "synced.calendar" });
    last_sync = fields.Datetime();
    next_sync = fields.Datetime();
    push_until = fields.Datetime();
    meeting_count = fields.Integer();
}

defineMailModels();
defineModels([SyncedAccount, SyncedCalendar]);

const ARCH = `
    <kanban js_class="synced_account_cards" class="o_synced_account_cards" create="0" can_open="0">
        <field name="own"/>
        <templates><t t-name="card">
            <field name="state"/>
            <field name="calendar_ids" widget="synced_calendar_choice"/>
            <field name="colleagues_see" widget="synced_instant_radio"/>
            <widget name="synced_account_status"/>
            <widget name="synced_account_buttons"/>
        </t></templates>
    </kanban>`;

async function showCards(...records) {
    mockDate("2026-11-24 12:00:00", 0);
    SyncedAccount._records = records;
    onRpc("synced.account", "action_connect", ({ kwargs }) => {
        expect.step(`connect, window: ${kwargs.context.synced_popup}`);
        return { type: "ir.actions.act_url", url: URL };
    });
    await mountView({ type: "kanban", resModel: "synced.account", arch: ARCH });
}

/** Changes the first card as another process would. */
function elsewhere(values) {
    MockServer.env["synced.account"].write([1], values);
}

const CONNECTED = {
    id: 1,
    provider: "google",
    email: "ann@x",
    state: "connected",
    calendar_ids: [1, 2, 3],
    last_sync: "2026-11-24 11:58:00",
    next_sync: "2026-11-24 12:05:00",
    meeting_count: 1204,
};

function mockWindow() {
    const popup = {
        closed: false,
        close: () => (popup.closed = true),
        location: { replace: (url) => expect.step(`window shows ${url}`) },
    };
    patchWithCleanup(browser, { open: () => popup });
    return popup;
}

test("without a connection, one button per service makes a card", async () => {
    await showCards();
    expect(".o_nocontent_help button").toHaveCount(1);
    await contains(".o_nocontent_help button:contains(Google Calendar)").click();
    expect("button:contains(Authenticate and subscribe)").toHaveCount(1);
    expect("button:contains(Synchronise)").toHaveCount(0);
});

test("consent is asked for in a window, and the card follows when it closes", async () => {
    const popup = mockWindow();
    await showCards({ id: 1, provider: "google" });
    await contains("button:contains(Authenticate)").click();
    expect.verifySteps(["connect, window: true", `window shows ${URL}`]);
    elsewhere({ state: "connected" });
    popup.close();
    await advanceTime(600);
    await animationFrame();
    expect("button:contains(Synchronise)").toHaveCount(1);
});

test("a window that was blocked is done without", async () => {
    patchWithCleanup(browser, { open: () => null });
    patchWithCleanup(browser.location, { assign: (url) => expect.step(`page shows ${url}`) });
    await showCards({ id: 1, provider: "google" });
    await contains("button:contains(Authenticate)").click();
    expect.verifySteps(["connect, window: false", `page shows ${URL}`]);
});

test("a refusal closes the window and leaves the button usable", async () => {
    const popup = mockWindow();
    await showCards({ id: 1, provider: "google" });
    onRpc("synced.account", "action_connect", () => {
        throw new Error("no client id");
    });
    expect.errors(1);
    await contains("button:contains(Authenticate)").click();
    await animationFrame();
    expect(popup.closed).toBe(true);
    expect("button:contains(Authenticate)").toBeEnabled();
    expect.verifyErrors(["no client id"]);
});

test("one line says how it is", async () => {
    await showCards(CONNECTED);
    expect("[aria-live]").toHaveText(/Last success 2 minutes ago · 1,204 meetings · next check/);
});

test("a double click synchronises once", async () => {
    onRpc("synced.account", "action_synchronise", ({ args }) => {
        expect.step(`synchronise ${args[0]}`);
        elsewhere({ syncing: true });
        return true;
    });
    await showCards(CONNECTED);
    const button = contains("button:contains(Synchronise)");
    await button.click();
    expect.verifySteps(["synchronise 1"]);
    expect("button:contains(Synchronising)").not.toBeEnabled();
});

test("a run that is on is looked at until it ends", async () => {
    await showCards({ ...CONNECTED, syncing: true, last_sync: false });
    expect("[aria-live]").toHaveText(/for the first time: 1,204 meetings so far/);
    elsewhere({ syncing: false, last_sync: "2026-11-24 12:00:00" });
    await advanceTime(2000);
    await animationFrame();
    expect("[aria-live]").toHaveText(/Last success just now/);
});

test("calendars are chosen at once, where there is something to read", async () => {
    onRpc("synced.calendar", "write", ({ args }) => {
        expect.step(args);
    });
    await showCards(CONNECTED);
    expect(queryAllTexts(".o_synced_calendars li")).toEqual([
        "Primary(read and write)",
        "Holidays(read)",
        "Bob(only busy times)",
    ]);
    expect("#synced_calendar_3").not.toBeEnabled();
    await contains("#synced_calendar_2").click();
    expect.verifySteps([[[2], { selected: true }]]);
});

test("what colleagues see is kept at once, by its owner only", async () => {
    onRpc("synced.account", "write", ({ args }) => {
        expect.step(args);
    });
    await showCards(CONNECTED, { id: 2, provider: "google", own: false, state: "connected" });
    await contains("#synced_colleagues_see_1_all").click();
    expect.verifySteps([[[1], { colleagues_see: "all" }]]);
    expect("#synced_colleagues_see_2_all").not.toBeEnabled();
    expect("button:contains(Sign in again)").toHaveCount(1);
});

test("many deletions at once wait for a yes", async () => {
    SyncedCalendar._records[0].last_error = "Very many were deleted.";
    SyncedCalendar._records[0].held_deletions = 40;
    onRpc("synced.calendar", "action_confirm_deletions", ({ args }) => {
        expect.step(`confirmed ${args[0]}`);
        return true;
    });
    await showCards(CONNECTED);
    await contains("button:contains(Confirm the deletions)").click();
    expect(".modal-body").toHaveText(/40 meetings/);
    await contains(".modal .btn-primary").click();
    expect.verifySteps(["confirmed 1"]);
});

test("disconnecting asks first", async () => {
    onRpc("synced.account", "action_leave", ({ args }) => {
        expect.step(`asks ${args[0]}`);
        return { type: "ir.actions.act_window_close" };
    });
    onRpc("synced.account", "action_disconnect", () => expect.step("disconnect"));
    await showCards(CONNECTED);
    await contains("button:contains(Disconnect)").click();
    expect.verifySteps(["asks 1"]);
});
