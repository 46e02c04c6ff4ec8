"""What was put aside says why, and what to do about it."""

from odoo.tests import TransactionCase, tagged

from odoo.addons.synced_meetings.sync.errors import REASONS


@tagged("post_install", "-at_install")
class TestQuarantine(TransactionCase):
    def test_every_reason_has_a_sentence(self):
        sentences = self.env["synced.sync.quarantine"]._sentences()
        self.assertEqual(set(sentences), REASONS)
        for reason, sentence in sentences.items():
            with self.subTest(reason=reason):
                self.assertIn(".", sentence % {"value": "what it was"})
        self.assertEqual(len({str(sentence) for sentence in sentences.values()}), len(REASONS))
