-- A copied or test database must not speak to Microsoft or to a mail server in this server's name.
DELETE FROM ir_config_parameter
    WHERE key IN ('synced_meetings_exchange.client_secret', 'synced_meetings_exchange.certificate')
        OR key LIKE 'synced\_meetings\_exchange.server\_password.%';
