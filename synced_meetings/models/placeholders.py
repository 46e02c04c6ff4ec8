"""Code of a template that would be mailed as text, because nothing put a value in its place."""

import re

from odoo.tools import html2plaintext

ADDRESSES = re.compile(r"https?://\S+")  # an escaped character is no placeholder
CODE = re.compile(
    r"""\{\{.*?\}\}          # Odoo's own, in a line of text
    | \$\{.*?\}              # Odoo's until 14
    | \{%.*?%\} | <%.*?%>
    | \[\[\s*\w[\w.\s]*\]\]  # merge fields of other products
    | %[A-Za-z_][\w.]+%
    | \#[A-Za-z_]\w*\.\w[\w.]*\#""",
    re.VERBOSE | re.DOTALL,
)
TAGS = re.compile(r"""<t\b[^<>]*>|\bt-(?:out|esc|raw|field|if|foreach|call)\s*=\s*["'][^"']*["']""")
IN_TAGS = re.compile(r"""=\s*["'][^"']*?(\{\{.*?\}\}|\$\{.*?\})""", re.DOTALL)


def surviving(text):
    """Return the placeholders that stand in a text or in HTML, each once, in order."""
    text = str(text or "")
    if not text:
        return []
    words = ADDRESSES.sub(" ", html2plaintext(text)) if "<" in text else text
    found = TAGS.findall(text) + IN_TAGS.findall(text) + CODE.findall(words)
    return list(dict.fromkeys(" ".join(one.split()) for one in found))
