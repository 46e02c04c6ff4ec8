-- A copied or test database must not speak to Google in this server's name.
DELETE FROM ir_config_parameter
    WHERE key IN ('synced_meetings_google.client_secret', 'synced_meetings_google.service_account_key');
