"""Verifying a packet for machines: a file, its hash or a code in, no more out than whether it is genuine."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.selectors.genuineness import (
    NO_LONGER_COUNTS,
    STILL_COUNTS,
    Genuineness,
    genuineness_by_code,
    genuineness_by_hash,
)
from portal.accounts.api.limits import Budget, address_of
from portal.accounts.api.views import ApiView
from portal.web.api_endpoint import Code, Endpoint, endpoint
from portal.web.api_fields import StrictSerializer, one_of
from portal.web.api_json import StrictJsonParser, valid
from portal.web.hashing import HashingParser, TooLargeToHash

TOO_LARGE = Code(
    TooLargeToHash.code, 413, "The file is larger than 100 MB, as none of a packet is."
)


class HexField(serializers.RegexField):
    """So many hex characters, and nothing around them."""

    def __init__(self, characters: int, **options: Any) -> None:
        regex = rf"^[0-9A-Fa-f]{{{characters}}}$"
        super().__init__(regex, max_length=characters, trim_whitespace=False, **options)


class MarkSerializer(StrictSerializer):
    """The SHA-256 of a file, or the code on a packet's cover: one of the two."""

    together = one_of("sha256", "code")

    sha256 = HexField(characters=64, required=False)
    code = HexField(characters=32, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One mark, in lower case."""
        if len(attrs) != 1:
            raise serializers.ValidationError("Send sha256 or code, one of them.", code="one_of")
        return {name: mark.lower() for name, mark in attrs.items()}


class PacketFileSerializer(StrictSerializer):
    """A file of a packet: the PDF, one of its volumes or the manifest."""

    file = serializers.FileField()


class VerifiedSerializer(serializers.Serializer[Any]):
    """Whether it is genuine, and whether it still counts."""

    result = serializers.ChoiceField(
        [kind.value for kind in Genuineness],
        help_text=f"`genuine_current`: {STILL_COUNTS}; what it shows of earlier quarters may have been "
        f"corrected since. `genuine_superseded`: it {NO_LONGER_COUNTS}.",
    )
    by = serializers.ChoiceField(
        ["file", "sha256", "code"],
        help_text="By what it was found. A code can be copied onto anything: only a file or its hash "
        "shows that nothing in it was changed.",
    )


class VerifyView(ApiView):
    """Open to everybody: who was handed a packet need not be known here."""

    authentication_classes = ()
    permission_classes = ()
    parser_classes = (StrictJsonParser, HashingParser)

    @endpoint(
        "verify_packet",
        "Verify a packet",
        tag="Claims",
        body={"application/json": MarkSerializer, "multipart/form-data": PacketFileSerializer},
        answers={200: VerifiedSerializer},
        problems=(TOO_LARGE,),
    )
    def post(self, request: Request) -> Response:
        """Say whether the portal made a packet's file, and whether it still counts; nothing else.

        It needs no token. A file is hashed as it arrives and not kept.
        """
        if isinstance(request.data, QueryDict):
            return _told(genuineness_by_hash(_sent_file(request.data)), "file")
        ((by, mark),) = valid(MarkSerializer(data=request.data)).items()
        find = genuineness_by_code if by == "code" else genuineness_by_hash
        return _told(find(mark), by)

    def budgets(self, endpoint: Endpoint) -> list[Budget]:
        """Whoever asks has no key, only an address."""
        return [Budget("verify", address_of(self.request._request))]


def _sent_file(form: QueryDict) -> str:
    twice = {name: ["It is given more than once."] for name in form if len(form.getlist(name)) > 1}
    if twice:
        raise serializers.ValidationError(twice, code="given_twice")
    sha256: str = valid(PacketFileSerializer(data=form.dict()))["file"].sha256
    return sha256


def _told(result: Genuineness, by: str) -> Response:
    return Response({"result": result.value, "by": by})
