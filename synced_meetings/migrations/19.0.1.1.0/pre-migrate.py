"""What the form's parts were laid upon has moved: the old ones make way for the new."""


def migrate(cr, version):
    """Take out the part of the form that looks for a button which the form has no more."""
    cr.execute(
        """WITH gone AS (
               DELETE FROM ir_model_data
               WHERE module = 'synced_meetings' AND name = 'view_meeting_form_repeat'
               RETURNING res_id)
           DELETE FROM ir_ui_view WHERE id IN (SELECT res_id FROM gone)"""
    )
