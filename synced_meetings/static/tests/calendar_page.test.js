import { expect, test } from "@odoo/hoot";
import { mockTimeZone } from "@odoo/hoot-mock";
import { makeMockEnv } from "@web/../tests/web_test_helpers";

import { busyEvents } from "@synced_meetings/calendar/busy_times";
import { keyOf } from "@synced_meetings/calendar/keys";
import { invitedOf, writtenSpan } from "@synced_meetings/calendar/moving";
import { asClock, asHours } from "@synced_meetings/calendar/page_dialogs";
import { rangeOf, turned } from "@synced_meetings/calendar/scales";
import { rowOf } from "@synced_meetings/calendar/schedule/row";
import {
    drawn,
    gapsOf,
    inLanes,
    momentAt,
    placeOf,
    ticksOf,
    windowOf,
} from "@synced_meetings/calendar/schedule/timeline";
import { lookOf, worstOf } from "@synced_meetings/sync_status/status_look";

const { DateTime } = luxon;
const HOURS = { start: 9, end: 17 };
const ZONE = { zone: "Europe/Berlin" };
const at = (text) => DateTime.fromISO(text, ZONE);
const span = (start, end) => ({ start: at(start), end: at(end) });
const DAY = span("2026-11-25T00:00", "2026-11-26T00:00");

test("the agenda shows four weeks from its day, and turns by as much", () => {
    const meta = { scale: "agenda", date: at("2026-11-25T10:00") };
    const { start, end } = rangeOf(meta);
    expect(start.toISODate()).toBe("2026-11-25");
    expect(end.toISODate()).toBe("2026-12-22");
    expect(turned(meta, 1).toISODate()).toBe("2026-12-23");
    expect(turned({ ...meta, date: turned(meta, 1) }, -1).toISODate()).toBe("2026-11-25");
});

test("the schedule shows from one hour to one week", () => {
    const widths = ["hour", "part", "workday", "day", "days", "week"];
    const lengths = widths.map((width) => {
        const { start, end } = windowOf(at("2026-11-25"), width, HOURS);
        return end.diff(start, "hours").hours;
    });
    expect(lengths).toEqual([1, 4, 13, 24, 72, 168]);
    expect(windowOf(at("2026-11-25"), "hour", HOURS).start.hour).toBe(9);
    expect(windowOf(at("2026-11-25T14:20"), "hour", HOURS).start.hour).toBe(14);
});

test("a day on which the clocks change has 23 or 25 hours, each at its place", async () => {
    await makeMockEnv();
    for (const [date, hours] of [["2027-03-28", 23], ["2026-10-25", 25]]) {
        const window = windowOf(at(date), "day", HOURS);
        expect(ticksOf(window, "day")).toHaveLength(hours);
        const noon = at(`${date}T12:00`);
        const { left } = placeOf({ start: noon, end: noon.plus({ hours: 1 }) }, window);
        expect(momentAt(left / 100 + 1e-6, window, "day").toISO()).toBe(noon.toISO());
    }
});

test("what lies partly in view is cut, what lies outside is not drawn", () => {
    expect(placeOf(span("2026-11-24T12:00", "2026-11-25T06:00"), DAY)).toEqual({ left: 0, width: 25 });
    expect(placeOf(span("2026-11-25T18:00", "2026-11-27T00:00"), DAY)).toEqual({ left: 75, width: 25 });
    expect(placeOf(span("2026-11-24T10:00", "2026-11-25T00:00"), DAY)).toBe(null);
});

test("a click is an hour, a stretch is what was drawn, either way round", () => {
    const text = ({ start, end }) => `${start.toFormat("HH:mm")}-${end.toFormat("HH:mm")}`;
    expect(text(drawn(14.5 / 24 + 0.001, 14.5 / 24 + 0.001, DAY, "day"))).toBe("14:30-15:30");
    expect(text(drawn(10 / 24 + 0.001, 11.5 / 24 - 0.001, DAY, "day"))).toBe("10:00-11:30");
    expect(text(drawn(11.5 / 24 - 0.001, 10 / 24 + 0.001, DAY, "day"))).toBe("10:00-11:30");
});

test("what is not work, and what overlaps", () => {
    const work = [span("2026-11-25T09:00", "2026-11-25T12:00"), span("2026-11-25T13:00", "2026-11-25T17:00")];
    expect(gapsOf(DAY, work).map(({ start, end }) => `${start.hour}-${end.hour}`)).toEqual(["0-9", "12-13", "17-0"]);
    expect(gapsOf(DAY, [])).toEqual([DAY]);
    const three = [
        span("2026-11-25T09:00", "2026-11-25T11:00"),
        span("2026-11-25T10:00", "2026-11-25T12:00"),
        span("2026-11-25T11:00", "2026-11-25T12:00"),
    ];
    expect(inLanes(three).map(({ lane }) => lane)).toEqual([0, 1, 0]);
});

const BUSY = {
    key: "user-5",
    user_id: 5,
    name: "Marc",
    known: true,
    timezone: "America/New_York",
    working: [],
    busy: [
        { start: "2026-11-25 10:00:00", stop: "2026-11-25 11:00:00", show_as: "oof", allday: false, meeting_id: false, name: false },
        { start: "2026-11-25 05:00:00", stop: "2026-11-26 05:00:00", show_as: "busy", allday: true, meeting_id: false, name: false },
        { start: "2026-11-25 15:00:00", stop: "2026-11-25 16:00:00", show_as: "busy", allday: false, meeting_id: 8, name: "Seen" },
    ],
};

test("somebody's hidden time says that they are busy, and nothing else", async () => {
    mockTimeZone(1);
    await makeMockEnv();
    const events = busyEvents([BUSY]);
    expect(events.map(({ title }) => title)).toEqual(["Out of office · Marc", "Busy · Marc"]);
    expect(events.every(({ editable, interactive }) => !editable && !interactive)).toBe(true);
    expect([events[1].start, events[1].end]).toEqual(["2026-11-25", "2026-11-26"]);
});

test("a row tells busy, away and unknown apart by words", async () => {
    mockTimeZone(1);
    await makeMockEnv();
    const record = {
        id: 8,
        title: "Seen",
        start: DateTime.fromISO("2026-11-25T16:00"),
        end: DateTime.fromISO("2026-11-25T17:00"),
        rawRecord: { user_ids: [5], user_id: false, show_as: "tentative" },
    };
    const window = { start: DateTime.fromISO("2026-11-25T00:00"), end: DateTime.fromISO("2026-11-26T00:00") };
    const row = rowOf({ userId: 5, name: "Marc" }, BUSY, [record], window);
    expect(row.blocks.map(({ label, showAs }) => [label, showAs])).toEqual([
        ["Busy", "busy"],
        ["Out of office", "oof"],
        ["Seen", "tentative"],
    ]);
    expect(row.blocks[2].hint).toMatch(/Tentative/);
    expect(row.isUnknown).toBe(false);
    const unknown = rowOf({ userId: 6, name: "Joel" }, { ...BUSY, known: false, busy: [] }, [record], window);
    expect(unknown.isUnknown).toBe(true);
    expect(unknown.blocks).toEqual([]);
});

test("keys lead the page, but not while one types or holds another key", () => {
    const press = (key, more = {}) => keyOf({ key, target: document.body, ...more });
    expect(press("C").label).toBe(press("c").label);
    expect(press("k")).toBe(press("p"));
    expect(press("?")).not.toBe(undefined);
    expect(press("c", { ctrlKey: true })).toBe(undefined);
    expect(press("c", { target: document.createElement("textarea") })).toBe(undefined);
    expect(press("x")).toBe(undefined);
});

test("who was invited knows the old time; the reader and the organiser need not be told", () => {
    const guest = (name, values) => ({ name, invited: true, organiser: false, user: false, ...values });
    const guests = [guest("Ann"), guest("Bob", { invited: false }), guest("Cid", { organiser: true })];
    expect(invitedOf({ guests }).map(({ name }) => name)).toEqual(["Ann"]);
    expect(invitedOf({})).toEqual([]);
    const record = { allday: true, start: "a", stop: "b", start_date: "c", stop_date: "d" };
    expect(writtenSpan(record)).toEqual({ allday: true, start_date: "c", stop_date: "d" });
});

test("hours are kept as numbers and shown as a clock", () => {
    expect(asClock(9.5)).toBe("09:30");
    expect(asHours("17:45")).toBe(17.75);
});

test("the chip says the worst of all calendars, each in other words", async () => {
    mockTimeZone(0);
    await makeMockEnv();
    const now = DateTime.fromISO("2026-11-25T10:00:00Z");
    const good = { last_sync: "2026-11-25 09:58:00", error: false, syncing: false, reauth: false };
    const slow = { ...good, error: "No answer.", next_try: "2026-11-25 10:05:00", provider_label: "Google" };
    const look = (line, offline = false) => lookOf(line, { now, offline });
    const looks = [
        look(good),
        look({ ...good, syncing: true }),
        look(slow),
        look({ ...slow, reauth: true }),
        look(good, true),
        look({ calendars: 0 }),
    ];
    expect(new Set(looks.map(({ text }) => text)).size).toBe(6);
    expect(looks.map(({ tone }) => tone)).toEqual(["success", "muted", "warning", "danger", "muted", "muted"]);
    expect(looks[2]).toEqual({
        tone: "warning",
        icon: "fa-exclamation-triangle",
        text: "Google: next try 10:05",
        reason: "No answer.",
    });
    expect(worstOf({ calendars: 2, ...good, error: "No answer.", list: [good, slow] }).next_try).toBe(slow.next_try);
});
