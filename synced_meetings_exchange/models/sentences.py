"""Why a connection to Microsoft 365 or to an own server does not work, and what to do, by code."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# What is wrong with what was entered.
ENTERED = {
    "address_missing": _lt(
        "Enter the address of the server. It looks like https://mail.example.com/EWS/Exchange.asmx."
    ),
    "address_malformed": _lt(
        "This is not the address of a server. Check it; it looks like "
        "https://mail.example.com/EWS/Exchange.asmx."
    ),
    "address_password": _lt(
        "User name and password do not belong into the address. Enter them in their own fields."
    ),
    "address_not_ews": _lt("Did you mean %(suggestion)s?"),
    "address_online": _lt(
        "%(host)s is Office 365, where Microsoft switched off EWS, and user name and password with "
        "it. Choose Microsoft 365 instead, and sign in there."
    ),
    "address_private": _lt(
        "%(host)s stands in a private network, which Odoo calls only where that is allowed. An "
        "administrator allows this host under Settings > Synced Meetings."
    ),
    "other_method": _lt(
        "This way to sign in does not go with this service. Choose OAuth or client credentials for "
        "Microsoft 365, Basic or NTLM for an own server."
    ),
    "not_your_mailbox": _lt(
        "This login opens every mailbox, so you can connect only the one that you log in to Odoo "
        "with, %(login)s. Ask an administrator to enter %(email)s for you."
    ),
    "email_missing": _lt("Enter the e-mail address of the mailbox."),
    "password_missing": _lt("Enter the password of %(account)s."),
    "service_missing": _lt(
        "Enter the service account that acts for you and its password, or choose a server for "
        "which an administrator entered one."
    ),
    "no_tenant": _lt(
        "Client credentials work only for one organisation. An administrator enters its tenant "
        "under Settings > Synced Meetings."
    ),
}

# What the other side says.
CONNECTIONS = {
    "wrong_password": _lt(
        "The server does not accept the password of %(account)s. Check user name and password, "
        "enter them again, and save."
    ),
    "wants_ntlm": _lt("The server does not take Basic. Choose NTLM, and save again."),
    "wants_basic": _lt("The server does not take NTLM. Choose Basic, and save again."),
    "ews_blocked": _lt(
        "The server refuses EWS for this mailbox or this application. Ask the administrator of "
        "the mail server to allow EWS (Set-CASMailbox -EwsEnabled)."
    ),
    "wrong_path": _lt(
        "%(host)s answers, but not at this address. Check it; it ends in EWS/Exchange.asmx."
    ),
    "not_exchange": _lt(
        "%(host)s answers, but not as an Exchange server. Check the address, or ask the "
        "administrator of the mail server for it."
    ),
    "tls": _lt(
        "The certificate of %(host)s is not trusted. An administrator enters the server once for "
        "all under Configuration > Exchange servers, with the certificate of its authority."
    ),
    "dns": _lt("Nobody knows a server by the name %(host)s. Check how the address is spelled."),
    "timeout": _lt(
        "%(host)s did not answer in time. Try again in a few minutes; if it stays so, ask your "
        "administrator whether a firewall stands between."
    ),
    "unreachable": _lt(
        "%(host)s cannot be reached. Check the address, or ask your administrator whether a "
        "firewall stands between."
    ),
    "impersonation_missing": _lt(
        "The service account %(account)s may not act for %(email)s. The administrator of the mail "
        "server gives it the role ApplicationImpersonation."
    ),
    "no_mailbox": _lt(
        "There is no mailbox %(email)s. Check the address, or ask the administrator of the mail "
        "server."
    ),
    "mailbox_elsewhere": _lt(
        "The mailbox %(email)s is not at %(provider)s. If it is on a server of your own, choose "
        "Own server; otherwise its licence may be missing."
    ),
    "account_disabled": _lt(
        "The account of %(email)s is disabled on the server. Ask the administrator of the mail "
        "server whether it is still used; otherwise archive the user in Odoo."
    ),
    "out_of_scope": _lt(
        "The application may not open the mailbox %(email)s. An administrator of Microsoft 365 "
        "adds it to the application's scope (RBAC for Applications)."
    ),
    "consent_refused": _lt(
        "Microsoft 365 did not give access. Press the button again, and accept what is asked for."
    ),
    "admin_needed": _lt(
        "Your organisation lets only an administrator allow this application. Send the address "
        "below to an administrator of Microsoft 365; once it was allowed, connect again."
    ),
    "secret_wrong": _lt(
        "Microsoft 365 does not accept this server's client secret or certificate. An "
        "administrator enters the right one under Settings > Synced Meetings."
    ),
    "secret_expired": _lt(
        "The client secret of this server has expired. An administrator makes a new one in "
        "Microsoft Entra and enters it under Settings > Synced Meetings."
    ),
    "client_unknown": _lt(
        "Microsoft 365 does not know this server's client id. An administrator corrects it under "
        "Settings > Synced Meetings."
    ),
    "tenant_unknown": _lt(
        "Microsoft 365 does not know this organisation. An administrator corrects the tenant "
        "under Settings > Synced Meetings."
    ),
    "throttled": _lt("%(provider)s has too much to do at the moment. Try again in a few minutes."),
    "refused": _lt(
        "%(provider)s refused the connection. Try again; if it stays so, ask your administrator: "
        "the server's log has the details."
    ),
}

# Instead of the core's, where its advice does not fit.
OF_CLIENT_CREDENTIALS = {
    "reauth": _lt(
        "Microsoft 365 does not let this server in any more. An administrator checks client id, "
        "secret and tenant under Settings > Synced Meetings; then save again. Nothing is lost."
    ),
}
OF_OWN_SERVERS = {
    "mailbox_elsewhere": _lt(
        "The mailbox %(email)s is being moved. Try again when that is done; if it went to "
        "Microsoft 365, choose that."
    ),
    "reauth": _lt(
        "The server does not accept the saved password any more. Enter the present one and save; "
        "nothing is lost."
    ),
    "neutralised": _lt(
        "This database was neutralised, and the calendar was disconnected from it. Enter the "
        "password again to connect it from here."
    ),
}
EXCHANGE = ENTERED | CONNECTIONS
