"""Verifying a packet, for anybody: a file, a hash or a code in, whether it is genuine and counts out."""

from __future__ import annotations

import re
from typing import NamedTuple

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from claims.selectors.genuineness import (
    NO_LONGER_COUNTS,
    STILL_COUNTS,
    Genuineness,
    genuineness_by_code,
    genuineness_by_hash,
)
from portal.accounts.api.limits import Budget, address_of, spend
from portal.kernel import clock
from portal.kernel.errors import BadInput
from portal.web.hashing import LIMIT_BYTES, HashedFile, hash_uploads
from portal.web.show import show

_BLANKS = re.compile(r"[\s-]")
_HASH = re.compile(r"[0-9a-f]{64}")
_CODE = re.compile(r"[0-9a-f]{32}")
_AS_OF_THEN = "What it shows of earlier quarters is as of then: they may have been corrected since."
_ASK = "Ask the agency or the program office for the current packet."
_AS_DOWNLOADED = (
    "Verify the file as the portal gave it out: a scan, a print or a copy saved anew is another file.",
    "Only PDFs and manifests are known here, not files taken out of a PDF, nor the calculation’s SHA-256.",
    "If it may have been cut off on its way, have it sent again.",
    "Otherwise ask the agency or the program office for the packet, and do not rely on this one.",
)
_TYPED = (
    "Compare it with the cover: it has the digits 0 to 9 and the letters a to f.",
    "Verify the file itself instead.",
    "Otherwise ask the agency or the program office for the packet, and do not rely on this one.",
)


class Answer(NamedTuple):
    """What the page says: `advice` in one sentence, `next_steps` where nothing was found."""

    tone: str
    heading: str
    text: str
    advice: str = ""
    next_steps: tuple[str, ...] = ()


ABOUT_A_FILE = {
    Genuineness.CURRENT: Answer(
        "success",
        "Genuine, and current",
        f"The portal made this file, nothing in it was changed, and {STILL_COUNTS}.",
        _AS_OF_THEN,
    ),
    Genuineness.SUPERSEDED: Answer(
        "warning",
        "Genuine, but superseded",
        f"The portal made this file, and nothing in it was changed. But it {NO_LONGER_COUNTS}.",
        _ASK,
    ),
    Genuineness.UNKNOWN: Answer(
        "error",
        "Unknown",
        "The portal did not make this file, or something in it was changed.",
        next_steps=_AS_DOWNLOADED,
    ),
}
ABOUT_A_CODE = {
    Genuineness.CURRENT: Answer(
        "info",
        "The portal made a packet with this code",
        f"That packet is current: {STILL_COUNTS}.",
        "A code can be copied onto any paper. Verify the file itself to see that nothing was changed.",
    ),
    Genuineness.SUPERSEDED: Answer(
        "warning",
        "The portal made a packet with this code, but it is superseded",
        f"That packet {NO_LONGER_COUNTS}.",
        _ASK,
    ),
    Genuineness.UNKNOWN: Answer(
        "error", "Unknown", "The portal made no packet with this code.", next_steps=_TYPED
    ),
}


class FileForm(forms.Form):
    """A file to be hashed; nothing of it is kept."""

    file = forms.FileField(
        label="PDF or manifest",
        help_text="The file as it was downloaded, up to 100 MB. It is not kept.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.json", "data-max-bytes": LIMIT_BYTES}),
        error_messages={
            "required": "Choose the file to verify.",
            "empty": "This file is empty. Have it sent to you again.",
        },
    )

    @property
    def verified(self) -> str:
        """What was verified: the file by its SHA-256."""
        return f"file with SHA-256 {self.cleaned_data['file'].sha256}"

    def answer(self) -> Answer:
        """What there is to say about the file."""
        hashed: HashedFile = self.cleaned_data["file"]
        return ABOUT_A_FILE[genuineness_by_hash(hashed.sha256)]


class MarkForm(forms.Form):
    """A code as it stands on a cover, or the SHA-256 of a file, with or without blanks and dashes."""

    mark = forms.CharField(
        label="Code or SHA-256",
        help_text="32 characters as on the cover, or the 64 of a SHA-256.",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Write the code of the cover, or the SHA-256 of the file."},
    )

    def clean_mark(self) -> str:
        """The mark in lower case without blanks; ValidationError when it is neither of the two."""
        mark = _BLANKS.sub("", self.cleaned_data["mark"]).lower()
        if not (_CODE.fullmatch(mark) or _HASH.fullmatch(mark)):
            raise forms.ValidationError(
                "This is neither a code, which has 32 characters, nor a SHA-256, which has 64: only "
                "digits and the letters a to f."
            )
        return mark

    @property
    def verified(self) -> str:
        """What was verified, as the portal read it."""
        mark: str = self.cleaned_data["mark"]
        return f"{'SHA-256' if _HASH.fullmatch(mark) else 'code'} {mark}"

    def answer(self) -> Answer:
        """What there is to say about the mark."""
        mark: str = self.cleaned_data["mark"]
        if _HASH.fullmatch(mark):
            return ABOUT_A_FILE[genuineness_by_hash(mark)]
        return ABOUT_A_CODE[genuineness_by_code(mark)]


@csrf_exempt  # `_verify` has the check: before `hash_uploads` nobody may read the form.
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The page, and its answer. It needs no sign-in and tells nobody more than anybody."""
    if request.method == "POST" or "code" in request.GET:
        standing = spend([Budget("verify", address_of(request))])
        if standing is not None:
            standing.refuse_more()
    if request.method == "POST":
        hash_uploads(request)
    response = _verify(request)
    response["Cache-Control"] = "private, no-store"
    return response


@csrf_protect
def _verify(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    answer = asked.answer() if asked is not None and asked.is_valid() else None
    return show(
        request,
        "claims/verify.html",
        status=422 if asked is not None and answer is None else 200,
        answer=answer,
        answered_at=clock.now(),
        asked=asked,
        file_form=asked if isinstance(asked, FileForm) else FileForm(),
        mark_form=asked if isinstance(asked, MarkForm) else MarkForm(),
    )


def _asked(request: HttpRequest) -> FileForm | MarkForm | None:
    """The form that was sent, or the code in the address, as the QR code on a cover has it."""
    if request.method == "POST":
        files = sum(len(files) for _, files in request.FILES.lists())
        if files + len(request.POST.getlist("mark")) > 1:
            raise BadInput(
                "one_at_a_time",
                "More than one thing was sent to be verified.",
                "Send one file, one code or one SHA-256 at a time.",
            )
        if "mark" in request.POST:
            return MarkForm(request.POST)
        return FileForm(request.POST, request.FILES)
    return MarkForm({"mark": request.GET["code"]}) if "code" in request.GET else None


paths = [path("verify/", verify, name="verify")]
