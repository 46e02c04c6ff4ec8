"""Exchange.asmx: from a SOAP envelope to an operation and back.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/ews-operations-in-exchange
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from . import ews_folders as folders
from . import ews_reading as reading
from . import ews_writing as writing
from .ews_auth import Gate, actor
from .ews_availability import availability
from .ews_call import Call
from .ews_errors import EwsError, SoapFault, page
from .ews_finding import find_items
from .ews_misc import convert_ids, resolve_names, server_zones
from .ews_push import Subscriptions
from .ews_world import Account, World
from .ews_xml import Element, NotXml, add, children, find, local, new, parse, show, tag
from .server import Request, Response

PATH = "/ews/exchange.asmx"
# Builds, what they call their own schema, and the newest schema that they take.
SCHEMAS = (
    ((15, 1), "V2017_07_11", "Exchange2016"),
    ((15, 0, 847), "V2_23", "Exchange2013_SP1"),
    ((15, 0), "Exchange2013", "Exchange2013"),
    ((14, 2), "Exchange2010_SP2", "Exchange2010_SP2"),
    ((14, 1), "Exchange2010_SP1", "Exchange2010_SP1"),
    ((14, 0), "Exchange2010", "Exchange2010"),
)
VERSIONS = ("Exchange2007", "Exchange2007_SP1", *(one[2] for one in reversed(SCHEMAS)))
Operation = Callable[[Call], Iterator[Callable[[], list[Element]]]]
OPERATIONS: dict[str, Operation] = {
    "ConvertId": convert_ids,
    "ResolveNames": resolve_names,
    "GetServerTimeZones": server_zones,
    "FindItem": find_items,
    "GetFolder": folders.get,
    "FindFolder": folders.find_folders,
    "GetItem": reading.get,
    "SyncFolderItems": reading.sync,
    "CreateItem": writing.create,
    "UpdateItem": writing.update,
    "DeleteItem": writing.delete,
}
EMPTY = {
    "GetItem": ("Items",),
    "CreateItem": ("Items",),
    "UpdateItem": ("Items",),
    "GetFolder": ("Folders",),
    "SyncFolderItems": ("SyncState", "IncludesLastItemInRange"),
}
TRUE = ("IncludesLastItemInRange",)


class Asked(NamedTuple):
    """What a test may ask about an operation that was called."""

    operation: str
    account: str
    mailbox: str
    send: str  # SendMeetingInvitations and the like
    codes: tuple[str, ...]  # one for each item, or that of the fault
    anchor: str = ""
    version: str = ""


class Service:
    """Everything behind the address of Exchange Web Services."""

    def __init__(self, world: World, build: tuple[int, ...], methods: tuple[str, ...]) -> None:
        self.world, self.build = world, build
        self.gate = Gate(world, methods)
        self.asked: list[Asked] = []
        self.blocked: set[str] = set()  # addresses that may not use EWS; "*": nobody may
        schema = next(one for one in SCHEMAS if build >= one[0])
        self.schema, self.versions = schema[1], VERSIONS[: VERSIONS.index(schema[2]) + 1]
        self.subscriptions = Subscriptions(world)
        self.operations = {
            **OPERATIONS,
            "Subscribe": self.subscriptions.subscribe,
            "Unsubscribe": self.subscriptions.unsubscribe,
            "GetEvents": self.subscriptions.events,
        }

    def enter(self, request: Request) -> Account:
        """Return who asks; raise HttpRefusal for who never reaches Exchange."""
        if request.path.lower() != PATH:
            raise page(404, "404 - File or directory not found.")
        account = self.gate.enter(request)
        if self.blocked & {"*", account.email}:
            raise page(403, "403 - Forbidden: Access is denied.")
        return account

    def handle(self, request: Request, account: Account) -> Response:
        """Answer a request of somebody who was let in."""
        if request.method != "POST":
            return Response(200, "Service", "text/html")
        try:
            return self._answer(request, account)
        except SoapFault as fault:
            name = operation_of(request)
            self.asked.append(Asked(name, account.email, "", "", (fault.code,)))
            return fault.response()

    def _answer(self, request: Request, account: Account) -> Response:
        header, element = opened(request.body)
        version = find(header, "t:RequestServerVersion") if header is not None else None
        named = "" if version is None else version.get("Version", "")
        if version is not None and named not in self.versions:
            raise SoapFault("ErrorInvalidServerVersion")
        anchor = request.headers.get("X-AnchorMailbox") or ""
        with self.world.lock:
            box = actor(self.world, account, header, anchor)
            call = Call(self.world, account, box, _zone(header), element)
            codes: list[str] = []
            body = self._run(call, codes)
        email, send = box.email if box else "", sending(element)
        self.asked.append(Asked(call.name, account.email, email, send, tuple(codes), anchor, named))
        return Response(200, show(self._envelope(body)), "text/xml; charset=utf-8")

    def _run(self, call: Call, codes: list[str]) -> Element:
        if call.name == "GetUserAvailability":
            return availability(call)
        operation = self.operations.get(call.name)
        if operation is None:
            raise SoapFault("ErrorInvalidRequest", f"{call.name} is not simulated.")
        answer = new(f"m:{call.name}Response")
        messages = add(answer, "m:ResponseMessages")
        try:
            codes.extend(_message(messages, call.name, work) for work in operation(call))
        except EwsError as error:
            raise SoapFault(error.code, error.message) from None
        return answer

    def _envelope(self, content: Element) -> Element:
        envelope = new("s:Envelope")
        names = ("MajorVersion", "MinorVersion", "MajorBuildNumber", "MinorBuildNumber")
        version = dict(zip(names, map(str, self.build), strict=True))
        add(
            add(envelope, "s:Header"), "t:ServerVersionInfo", None, **version, Version="V2017_07_11"
        )
        add(envelope, "s:Body").append(content)
        return envelope


def _message(messages: Element, name: str, work: Callable[[], list[Element]]) -> str:
    """Append the answer to one item; return its code."""
    message = add(messages, f"m:{name}ResponseMessage", None, ResponseClass="Success")
    code = add(message, "m:ResponseCode", "NoError")
    try:
        message.extend(work())
    except EwsError as error:
        message.set("ResponseClass", error.response_class)
        message.insert(0, new("m:MessageText", error.message))
        code.text = error.code
        add(message, "m:DescriptiveLinkKey", "0")
        message.extend(error.content)
        for empty in EMPTY.get(name, ()):
            add(message, f"m:{empty}", "true" if empty in TRUE else None)
        return error.code
    return "NoError"


def opened(body: bytes) -> tuple[Element | None, Element]:
    """Return header and operation of an envelope."""
    try:
        envelope = parse(body)
    except NotXml as error:
        raise SoapFault("ErrorSchemaValidation", str(error)) from None
    inside = find(envelope, "s:Body")
    operations = children(inside)
    if envelope.tag != tag("s:Envelope") or len(operations) != 1:
        raise SoapFault("ErrorSchemaValidation", "The request is no SOAP envelope.")
    return find(envelope, "s:Header"), operations[0]


def sending(element: Element) -> str:
    """Return whom the client of an operation wants to be told."""
    names = ("Invitations", "InvitationsOrCancellations", "Cancellations")
    return next((one for name in names if (one := element.get(f"SendMeeting{name}"))), "")


def operation_of(request: Request) -> str:
    """Return the name of the operation that a request calls; nothing where it is unreadable."""
    try:
        return local(opened(request.body)[1]).removesuffix("Request")
    except SoapFault:
        return ""


def _zone(header: Element | None) -> str:
    found = None if header is None else find(header, "t:TimeZoneContext", "t:TimeZoneDefinition")
    return "UTC" if found is None else found.get("Id", "UTC")
