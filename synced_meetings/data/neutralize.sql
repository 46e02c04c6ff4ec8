-- A copied or test database must not touch anyone's calendar.
DELETE FROM synced_consent;
DELETE FROM synced_secret;
UPDATE synced_roll_out_line SET state = 'planned' WHERE state = 'waiting';
DELETE FROM synced_calendar_call;
UPDATE synced_calendar
    SET due = NULL, lease_until = NULL, channel_id = NULL, channel_resource = NULL,
        channel_digest = NULL, channel_url = NULL, channel_expires = NULL, channel_error = NULL;
UPDATE synced_account
    SET state = 'paused', trouble = 'neutralised', refusal = NULL, refused_email = NULL
    WHERE state != 'draft';
UPDATE ir_cron
    SET active = FALSE
    FROM ir_model_data data
    WHERE data.model = 'ir.cron' AND data.module = 'synced_meetings' AND data.res_id = ir_cron.id;
