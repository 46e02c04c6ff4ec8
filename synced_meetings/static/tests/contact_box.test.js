import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, queryAllTexts, test } from "@odoo/hoot";
import { animationFrame, Deferred, mockDate } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Contact extends models.Model {
    _name = "contact";
    name = fields.Char();
    _records = [
        { id: 1, name: "Addison" },
        { id: 2, name: "Floyd" },
    ];
}

defineMailModels();
defineModels([Contact]);

const NOBODY = { accepted: 0, tentative: 0, declined: 0, needs_action: 0, asked: 0, own: "" };

function row(id, values) {
    return {
        id,
        name: `Meeting ${id}`,
        start: "2026-11-25 09:00:00",
        stop: "2026-11-25 10:00:00",
        allday: false,
        start_date: false,
        stop_date: false,
        who: ["Mitchell", "Marc"],
        answers: NOBODY,
        provider: "google",
        provider_label: "Google Calendar",
        state: "confirmed",
        private: false,
        series: false,
        exception: false,
        location: "",
        ...values,
    };
}

const EMPTY = {
    box: "both",
    can_set_company: false,
    connected: true,
    total: 0,
    upcoming: [],
    past: [],
    defaults: { default_partner_ids: [1] },
};

async function openCard(box, resIds = [1]) {
    mockDate("2026-11-24 12:00:00", 0);
    onRpc("contact", "synced_meetings_box_data", ({ args }) => {
        expect.step(`box of ${args[0]}`);
        return typeof box === "function" ? box(args[0]) : box;
    });
    await mountView({
        type: "form",
        resModel: "contact",
        resId: 1,
        resIds,
        arch: `<form><field name="name"/><widget name="synced_meetings_box"/></form>`,
    });
    await animationFrame();
}

test("next and last stand out, the others follow", async () => {
    await openCard({
        ...EMPTY,
        total: 14,
        upcoming: [
            row(1, { answers: { ...NOBODY, accepted: 2, needs_action: 1, asked: 3 } }),
            row(2, { start: "2026-12-25 09:00:00", stop: "2026-12-25 10:00:00" }),
        ],
        past: [row(3, { start: "2026-11-12 09:00:00", private: true }), row(4, { series: true })],
    });
    expect.verifySteps(["box of 1"]);
    expect(queryAllTexts(".o_synced_row_title")).toEqual(["Next", "Last", "Later", "Earlier"]);
    expect(queryAllTexts(".o_synced_row_distance")).toEqual(["tomorrow", "12 days ago"]);
    expect(".o_synced_row:first .o_synced_answers").toHaveAttribute(
        "aria-label",
        "2 accepted, 1 no answer"
    );
    expect(".o_synced_row .fa-lock").toHaveCount(1);
    expect(".o_synced_row .fa-repeat").toHaveCount(1);
    expect(".o_synced_box_footer").toHaveText("Show all 14");
});

test("whole days are days, not hours", async () => {
    const allday = { allday: true, start_date: "2026-11-25", stop_date: "2026-11-26" };
    await openCard({ ...EMPTY, total: 1, upcoming: [row(1, allday)] });
    expect(".o_synced_row_when").toHaveText(/^Wed, Nov 25\s*tomorrow$/);
    expect.verifySteps(["box of 1"]);
});

test("the card is there before its meetings", async () => {
    const answer = new Deferred();
    await openCard(() => answer);
    expect(".o_field_widget[name=name]").toHaveCount(1);
    expect(".o_synced_box .placeholder").toHaveCount(6);
    answer.resolve({ ...EMPTY, connected: false });
    await animationFrame();
    expect(".o_synced_box .placeholder").toHaveCount(0);
    expect(".o_synced_box_note").toHaveText(/No meetings yet.\s*Connect your calendar/);
    expect.verifySteps(["box of 1"]);
});

test("the next card has its own meetings", async () => {
    await openCard((id) => ({ ...EMPTY, total: 1, upcoming: [row(id)] }), [1, 2]);
    await contains(".o_pager_next").click();
    await animationFrame();
    expect(".o_synced_row_name:first").toHaveText("Meeting 2");
    expect.verifySteps(["box of 1", "box of 2"]);
});

test("a failure says so and can be tried again", async () => {
    let broken = true;
    await openCard(() => {
        if (broken) {
            throw new Error("no answer");
        }
        return EMPTY;
    });
    expect(".o_synced_box_note").toHaveText(/could not be loaded/);
    broken = false;
    await contains(".o_synced_box_note button").click();
    await animationFrame();
    expect(".o_synced_box_note").toHaveText("No meetings yet.");
    expect.verifySteps(["box of 1", "box of 1"]);
});

test("a row opens its meeting", async () => {
    mockService("action", {
        doAction(action) {
            expect.step(`${action.res_model} ${action.res_id}`);
        },
    });
    await openCard({ ...EMPTY, total: 1, upcoming: [row(5)] });
    expect(".o_synced_row:first").toHaveAttribute("href", "/odoo/synced.meeting/5");
    await contains(".o_synced_row:first").click();
    expect.verifySteps(["box of 1", "synced.meeting 5"]);
});

test("the gear chooses for the user, and administrators for the company", async () => {
    onRpc("contact", "set_synced_meetings_box", ({ args }) => {
        expect.step(`choose ${args.join(" ")}`);
        return true;
    });
    await openCard({ ...EMPTY, can_set_company: true });
    await contains(".o_synced_box_gear").click();
    expect("[role=menuitemradio][aria-checked=true]").toHaveText("Both");
    await contains("[role=menuitemradio]:contains(Synced meetings)").click();
    await contains(".o_synced_box_gear").click();
    await contains(".dropdown-item:contains(whole company)").click();
    expect.verifySteps(["box of 1", "choose synced false", "choose synced true"]);
});

test("where Odoo's own meetings were chosen, the gear stays", async () => {
    await openCard({ ...EMPTY, box: "calendar", total: 3, upcoming: [row(1)] });
    expect(".o_synced_row").toHaveCount(0);
    expect(".o_synced_box_gear").toHaveCount(1);
    expect.verifySteps(["box of 1"]);
});
