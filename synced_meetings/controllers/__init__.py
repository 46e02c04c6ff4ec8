from . import answer, oauth, webhook
