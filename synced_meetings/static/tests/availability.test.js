import { defineMailModels, patchUiSize, SIZES } from "@mail/../tests/mail_test_helpers";
import {
    beforeEach,
    expect,
    hover,
    pointerDown,
    pointerUp,
    press,
    queryAllTexts,
    queryOne,
    queryRect,
    test,
} from "@odoo/hoot";
import { animationFrame, mockDate, mockTimeZone } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    defineParams,
    fields,
    models,
    mountView,
    onRpc,
    serverState,
} from "@web/../tests/web_test_helpers";

class Guest extends models.Model {
    _name = "guest";
    email = fields.Char();
}

class SyncedMeeting extends models.Model {
    _name = "synced.meeting";
    start = fields.Datetime();
    stop = fields.Datetime();
    allday = fields.Boolean();
    start_date = fields.Date();
    stop_date = fields.Date();
    editable = fields.Boolean();
    repeat = fields.Char();
    user_id = fields.Many2one({ relation: "res.users" });
    user_ids = fields.Many2many({ relation: "res.users" });
    attendee_ids = fields.One2many({ relation: "guest" });
}

defineMailModels();
defineModels([SyncedMeeting, Guest]);

const ARCH = `<form>
    ${["start", "stop", "allday", "start_date", "stop_date", "editable", "repeat", "user_id"]
        .map((name) => `<field name="${name}"/>`)
        .join("")}
    <field name="user_ids" widget="many2many_tags"/>
    <field name="attendee_ids"><list><field name="email"/></list></field>
    <widget name="synced_availability"/>
</form>`;
const WORKING = [["2026-11-25 08:00:00", "2026-11-25 16:00:00"]];
const BUSY = { show_as: "busy", allday: false, meeting_id: false, name: false };

let rows, asked;

beforeEach(async () => {
    defineParams({ lang_parameters: { time_format: "%H:%M:%S" } });
    mockDate("2026-11-24 12:00:00");
    mockTimeZone("Europe/Berlin");
    await patchUiSize({ size: SIZES.XXL });
    const me = { key: "me", user_id: serverState.userId, email: "me@x", name: "Mitchell" };
    const marc = { key: "marc", user_id: 99, email: "marc@x", name: "Marc" };
    const guest = { key: "g", user_id: false, email: "olson@x", name: "Olson", working: [] };
    asked = [];
    rows = [
        { ...me, known: true, working: WORKING, busy: [] },
        { ...marc, known: true, working: WORKING, busy: [] },
        { ...guest, known: false, busy: [] },
    ];
    onRpc("synced.meeting", "availability", ({ args }) => {
        asked.push(`${args[0].length} users, ${args[1].length} guests`);
        return rows;
    });
    onRpc("synced.meeting", "ask_availability", ({ args }) =>
        args[0].map((email) => ({ email, known: false, reason: "not told", busy: [] }))
    );
});

/** Shows the panel for a meeting from 10:00 to 11:00, with these values. */
async function show(values = {}) {
    const meeting = {
        id: 7,
        start: "2026-11-25 09:00:00",
        stop: "2026-11-25 10:00:00",
        editable: true,
        user_id: serverState.userId,
        user_ids: [serverState.userId],
        ...values,
    };
    SyncedMeeting._records = [meeting];
    await mountView({ type: "form", resModel: "synced.meeting", resId: 7, arch: ARCH });
    await animationFrame();
}

/** Returns where a time of the day is drawn. */
function place(hour, share = 0.5) {
    const { x, y, width, height } = queryRect(".o_synced_slots_body");
    return { x: x + width * share, y: y + (height * hour) / 24 };
}

async function drag(from, to, grip = ".o_synced_slots_body") {
    await pointerDown(grip, { position: from });
    await hover(".o_synced_slots_body", { position: to });
    await pointerUp(".o_synced_slots_body", { position: to });
    await animationFrame();
}

const draft = () => queryOne(".o_synced_draft").textContent.trim();

test("a column each, and who is not connected is not known", async () => {
    await show();
    expect(asked).toEqual(["1 users, 0 guests"]);
    expect(queryAllTexts(".o_synced_slots_head")).toEqual(["Me", "Marc", "Olson"]);
    expect(".o_synced_lane_unknown").toHaveCount(1);
    expect(".o_synced_slots_head:eq(2)").toHaveAttribute("data-tooltip", "Olson: not told");
    expect("[role=status]").toHaveText(/Free, as far as calendars are connected.*Not known: Olson/s);
});

test("a click fills the slot and keeps the length; a drag fills the length, too", async () => {
    await show();
    await drag(place(14.2), place(14.2));
    expect(draft()).toBe("14:00 – 15:00");
    await drag(place(12.01), place(13.5));
    expect(draft()).toBe("12:00 – 13:30");
    onRpc("synced.meeting", "web_save", ({ args }) => {
        expect.step(`${args[1].start} ${args[1].stop}`);
    });
    await contains(".o_form_button_save").click();
    expect.verifySteps(["2026-11-25 11:00:00 2026-11-25 12:30:00"]);
});

test("the meeting is moved and stretched", async () => {
    await show();
    await drag(place(10.3), place(12.3), ".o_synced_draft");
    expect(draft()).toBe("12:00 – 13:00");
    await drag(place(13), place(14.25), ".o_synced_draft_end");
    expect(draft()).toBe("12:00 – 14:15");
});

test("by keys, too", async () => {
    const key = async (...keys) => {
        await press(keys);
        await animationFrame();
        await animationFrame(); // the day follows the meeting
    };
    await show();
    queryOne(".o_synced_draft").focus();
    await key("ArrowDown");
    expect(draft()).toBe("10:30 – 11:30");
    await key("Shift", "ArrowDown");
    expect(draft()).toBe("10:30 – 11:45");
    await key("ArrowRight");
    expect(".o_synced_availability_head").toHaveText(/Thu, Nov 26/);
    expect(".o_synced_draft").toHaveAttribute("aria-label", /This meeting, Thu, Nov 26, 10:30/);
});

test("who cannot come is said, with when and what one may know; oneself is no hindrance", async () => {
    rows[1].busy = [
        { ...BUSY, start: "2026-11-25 09:30:00", stop: "2026-11-25 11:00:00", name: "Budget" },
        { ...BUSY, start: "2026-11-25 11:00:00", stop: "2026-11-25 12:00:00" },
    ];
    rows[0].busy = [
        { ...BUSY, start: "2026-11-25 09:00:00", stop: "2026-11-25 10:00:00", meeting_id: 7 },
    ];
    await show();
    expect("[role=status] li").toHaveCount(1);
    expect("[role=status] li").toHaveText("Marc · 10:30 – 12:00 · Budget");
    expect(".o_synced_busy_clash").toHaveCount(1);
    expect(".o_synced_busy").toHaveCount(2);
    expect(queryAllTexts(".o_synced_next button")).toEqual(["09:00", "13:00", "14:00"]);
    await contains(".o_synced_next button:eq(1)").click();
    expect(draft()).toBe("13:00 – 14:00");
    expect("[role=status] li").toHaveCount(0);
});

test("what a service tells takes the place of not knowing", async () => {
    const told = { ...BUSY, start: "2026-11-25 09:00:00", stop: "2026-11-25 10:00:00" };
    onRpc("synced.meeting", "ask_availability", ({ args }) => {
        expect(args[0]).toEqual(["olson@x"]);
        return [{ email: "olson@x", known: true, reason: false, busy: [told] }];
    });
    await show();
    expect(".o_synced_lane_unknown").toHaveCount(0);
    expect("[role=status]").toHaveText("Olson · 10:00 – 11:00");
});

test("a week shows each day, and a click there the day, too", async () => {
    await show();
    await contains("button:contains(Week)").click();
    expect(".o_synced_slots_column").toHaveCount(7);
    await drag(place(9.1, 5.5 / 7), place(9.1, 5.5 / 7));
    expect(".o_synced_draft").toHaveAttribute("aria-label", /Fri, Nov 27, 09:00 – 10:00/);
});

test("a new series says who cannot come to what follows", async () => {
    rows[1].busy = [{ ...BUSY, start: "2026-12-02 09:30:00", stop: "2026-12-02 11:00:00" }];
    await show({ repeat: "weekly" });
    expect("[role=status]").toHaveText(/Of the meetings that follow:.*Wed, Dec 2 · Marc/s);
});

test("whole days are shown, and a click makes an hour of them", async () => {
    await show({ allday: true, start_date: "2026-11-25", stop_date: "2026-11-25" });
    expect(draft()).toBe("All day");
    await drag(place(14), place(14));
    await animationFrame();
    expect(draft()).toBe("14:00 – 15:00");
    expect(".o_field_widget[name=allday] input").not.toBeChecked();
});

test("who may not change the meeting looks only", async () => {
    await show({ editable: false });
    await drag(place(14), place(15));
    expect(draft()).toBe("10:00 – 11:00");
    expect(".o_synced_next button:eq(0)").toHaveProperty("disabled", true);
});

test("without room it waits behind a button, and asks for nothing before", async () => {
    await patchUiSize({ size: SIZES.SM });
    await show();
    expect(asked).toEqual([]);
    expect("button:contains(Check availability)").toHaveAttribute("aria-expanded", "false");
    await contains("button:contains(Check availability)").click();
    await animationFrame();
    expect(asked).toEqual(["1 users, 0 guests"]);
    expect(".o_synced_slots_head").toHaveCount(3);
});

test("what could not be loaded is tried again", async () => {
    onRpc("synced.meeting", "availability", () => {
        expect.step("failed");
        throw new Error("no network");
    });
    await show();
    expect("[role=alert]").toHaveText(/could not be loaded/);
    onRpc("synced.meeting", "availability", () => rows);
    await contains("[role=alert] button").click();
    await animationFrame();
    expect(".o_synced_slots_head").toHaveCount(3);
    expect.verifySteps(["failed"]);
});
