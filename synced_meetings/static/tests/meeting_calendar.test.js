import { startBusService } from "@bus/../tests/bus_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, expect, press, queryAll, queryAllTexts, queryOne, test } from "@odoo/hoot";
import { animationFrame, mockDate, mockTimeZone, runAllTimers } from "@odoo/hoot-mock";
import {
    MockServer,
    contains,
    defineModels,
    fields,
    getService,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
    preloadBundle,
    serverState,
} from "@web/../tests/web_test_helpers";

import { user } from "@web/core/user";
import { STATUS_CHANGED } from "@synced_meetings/sync_status/sync_status_hook";

const ARCH = /* xml */ `
    <calendar js_class="synced_meeting_calendar" date_start="start" date_stop="stop"
        date_delay="duration" all_day="allday" color="user_id" mode="week"
        create="0" edit="0" delete="0" quick_create="0">
        <field name="user_ids" filters="1" write_model="synced.meeting.filter"
            write_field="user_id" filter_field="checked" invisible="1"/>
        <field name="start_date" invisible="1"/>
        <field name="stop_date" invisible="1"/>
        <field name="state" invisible="1"/>
        <field name="privacy" invisible="1"/>
        <field name="provider" invisible="1"/>
        <field name="series_id" invisible="1"/>
        <field name="is_exception" invisible="1"/>
        <field name="answers" invisible="1"/>
        <field name="guests" invisible="1"/>
        <field name="conference_url" invisible="1"/>
        <field name="url" invisible="1"/>
    </calendar>`;

const PLAIN = {
    user_id: serverState.userId,
    user_ids: [serverState.userId],
    duration: 1,
    state: "confirmed",
    privacy: "public",
    provider: "google",
};

const SELF = [serverState.userId, "Mitchell Admin"];
const LABEL = "Google Calendar";
let PEOPLE;
let BUSY;
let SETTINGS;

beforeEach(() => {
    PEOPLE = [
        { id: false, user_id: SELF, checked: true, color: 0, provider: "", provider_label: "" },
        { id: 2, user_id: [52, "Marc Demo"], checked: true, color: 1, provider: "google", provider_label: LABEL },
    ];
    const known = { email: "", known: true, timezone: "UTC", working: [] };
    BUSY = [
        { ...known, key: "user-7", user_id: serverState.userId, name: "Mitchell Admin", busy: [] },
        { ...known, key: "user-52", user_id: 52, name: "Marc Demo", busy: [] },
    ];
    SETTINGS = {};
    patchWithCleanup(user, {
        get settings() {
            return SETTINGS;
        },
        setUserSettings: async (key, value) => {
            expect.step(`${key}: ${value}`);
            SETTINGS[key] = value;
        },
    });
});

class Meeting extends models.Model {
    _name = "synced.meeting";
    name = fields.Char();
    start = fields.Datetime();
    stop = fields.Datetime();
    duration = fields.Float();
    allday = fields.Boolean();
    start_date = fields.Date();
    stop_date = fields.Date();
    user_id = fields.Many2one({ relation: "res.users" });
    user_ids = fields.Many2many({ relation: "res.users" });
    state = fields.Char();
    privacy = fields.Char();
    provider = fields.Selection({ selection: [["google", "Google Calendar"]] });
    series_id = fields.Many2one({ relation: "synced.meeting" });
    is_exception = fields.Boolean();
    answers = fields.Json();
    guests = fields.Json();
    conference_url = fields.Char();
    url = fields.Char();
    editable = fields.Boolean();
    show_as = fields.Char();

    availability() {
        expect.step("busy times");
        return BUSY;
    }

    busy_days() {
        expect.step("busy days");
        return ["2026-11-25"];
    }

    _records = [
        {
            ...PLAIN,
            id: 1,
            name: "Fair",
            allday: true, // its instants are those of a zone far away
            start: "2026-11-22 10:00:00",
            stop: "2026-11-25 09:59:59",
            start_date: "2026-11-23",
            stop_date: "2026-11-25",
        },
        {
            ...PLAIN,
            id: 2,
            name: "Renewal talk",
            start: "2026-11-25 12:00:00",
            stop: "2026-11-25 13:00:00",
            conference_url: "javascript:alert(1)",
            url: "https://calendar.example/event",
            answers: { accepted: 2, needs_action: 1, own: "accepted" },
            guests: [{ name: "Addison", response: "accepted", kind: "required", partner: 7 }],
        },
        {
            ...PLAIN,
            id: 3,
            name: "Doctor",
            privacy: "private",
            state: "tentative",
            start: "2026-11-26 12:00:00",
            stop: "2026-11-26 13:00:00",
        },
    ];
}

class MeetingFilter extends models.Model {
    _name = "synced.meeting.filter";
    owner_id = fields.Many2one({ relation: "res.users" });
    user_id = fields.Many2one({ relation: "res.users" });
    checked = fields.Boolean();

    shown_people() {
        expect.step("people");
        if (!PEOPLE) {
            throw new Error("out of order");
        }
        return PEOPLE;
    }

    add_team() {
        PEOPLE.push({ ...PEOPLE[1], id: 3, user_id: [53, "Joel Willis"], color: 2, provider: "" });
        return 1;
    }
}

defineMailModels();
defineModels([Meeting, MeetingFilter]);
preloadBundle("web.fullcalendar_lib");

const STATUS = { calendars: 1, syncing: false, last_sync: "2026-11-24 11:58:00", error: false, list: [] };
/** What a page asks for, whatever it shows. */
const ONCE = ["people", "meetings", "busy times", "busy days"];
const OPENED = [...ONCE, "due"];

async function openCalendar(arch = ARCH) {
    onRpc("synced.calendar", "mark_my_calendars_due", () => {
        expect.step("due");
        return 1;
    });
    onRpc("synced.calendar", "my_status", () => STATUS);
    onRpc("synced.meeting", "search_read", () => expect.step("meetings"));
    await mountView({ type: "calendar", resModel: "synced.meeting", arch });
    await animationFrame();
}

/** Each was asked once, in whatever order. */
function verifyOnce(steps) {
    expect.verifySteps(steps, { ignoreOrder: true });
}

/** The days over which whole-day meetings are drawn. */
function daysOf(meetingId) {
    const event = queryOne(`[data-event-id="${meetingId}"]`).getBoundingClientRect();
    return queryAll(".fc-daygrid-day")
        .filter((day) => {
            const { left, width, top, bottom } = day.getBoundingClientRect();
            const middle = left + width / 2;
            const inRow = top <= event.top && event.bottom <= bottom;
            return inRow && event.left < middle && middle < event.right;
        })
        .map((day) => day.dataset.date);
}

for (const offset of [-11, 0, 13]) {
    for (const scale of ["week", "month"]) {
        test(`whole days stay on their days, ${scale}, UTC${offset}`, async () => {
            mockDate("2026-11-24 12:00:00", offset);
            mockTimeZone(offset);
            await openCalendar(ARCH.replace('mode="week"', `mode="${scale}"`));
            expect(daysOf(1)).toEqual(["2026-11-23", "2026-11-24", "2026-11-25"]);
            verifyOnce(OPENED);
        });
    }
}

test("whole days of the first and of the last day shown are asked for", async () => {
    mockDate("2026-11-24 12:00:00", 13);
    mockTimeZone(13);
    onRpc("synced.meeting", "search_read", ({ kwargs }) => {
        expect(kwargs.domain).toInclude(["start_date", "<=", "2026-11-28"]);
        expect(kwargs.domain).toInclude(["stop_date", ">=", "2026-11-22"]);
    });
    await openCalendar();
    verifyOnce(OPENED);
});

test("opening and moving on: the same requests each time", async () => {
    mockDate("2026-11-24 12:00:00", 0);
    await openCalendar();
    verifyOnce(OPENED);
    await contains(".o_calendar_button_next").click();
    await animationFrame();
    verifyOnce(ONCE);
    expect(".o_synced_chip").toHaveText(/Updated 2 minutes ago/);
});

test("runs that brought something reload once, one that did not never", async () => {
    mockDate("2026-11-24 12:00:00", 0);
    await openCalendar();
    verifyOnce(OPENED);
    await startBusService();
    getService("bus_service").subscribe(STATUS_CHANGED, () => expect.step("run"));
    const runs = (...pulls) => {
        for (const pulled of pulls) {
            MockServer.env["bus.bus"]._sendone("broadcast", STATUS_CHANGED, { pulled });
        }
    };
    runs(3, 2);
    await expect.waitForSteps(["run", "run"]);
    await runAllTimers();
    await expect.waitForSteps(ONCE);
    runs(0);
    await expect.waitForSteps(["run"]);
    await runAllTimers();
    await animationFrame();
    expect.verifySteps([]);
});

test("marks: private, tentative, answers", async () => {
    mockDate("2026-11-24 12:00:00", 0);
    await openCalendar();
    expect('[data-event-id="3"] .fa-lock').toHaveCount(1);
    expect('[data-event-id="3"]').toHaveClass("o_event_hatched");
    expect('[data-event-id="2"] .o_synced_event_facts').toHaveText(/G\s*✓2\s*\?1/);
    verifyOnce(OPENED);
});

test("a click shows who comes; only web addresses can be followed", async () => {
    mockDate("2026-11-24 12:00:00", 0);
    await openCalendar();
    await contains('[data-event-id="2"]').click();
    await runAllTimers();
    await animationFrame();
    expect(queryAllTexts(".o_cw_popover .o_synced_guest_name")).toEqual(["Addison"]);
    expect(".o_cw_popover a[href^='javascript']").toHaveCount(0);
    expect(".o_cw_popover a[href='https://calendar.example/event']").toHaveCount(1);
    verifyOnce(OPENED);
});

const IN_WEEK = { start: "2026-11-25 09:00:00", stop: "2026-11-25 10:00:00", allday: false };

test("a colleague's hidden time is a grey block that cannot be opened or moved", async () => {
    mockDate("2026-11-24 12:00:00", 0);
    BUSY[1].busy = [{ ...IN_WEEK, show_as: "busy", meeting_id: false, name: false }];
    await openCalendar();
    await animationFrame();
    expect(queryAllTexts(".o_synced_busy")).toEqual(["Busy · Marc Demo"]);
    await contains(".o_synced_busy").click();
    await runAllTimers();
    expect(".o_cw_popover").toHaveCount(0);
    verifyOnce(OPENED);
});

for (const scale of ["day", "week", "month", "schedule", "agenda"]) {
    test(`the ${scale} asks for the same, however many meetings there are`, async () => {
        mockDate("2026-11-24 12:00:00", 0);
        const many = Array.from({ length: 2000 }, (_, index) => ({
            ...PLAIN,
            id: 100 + index,
            name: `Meeting ${index}`,
            start: `2026-11-${String(1 + (index % 28)).padStart(2, "0")} 12:00:00`,
            stop: `2026-11-${String(1 + (index % 28)).padStart(2, "0")} 13:00:00`,
        }));
        patchWithCleanup(Meeting, { _records: scale === "month" ? many : Meeting._records });
        await openCalendar();
        verifyOnce(OPENED);
        await press(scale[0]);
        await animationFrame();
        await animationFrame();
        verifyOnce(ONCE);
        await press("n");
        await animationFrame();
        await animationFrame();
        verifyOnce(ONCE);
    });
}

test("the agenda lists days with meetings only", async () => {
    mockDate("2026-11-24 12:00:00", 0);
    await openCalendar();
    await press("a");
    await animationFrame();
    expect(queryAll(".fc-list-day").map((day) => day.dataset.date)).toEqual([
        "2026-11-24",
        "2026-11-25",
        "2026-11-26",
    ]);
    verifyOnce([...OPENED, ...ONCE]);
});

test("the schedule has a row for each person, the connected before the others", async () => {
    mockDate("2026-11-24 12:00:00", 0);
    PEOPLE.splice(1, 0, { ...PEOPLE[1], id: 4, user_id: [54, "Abe"], provider: "", color: 3 });
    BUSY.push({ ...BUSY[1], key: "user-54", user_id: 54, name: "Abe", known: false });
    await openCalendar();
    await press("s");
    await animationFrame();
    await animationFrame();
    expect(queryAll(".o_synced_schedule_row").map((row) => row.dataset.user)).toEqual(["7", "52", "54"]);
    expect(".o_synced_schedule_row:eq(2)").toHaveText(/Unknown/);
    expect(queryAllTexts(".o_calendar_filter_item label")).toEqual(["Mitchell Admin\n–", "Marc Demo\nG", "Abe\n–"]);
    verifyOnce([...OPENED, ...ONCE]);
});

test("everyone in the team comes onto the list", async () => {
    mockDate("2026-11-24 12:00:00", 0);
    await openCalendar();
    await contains(".o_synced_add_team").click();
    await animationFrame();
    expect(".o_calendar_filter_item").toHaveCount(3);
    verifyOnce([...OPENED, ...ONCE]);
});

test("weekends follow the user, not the browser", async () => {
    mockDate("2026-11-24 12:00:00", 0);
    SETTINGS.synced_weekends = false;
    await openCalendar();
    expect(".fc-col-header-cell").toHaveCount(5);
    await contains(".scale_button_selection").click();
    await contains(".o_show_weekends").click();
    expect(".fc-col-header-cell").toHaveCount(7);
    verifyOnce([...OPENED, "synced_weekends: true"]);
});

test("what cannot be loaded is said, with the next step; the page stays", async () => {
    mockDate("2026-11-24 12:00:00", 0);
    await openCalendar();
    verifyOnce(OPENED);
    const people = PEOPLE;
    PEOPLE = null; // what the server chokes on
    await press("n");
    await animationFrame();
    expect(".o_synced_page_notice").toHaveText(/could not be loaded.*Try again/s);
    expect(".fc-timeGridWeek-view").toHaveCount(1);
    verifyOnce(["people"]);
    PEOPLE = people;
    await contains(".o_synced_page_notice button").click();
    await animationFrame();
    expect(".o_synced_page_notice").toHaveText(/No meetings here/);
    verifyOnce(ONCE);
});
