"""Rules of series as people say them."""

from datetime import date

from babel import Locale

from odoo.tests import BaseCase, tagged

from odoo.addons.synced_meetings.models.recurrence_words import in_words

WEDNESDAY = date(2026, 11, 25)
WORDS = {
    "FREQ=DAILY": "Every day",
    "FREQ=DAILY;INTERVAL=3;COUNT=5": "Every 3 days, 5 times",
    "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR": "Every weekday",
    "FREQ=WEEKLY": "Every Wednesday",
    "FREQ=WEEKLY;BYDAY=TH,MO": "Every Monday and Thursday",
    "FREQ=WEEKLY;WKST=SU;BYDAY=FR,MO,TU,WE,TH": "Every weekday",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;UNTIL=20270125": "Every 2 weeks on Monday until Jan 25, 2027",
    # 23:30 UTC is the next day in Copenhagen
    "FREQ=WEEKLY;BYDAY=MO;UNTIL=20270124T233000Z": "Every Monday until Jan 25, 2027",
    "FREQ=MONTHLY": "Every month on day 25",
    "FREQ=MONTHLY;BYMONTHDAY=-1": "Every month on the last day",
    "FREQ=MONTHLY;BYDAY=-1FR": "Every month on the last Friday",
    "FREQ=MONTHLY;INTERVAL=3;BYDAY=TU;BYSETPOS=2": "Every 3 months on the second Tuesday",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1": "Every month on the first weekday",
    "FREQ=YEARLY": "Every year on November 25",
    "FREQ=YEARLY;BYMONTH=5;BYDAY=2SU": "Every year on the second Sunday of May",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;INTERVAL=4": "Every 4 years on February 29",
}
UNUSUAL = (
    "FREQ=HOURLY",
    "FREQ=DAILY;INTERVAL=2;BYDAY=MO",
    "FREQ=MONTHLY;BYMONTHDAY=1,15",
    "FREQ=MONTHLY;BYDAY=MO",
    "FREQ=MONTHLY;BYDAY=1MO,3MO",
    "FREQ=YEARLY;BYDAY=20MO",
    "FREQ=YEARLY;BYWEEKNO=20",
    "FREQ=YEARLY;BYMONTH=1,7",
    "FREQ=WEEKLY;UNTIL=soon",
    "nonsense",
    "",
)


def untranslated(source, **values):
    """Stand in for ``env._``."""
    return source % values if values else source


@tagged("post_install", "-at_install")
class TestRecurrenceWords(BaseCase):
    def words(self, lines, locale="en_US"):
        """Return the sentence for recurrence lines of a series that starts on a Wednesday."""
        return in_words(lines, WEDNESDAY, "Europe/Copenhagen", Locale.parse(locale), untranslated)

    def test_words(self):
        for rule, words in WORDS.items():
            self.assertEqual(self.words(f"RRULE:{rule}"), words, rule)

    def test_unusual_rules_have_no_words(self):
        for rule in UNUSUAL:
            self.assertIsNone(self.words(f"RRULE:{rule}"), rule)
        self.assertIsNone(self.words("RRULE:FREQ=DAILY\nRDATE:20270101T090000Z"))

    def test_excluded_days_are_left_out(self):
        self.assertEqual(self.words("RRULE:FREQ=DAILY\nEXDATE:20270101T090000Z"), "Every day")

    def test_days_and_dates_are_the_readers(self):
        self.assertEqual(
            self.words("RRULE:FREQ=WEEKLY;BYDAY=MO,TH", "da"), "Every mandag og torsdag"
        )
