"""The server's side of NTLM over HTTP: negotiate, challenge, authenticate.

[MS-NLMP] 3.2.5, [MS-NTHT]. Only NTLMv2 answers are taken; the parsing and the arithmetic are those
of pyspnego, which every NTLM client for requests brings along.
"""

from __future__ import annotations

import hmac
import os
import struct

from spnego._ntlm_raw.crypto import compute_response_v2, hmac_md5, ntowfv1, ntowfv2, rc4k
from spnego._ntlm_raw.messages import (
    Authenticate,
    AvFlags,
    AvId,
    Challenge,
    FileTime,
    Negotiate,
    NegotiateFlags,
    NTClientChallengeV2,
    TargetInfo,
    Version,
)

UNREADABLE = (ValueError, TypeError, IndexError, struct.error)
MIC = 72  # where message 3 has it
V1_LENGTH = 24  # of an NTLMv1 answer, which servers refuse since LmCompatibilityLevel 5
HOST = "EX01"


class Refused(Exception):
    """The token is not what belongs here."""


class Handshake:
    """One handshake on one connection."""

    def __init__(self, domain: str) -> None:
        self.domain = domain
        self.negotiated = self.challenged = self.answered = b""
        self.nonce = os.urandom(8)
        self.answer: Authenticate | None = None

    def challenge(self, token: bytes) -> bytes:
        """Take message 1 and return message 2."""
        try:
            asked = Negotiate.unpack(token).flags
        except UNREADABLE as error:
            raise Refused(str(error)) from None
        self.negotiated = token
        flags = asked | NegotiateFlags.request_target | NegotiateFlags.ntlm
        flags |= NegotiateFlags.always_sign | NegotiateFlags.target_info
        flags = (flags | NegotiateFlags.target_type_domain) & ~NegotiateFlags.oem
        flags &= ~NegotiateFlags.lm_key
        self.challenged = Challenge(
            flags,
            self.nonce,
            target_name=self.domain,
            target_info=self._target(),
            version=Version(major=10, minor=0, build=20348),
        ).pack()
        return self.challenged

    def _target(self) -> TargetInfo:
        target = TargetInfo()
        target[AvId.nb_computer_name] = HOST
        target[AvId.nb_domain_name] = self.domain
        target[AvId.dns_computer_name] = f"{HOST.lower()}.corp.example"
        target[AvId.timestamp] = FileTime.now()
        return target

    def name(self, token: bytes) -> str:
        """Take message 3 and return who says to be there."""
        try:
            self.answer = answer = Authenticate.unpack(token)
        except UNREADABLE as error:
            raise Refused(str(error)) from None
        self.answered = token
        if not answer.user_name or len(answer.nt_challenge_response or b"") <= V1_LENGTH:
            raise Refused("neither anonymous nor NTLMv1")
        return (
            f"{answer.domain_name}\\{answer.user_name}" if answer.domain_name else answer.user_name
        )

    def proved(self, password: str) -> bool:
        """Tell whether message 3 was made with the password, and the messages are untouched."""
        answer = self.answer
        response = answer.nt_challenge_response
        try:
            own = NTClientChallengeV2.unpack(response[16:])
        except UNREADABLE as error:
            raise Refused(str(error)) from None
        key = ntowfv2(answer.user_name, ntowfv1(password), answer.domain_name or "")
        expected, _, session = compute_response_v2(
            key, self.nonce, own.challenge_from_client, own.time_stamp, own.av_pairs
        )
        if not hmac.compare_digest(expected, response):
            return False
        return not own.av_pairs.get(AvId.flags, 0) & AvFlags.mic or self._untouched(session)

    def _untouched(self, session: bytes) -> bool:
        """Check the code that guards the three messages."""
        answer = self.answer
        wanted, flags = answer.mic, answer.flags
        if flags & NegotiateFlags.key_exch and flags & (NegotiateFlags.sign | NegotiateFlags.seal):
            session = rc4k(session, answer.encrypted_random_session_key or b"")
        blank = self.answered[:MIC] + bytes(16) + self.answered[MIC + 16 :]
        whole = self.negotiated + self.challenged + blank
        return hmac.compare_digest(hmac_md5(session, whole), wanted)
