import { expect, test } from "@odoo/hoot";
import { mockDate, mockTimeZone } from "@odoo/hoot-mock";
import { defineParams, makeMockEnv } from "@web/../tests/web_test_helpers";

import { placeAddress, webAddress } from "@synced_meetings/meeting/address";
import {
    formatDistance,
    formatSpan,
    formatStart,
    formatThere,
    spanOf,
} from "@synced_meetings/meeting/meeting_time";

const { DateTime } = luxon;

const MEETING = { start: "2026-11-25 14:00:00", stop: "2026-11-25 15:30:00", allday: false };
const FAIR = { allday: true, start_date: "2026-11-23", stop_date: "2026-11-25" };

async function inCopenhagen() {
    defineParams({ lang_parameters: { time_format: "%H:%M:%S" } });
    await makeMockEnv();
    mockDate("2026-11-24 12:00:00");
    mockTimeZone("Europe/Copenhagen");
}

test("spans", async () => {
    await inCopenhagen();
    expect(formatSpan(spanOf(MEETING))).toBe("Wed, Nov 25, 15:00 – 16:30");
    expect(formatSpan(spanOf({ ...MEETING, stop: "2026-11-26 08:00:00" }))).toBe(
        "Wed, Nov 25, 15:00 – Thu, Nov 26, 09:00"
    );
    expect(formatSpan(spanOf(FAIR))).toBe("Mon, Nov 23 – Wed, Nov 25");
    expect(formatSpan(spanOf({ ...FAIR, stop_date: false }))).toBe("Mon, Nov 23");
    expect(formatStart(spanOf(FAIR))).toBe("Mon, Nov 23");
    expect(formatStart(spanOf({ ...MEETING, start: "2027-01-04 09:00:00" }))).toBe(
        "Mon, Jan 4, 2027, 10:00"
    );
});

test("distances are in days as people count them", async () => {
    await inCopenhagen();
    const distance = (start) => formatDistance({ start: DateTime.fromISO(start) });
    expect(distance("2026-11-24T23:00")).toBe("today");
    expect(distance("2026-11-25T00:30")).toBe("tomorrow");
    expect(distance("2026-11-12T09:00")).toBe("12 days ago");
    expect(distance("2027-03-01T09:00")).toBe("in 4 months");
});

test("the time there, where clocks differ", async () => {
    await inCopenhagen();
    const there = (zone, meeting = MEETING) => formatThere(spanOf(meeting), zone);
    expect(there("America/New_York")).toBe("09:00 – 10:30 (America/New York)");
    expect(there("Pacific/Kiritimati")).toBe("Thu, Nov 26, 04:00 – 05:30 (Pacific/Kiritimati)");
    expect(there("Europe/Berlin")).toBe("");
    expect(there("Mars/Olympus")).toBe("");
    expect(there("")).toBe("");
    expect(there("Asia/Tokyo", FAIR)).toBe("");
});

test("only web addresses are followed", () => {
    expect(webAddress(" https://meet.example/a ")).toBe("https://meet.example/a");
    expect(webAddress("javascript:alert(1)")).toBe("");
    expect(webAddress("data:text/html,x")).toBe("");
    expect(placeAddress("Room 4")).toBe("");
    expect(placeAddress("Havnegade 12, Copenhagen")).toInclude("query=Havnegade%2012");
});
