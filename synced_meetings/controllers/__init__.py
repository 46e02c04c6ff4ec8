from . import answer, oauth
