import { describe, expect, test } from "@odoo/hoot";
import { mockDate, mockTimeZone } from "@odoo/hoot-mock";

import {
    chosen,
    clashes,
    instantsOf,
    minuteOf,
    momentAt,
    moved,
    nextFree,
    placeOf,
    repetitions,
    workingTogether,
} from "@synced_meetings/availability/slots";

const { DateTime } = luxon;
const HOUR = 60;

function inBerlin() {
    mockDate("2026-11-24 12:00:00");
    mockTimeZone("Europe/Berlin");
}

const at = (text) => DateTime.fromISO(text);
const span = (start, stop, more = {}) => ({ start: at(start), stop: at(stop), ...more });
const hours = ({ start, stop }) => `${start.toFormat("d.M. HH:mm")}–${stop.toFormat("HH:mm")}`;
const row = (name, working, busy) => ({
    name,
    working,
    busy: busy.map((one) => ({ show_as: "busy", ...one })),
});

describe("a day by the clocks", () => {
    test("what one clicks is what the clocks show, on days of 23 and 25 hours, too", () => {
        inBerlin();
        for (const day of ["2026-11-25", "2026-03-29", "2026-10-25"]) {
            const ten = momentAt(at(day), 10 * HOUR);
            expect(ten.toFormat("yyyy-MM-dd HH:mm")).toBe(`${day} 10:00`);
            expect(minuteOf(ten, at(day))).toBe(10 * HOUR);
        }
    });

    test("an hour that the clocks leave out is the next one", () => {
        inBerlin();
        expect(momentAt(at("2026-03-29"), 2.5 * HOUR).toFormat("HH:mm")).toBe("03:30");
    });

    test("midnight ends the day", () => {
        inBerlin();
        const day = at("2026-03-29");
        expect(momentAt(day, 24 * HOUR).toISODate()).toBe("2026-03-30");
        expect(placeOf(span("2026-03-28T23:00", "2026-03-29T01:00"), day)).toEqual({
            from: 0,
            to: HOUR,
        });
        expect(placeOf(span("2026-03-28", "2026-03-31"), day)).toEqual({ from: 0, to: 24 * HOUR });
        expect(placeOf(span("2026-03-30T00:00", "2026-03-30T01:00"), day)).toBe(null);
    });

    test("the hour that comes twice is drawn, and never upside down", () => {
        inBerlin();
        const twice = { start: at("2026-10-25T02:45+02:00"), stop: at("2026-10-25T02:15+01:00") };
        const { from, to } = placeOf(twice, at("2026-10-25"));
        expect(from).toBe(165);
        expect(to).toBeGreaterThan(from);
    });

    test("a drag chooses from the slot where it began, in either direction", () => {
        inBerlin();
        const day = at("2026-11-25");
        expect(hours(chosen(day, 10 * HOUR + 3, 11.5 * HOUR + 2))).toBe("25.11. 10:00–11:30");
        expect(hours(chosen(day, 11.5 * HOUR, 10 * HOUR + 7))).toBe("25.11. 10:00–11:30");
        expect(hours(chosen(day, 10 * HOUR, 10 * HOUR + 5))).toBe("25.11. 10:00–10:30");
    });

    test("what is moved keeps its length over the change of the clocks", () => {
        inBerlin();
        const late = moved(span("2026-03-28T23:00", "2026-03-29T00:30"), at("2026-03-29T01:00"));
        expect(hours(late)).toBe("29.3. 01:00–03:30");
    });

    test("whole days end with their last", () => {
        inBerlin();
        const whole = { start: at("2026-03-28"), stop: at("2026-03-29"), allday: true };
        expect(instantsOf(whole).stop.toISODate()).toBe("2026-03-30");
    });
});

describe("who can come", () => {
    const WORK = () => [span("2026-11-25T09:00", "2026-11-25T17:00")];

    test("neighbours do not clash, nor who works elsewhere", () => {
        inBerlin();
        const rows = [
            row("Ann", [], [span("2026-11-25T09:00", "2026-11-25T10:00")]),
            row("Bob", [], [span("2026-11-25T10:30", "2026-11-25T12:00")]),
            row("Eve", [], [span("2026-11-25T08:00", "2026-11-25T18:00", { show_as: "elsewhere" })]),
        ];
        const found = clashes(rows, span("2026-11-25T10:00", "2026-11-25T11:00"));
        expect(found.map((clash) => clash.row.name)).toEqual(["Bob"]);
    });

    test("the next free times are in the hours that all work, and no one is busy", () => {
        inBerlin();
        const rows = [
            row("Ann", WORK(), [
                span("2026-11-25T09:00", "2026-11-25T11:45"),
                span("2026-11-25T13:00", "2026-11-25T14:10"),
            ]),
            row("Bob", [span("2026-11-25T10:00", "2026-11-25T19:00")], []),
            row("Unknown", [], []),
        ];
        const asked = { after: at("2026-11-25T08:00"), length: { hours: 1 } };
        expect(nextFree(rows, asked).map(hours)).toEqual([
            "25.11. 12:00–13:00",
            "25.11. 14:30–15:30",
            "25.11. 15:30–16:30",
        ]);
        const later = nextFree(rows, { ...asked, after: at("2026-11-25T14:40:05") });
        expect(later.map(hours)).toEqual(["25.11. 15:00–16:00", "25.11. 16:00–17:00"]);
    });

    test("whatever is busy, what is proposed is free and within the hours", () => {
        inBerlin();
        const start = at("2026-11-25T09:00");
        for (let seed = 1; seed < 40; seed++) {
            const busy = [1, 2, 3, 4].map((n) => {
                const from = start.plus({ minutes: (seed * n * 37) % 470 });
                return { start: from, stop: from.plus({ minutes: 5 + ((seed * 13 * n) % 90) }) };
            });
            const rows = [row("Ann", WORK(), busy)];
            for (const found of nextFree(rows, { after: start, length: { minutes: 45 } })) {
                expect(clashes(rows, found)).toEqual([]);
                expect(found.start >= start && found.stop <= WORK()[0].stop).toBe(true);
            }
        }
    });

    test("who never works at the same time is called in the first one's hours", () => {
        inBerlin();
        const night = [span("2026-11-25T20:00", "2026-11-25T23:00")];
        const rows = [row("Ann", WORK(), []), row("Far", night, [])];
        expect(workingTogether(rows).map(hours)).toEqual(["25.11. 09:00–17:00"]);
        expect(nextFree([row("Unknown", [], [])], { after: at("2026-11-25"), length: {} })).toEqual([]);
    });
});

describe("what repeats", () => {
    const days = (said, end = "2026-04-20") =>
        repetitions(span("2026-03-25T10:00", "2026-03-25T11:00"), said, at(end)).map((one) =>
            one.start.toFormat("d.M. HH:mm")
        );

    test("the first meetings are at the same time by the clocks", () => {
        inBerlin();
        expect(days({ repeat: "weekly" })).toEqual(["1.4. 10:00", "8.4. 10:00", "15.4. 10:00"]);
        expect(days({ repeat: "weekly", repeat_days: "FR,WE" }, "2026-04-04")).toEqual([
            "27.3. 10:00",
            "1.4. 10:00",
            "3.4. 10:00",
        ]);
        expect(days({ repeat: "daily", repeat_every: 2, repeat_count: 3 })).toEqual([
            "27.3. 10:00",
            "29.3. 10:00",
        ]);
        expect(days({ repeat: "daily", repeat_until: at("2026-03-26") })).toEqual(["26.3. 10:00"]);
        expect(days({ repeat: false })).toEqual([]);
    });
});
