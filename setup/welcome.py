"""What a person who started the demonstration reads last: where to go, and how to connect."""

from setup.database import SERVICE_LOGIN, SERVICE_PASSWORD
from setup.meetings import ANN, BEN, CLEO
from setup.services import Service
from setup.simulated import PASSWORD, Simulated

WORDS = """
  Open {odoo} and log in as
    admin, password admin    (administrator)
    demo, password demo      (an employee)
  Then connect a calendar: Synced Meetings > Configuration > Integration > Calendar. Three
  services are simulated here, each with a page that shows what it holds and which
  mails it would send:
    Google Calendar        {google}
      Sign in as {ann}.
    Microsoft 365          {microsoft}
      Choose Exchange and Microsoft 365. OAuth: sign in as {ben}.
      Client credentials (log in as admin): enter {ben}; all else is set up.
    Own Exchange server    {exchange}
      Choose Exchange and Own server, and there "Simulated Exchange server", which is
      {ews}
      Basic or NTLM: {cleo}, password {password}.
      Impersonation (log in as admin): {cleo}, and leave the service account empty;
      or enter it, as any user may: {service}, password {service_password}.
  Ctrl-C ends everything; the data stay."""


def words(odoo: Service, offered: Simulated) -> str:
    """Return how to log in to Odoo, and how to connect each simulated service."""
    return WORDS.format(
        odoo=odoo.url,
        google=offered.google.url,
        microsoft=offered.microsoft.url,
        exchange=offered.exchange.url,
        ews=offered.ews_url,
        password=PASSWORD,
        service=SERVICE_LOGIN,
        service_password=SERVICE_PASSWORD,
        ann=ANN,
        ben=BEN,
        cleo=CLEO,
    )
