import { defineMailModels, patchUiSize, SIZES } from "@mail/../tests/mail_test_helpers";
import { expect, queryAllAttributes, queryAllTexts, test, unload } from "@odoo/hoot";
import { advanceTime, animationFrame, Deferred, mockDate, mockTimeZone } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    getService,
    hideTab,
    MockServer,
    mockService,
    models,
    mountView,
    onRpc,
    serverState,
} from "@web/../tests/web_test_helpers";
import { askDeletion } from "@synced_meetings/meeting/deletion";

const ANSWERS = ["accepted", "tentative", "declined", "needs_action"];

class SyncedMeeting extends models.Model {
    _name = "synced.meeting";
    name = fields.Char();
    start = fields.Datetime({ default: "2026-11-25 14:00:00" });
    stop = fields.Datetime({ default: "2026-11-25 15:30:00" });
    allday = fields.Boolean();
    start_date = fields.Date();
    stop_date = fields.Date();
    timezone = fields.Char();
    location = fields.Char();
    conference_url = fields.Char();
    url = fields.Char();
    provider = fields.Selection({ selection: [["google", "Google Calendar"]] });
    state = fields.Selection({ selection: ["confirmed", "cancelled"].map((x) => [x, x]) });
    privacy = fields.Selection({ selection: ["public", "private"].map((x) => [x, x]) });
    is_exception = fields.Boolean();
    series_id = fields.Many2one({ relation: "contact" });
    own_response = fields.Selection({ selection: ANSWERS.map((x) => [x, x]) });
    repeat_days = fields.Char();
    undo_until = fields.Datetime();
    guests = fields.Json();
    answers = fields.Json();
    proposed_people = fields.Json();
    person_ids = fields.Many2many({ relation: "contact" });
    user_id = fields.Many2one({ relation: "res.users" });
    user_ids = fields.Many2many({ relation: "res.users" });
    _records = [{ id: 1, name: "Renewal" }];
}

class Contact extends models.Model {
    _name = "contact";
    name = fields.Char();
    _records = [
        { id: 5, name: "Addison" },
        { id: 6, name: "Floyd" },
    ];
}

defineMailModels();
defineModels([SyncedMeeting, Contact]);

/** Shows one field or widget of a meeting with these values. */
async function show(arch, values = {}) {
    Object.assign(SyncedMeeting._records[0], values);
    await mountView({
        type: "form",
        resModel: "synced.meeting",
        resId: 1,
        arch: `<form>${arch}</form>`,
    });
}

/** Notes which method is called on the meeting, and answers it. */
function listen(...methods) {
    onRpc("synced.meeting", "*", ({ method, args }) => {
        if (methods.includes(method)) {
            expect.step(`${method} ${args[0]}`);
            return true;
        }
    });
}

// ---- leaving ----

test("a new meeting is not made by looking elsewhere, nor by leaving it untouched", async () => {
    listen("web_save");
    await mountView({
        type: "form",
        resModel: "synced.meeting",
        arch: `<form js_class="synced_meeting_form"><field name="name"/></form>`,
    });
    await hideTab();
    await unload();
    await contains("[name=name] input").edit("Renewal");
    await hideTab();
    expect.verifySteps([]);
});

// ---- sending ----

test("undo counts down, and goes with the last second", async () => {
    mockDate("2026-11-24 12:00:00", 0);
    listen("wake_sending");
    await show(`<field name="undo_until" widget="synced_undo"/>`, {
        undo_until: "2026-11-24 12:00:03",
    });
    expect("button:contains(Undo)").toHaveText("Undo (3)");
    await advanceTime(1000);
    await animationFrame();
    expect("button:contains(Undo)").toHaveText("Undo (2)");
    await advanceTime(2000);
    await animationFrame();
    expect("button:contains(Undo)").toHaveCount(0);
    expect.verifySteps(["wake_sending 1"]);
});

test("undo takes the sending back once", async () => {
    mockDate("2026-11-24 12:00:00", 0);
    const answered = new Deferred();
    onRpc("synced.meeting", "action_undo_send", async ({ args }) => {
        expect.step(`undo ${args[0]}`);
        MockServer.env["synced.meeting"].write(args[0], { undo_until: false });
        await answered;
        return true;
    });
    await show(`<field name="undo_until" widget="synced_undo"/>`, {
        undo_until: "2026-11-24 12:00:09",
    });
    await contains("button:contains(Undo)").click();
    expect("button:contains(Undo)").toHaveProperty("disabled", true);
    answered.resolve();
    await animationFrame();
    expect.verifySteps(["undo 1"]);
});

// ---- answering ----

test("one's own answer is marked, and another given", async () => {
    listen("action_decline");
    await show(`<field name="own_response" widget="synced_own_answer"/>`, {
        own_response: "accepted",
    });
    expect(queryAllTexts("[role=group] button")).toEqual(["Yes", "Maybe", "No"]);
    expect(queryAllAttributes("[role=group] button", "aria-pressed")).toEqual([
        "true",
        "false",
        "false",
    ]);
    await contains("button:contains(No)").click();
    expect.verifySteps(["action_decline 1"]);
});

test("answers are counted, and read aloud in words", async () => {
    await show(`<field name="answers" widget="synced_answers"/>`, {
        answers: { accepted: 2, tentative: 0, declined: 0, needs_action: 1 },
    });
    expect(".o_synced_answers").toHaveAttribute("aria-label", "2 accepted, 1 no answer");
    expect(".o_synced_answers > span").toHaveCount(2);
});

// ---- people ----

test("guests are chips, the known ones open their card, very many wait behind a click", async () => {
    mockService("action", { doAction: (action) => expect.step(action.res_id) });
    const guests = Array.from({ length: 23 }, (_one, n) => ({
        name: `Guest ${n}`,
        email: `g${n}@x`,
        response: n ? "needs_action" : "declined",
        kind: "required",
        organiser: false,
        partner: n ? false : 7,
    }));
    await show(`<field name="guests" widget="synced_guests" readonly="1"/>`, { guests });
    expect(".o_synced_guest").toHaveCount(20);
    expect("button.o_synced_guest").toHaveCount(1);
    expect("button.o_synced_guest").toHaveClass("o_synced_guest_declined");
    expect("button.o_synced_guest").toHaveText("Guest 0\ng0@x, declined");
    await contains("button.o_synced_guest").click();
    expect.verifySteps([7]);
    await contains("button:contains(Show all 23)").click();
    expect(".o_synced_guest").toHaveCount(23);
});

test("proposed people are invited by a click", async () => {
    await show(
        `<field name="person_ids" widget="many2many_tags"/>
        <field name="proposed_people" widget="synced_proposals" options="{'into': 'person_ids'}"/>`,
        { proposed_people: [{ id: 5, name: "Addison" }], person_ids: [6] }
    );
    await contains(".o_synced_proposals button").click();
    expect(queryAllTexts(".o_tag")).toEqual(["Floyd", "Addison"]);
});

test("the organiser is not among the colleagues", async () => {
    const [organiser, colleague] = [serverState.userId, serverState.publicUserId];
    await show(`<field name="user_ids" widget="synced_colleagues"/>`, {
        user_id: organiser,
        user_ids: [organiser, colleague],
    });
    expect(".o_tag").toHaveCount(1);
    await contains(".o_tag .o_delete", { visible: false }).click();
    onRpc("synced.meeting", "web_save", ({ args }) => expect.step(args[1].user_ids));
    await contains(".o_form_button_save").click();
    expect.verifySteps([[[3, colleague]]]);
});

// ---- when and where ----

test("days of the week are switches", async () => {
    await show(`<field name="repeat_days" widget="synced_weekdays"/>`, { repeat_days: "FR,MO" });
    const pressed = () => queryAllTexts("button[aria-pressed=true]");
    expect("[aria-label=Weekdays] button").toHaveCount(7);
    expect(pressed()).toEqual(["Mon", "Fri"]);
    await contains("button[aria-label=Wednesday]").click();
    await contains("button[aria-label=Monday]").click();
    expect(pressed()).toEqual(["Wed", "Fri"]);
    onRpc("synced.meeting", "web_save", ({ args }) => expect.step(args[1].repeat_days));
    await contains(".o_form_button_save").click();
    expect.verifySteps(["WE,FR"]);
});

test("when it is here, and where it was made", async () => {
    mockDate("2026-11-24 12:00:00");
    mockTimeZone("Europe/Copenhagen");
    const arch = `<field name="start" widget="synced_when" readonly="1"/>
        <field name="timezone" widget="synced_there" readonly="1"/>`;
    await show(arch, { timezone: "America/New_York" });
    expect(".o_synced_when").toHaveText(/^Wed, Nov 25,.+–/);
    expect("[name=timezone] [aria-label='Where the meeting was made']").toHaveCount(1);
});

test("whole days have no other place", async () => {
    const arch = `<field name="start" widget="synced_when" readonly="1"/>
        <field name="timezone" widget="synced_there" readonly="1"/>`;
    const days = { allday: true, start_date: "2026-11-23", stop_date: "2026-11-25" };
    await show(arch, { ...days, timezone: "America/New_York" });
    expect(".o_synced_when").toHaveText(/all day$/);
    expect("[name=timezone] .fa-globe").toHaveCount(0);
});

test("a place that is an address can be followed, other text never", async () => {
    await show(`<field name="location" widget="synced_location" readonly="1"/>`, {
        location: "https://meet.example/abc",
    });
    expect("[name=location] a").toHaveAttribute("href", "https://meet.example/abc");
});

test("what is no web address becomes no link", async () => {
    await show(
        `<field name="location" widget="synced_location" readonly="1"/>
        <widget name="synced_open" field="conference_url" string="Join"/>`,
        { location: "javascript:alert(1)", conference_url: "javascript:alert(1)" }
    );
    expect(".o_form_view a[href]").toHaveCount(0);
    expect("[name=location]").toHaveText("javascript:alert(1)");
});

test("the provider's button says where it leads", async () => {
    await show(
        `<widget name="synced_open" field="url"/><field name="provider" widget="synced_provider"/>`,
        { url: "https://calendar.example/1", provider: "google" }
    );
    expect("a.btn-secondary").toHaveText("Open in Google Calendar");
    expect("a.btn-secondary").toHaveAttribute("rel", "noopener noreferrer");
    expect("[name=provider]").toHaveText("G");
});

test("the subject shows what must be seen at once", async () => {
    await show(`<field name="name" widget="synced_subject" readonly="1"/>`, {
        privacy: "private",
        series_id: 5,
        is_exception: true,
    });
    expect("[name=name]").toHaveText("Renewal");
    expect("[name=name] .fa-lock").toHaveCount(1);
    expect("[name=name] .fa-repeat.o_synced_exception").toHaveCount(1);
});

// ---- deleting ----

const CHOICE = { title: "Delete “Renewal”?", body: "Invited: Addison.", told: 2, quiet: true };

/** Asks as a list of meetings does. */
async function ask(choice) {
    onRpc("synced.meeting", "deletion_choice", () => choice);
    await show(`<field name="name"/>`);
    const services = { dialog: getService("dialog"), orm: getService("orm") };
    await askDeletion(services, [1], { done: () => expect.step("done") });
    await animationFrame();
}

test("deleting asks, and tells only whoever is to be told", async () => {
    listen("delete_and_tell");
    await ask(CHOICE);
    expect(".modal-title").toHaveText("Delete “Renewal”?");
    expect(queryAllTexts(".modal-footer button")).toEqual([
        "Cancel and tell 2 people",
        "Remove without telling",
        "No, keep it",
    ]);
    await contains(".modal-footer button:contains(tell 2)").click();
    expect.verifySteps(["delete_and_tell 1", "done"]);
});

test("who keeps a meeting changes nothing", async () => {
    listen("delete_and_tell", "unlink");
    await ask(CHOICE);
    await contains(".modal-footer button:contains(No, keep it)").click();
    expect.verifySteps([]);
});

test("where everybody is told of a cancellation, it can be hidden instead", async () => {
    listen("action_hide");
    await ask({ ...CHOICE, told: 1, quiet: false, hide: true });
    expect(queryAllTexts(".modal-footer button")).toEqual([
        "Cancel and tell 1 person",
        "Hide in Odoo",
        "No, keep it",
    ]);
    await contains(".modal-footer button:contains(Hide)").click();
    expect.verifySteps(["action_hide 1", "done"]);
});

// ---- the buttons of the form ----

const HEADER = `<form js_class="synced_meeting_form" class="o_synced_meeting_form">
    <header>
        <button name="action_send" type="object" string="Save and send"/>
        <button special="save" string="Save"/>
        <button name="action_more" type="object" string="More of it"/>
    </header>
    <sheet><field name="name"/></sheet></form>`;

test("on a phone both ways to save are in reach, the rest behind them", async () => {
    await patchUiSize({ size: SIZES.SM });
    await mountView({ type: "form", resModel: "synced.meeting", resId: 1, arch: HEADER });
    expect(queryAllTexts(".o_statusbar_buttons > button")).toEqual(["Save and send", "Save", ""]);
    await contains(".o_statusbar_buttons button[title=More]").click();
    expect(".o-dropdown-item:contains(More of it)").toHaveCount(1);
});

test("on a desk all buttons stand beside each other", async () => {
    await mountView({ type: "form", resModel: "synced.meeting", resId: 1, arch: HEADER });
    expect(queryAllTexts(".o_statusbar_buttons button")).toEqual([
        "Save and send",
        "Save",
        "More of it",
    ]);
});
