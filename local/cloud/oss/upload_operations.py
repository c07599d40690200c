"""The operations on a multipart upload."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from local.cloud.oss.answers import empty, stamp, tree, yes_or_no
from local.cloud.oss.bucket_operations import small_body
from local.cloud.oss.digests import received
from local.cloud.oss.document import group, parse, tag
from local.cloud.oss.errors import OssError
from local.cloud.oss.listing import MOST
from local.cloud.oss.metadata import CRC_HEADER, forbids_overwrite, object_acl, wanted
from local.cloud.oss.object_operations import check_length

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET
    from collections.abc import Callable

    from local.cloud.http import Response
    from local.cloud.oss.call import Call
    from local.cloud.oss.store import Store
    from local.cloud.oss.uploads import Part, Upload, Uploads

_MOST_PARTS = 10_000
_NUMBER = re.compile(r"[0-9]{1,5}")
_ETAG = re.compile(r'"?[0-9A-Fa-f]{32}"?')


class UploadOperations:
    """Each operation of the API on the `uploads` to `store`."""

    def __init__(self, store: Store, uploads: Uploads) -> None:
        self._store = store
        self._uploads = uploads
        self.by_name: dict[str, Callable[[Call], Response]] = {
            "InitiateMultipartUpload": self._initiate,
            "UploadPart": self._upload,
            "CompleteMultipartUpload": self._complete,
            "AbortMultipartUpload": self._abort,
            "ListParts": self._parts,
            "ListMultipartUploads": self._list,
        }

    def _initiate(self, call: Call) -> Response:
        headers = wanted(call, self._store.bucket(call.bucket))
        forbid = forbids_overwrite(call)
        upload_id = self._uploads.initiate(call.bucket, call.key, headers, forbid_overwrite=forbid)
        return tree("InitiateMultipartUploadResult", *_of(call), tag("UploadId", upload_id))

    def _upload(self, call: Call) -> Response:
        check_length(call)
        number = call.number("partNumber", 0, 1, _MOST_PARTS)
        if not number:
            raise OssError("InvalidArgument", "partNumber is missing.")
        found = received(call.body, call.headers.get("content-md5"))
        self._uploads.put_part(_upload_of(call), number, call.body, found)
        return empty(headers={"etag": found.etag, CRC_HEADER: str(found.crc64)})

    def _complete(self, call: Call) -> Response:
        named = [_named(part) for part in parse(small_body(call), "CompleteMultipartUpload")]
        if not named or len(named) > _MOST_PARTS:
            raise OssError("MalformedXML")
        forbid = forbids_overwrite(call)
        headers = self._uploads.complete(_upload_of(call), named, object_acl(call), forbid_overwrite=forbid)
        location = tag("Location", f"http://{call.host}/{call.bucket}/{call.shown(call.key)}")
        answer = tree("CompleteMultipartUploadResult", location, *_of(call), tag("ETag", headers["etag"]))
        answer.headers.update({"etag": headers["etag"], CRC_HEADER: headers[CRC_HEADER]})
        return answer

    def _abort(self, call: Call) -> Response:
        self._uploads.abort(*_upload_of(call))
        return empty(204)

    def _parts(self, call: Call) -> Response:
        after = call.number("part-number-marker", 0, 0, _MOST_PARTS)
        limit = call.number("max-parts", MOST, 1, MOST)
        left = [part for part in self._uploads.parts(*_upload_of(call)) if part.number > after]
        shown = left[:limit]
        inner = (
            tag("UploadId", call.parameters["uploadId"]),
            tag("PartNumberMarker", after),
            tag("NextPartNumberMarker", shown[-1].number if shown else after),
            tag("MaxParts", limit),
            tag("IsTruncated", yes_or_no(len(left) > limit)),
        )
        return tree("ListPartsResult", *_of(call), *inner, *(_part(part) for part in shown))

    def _list(self, call: Call) -> Response:
        key, upload_id, prefix = (call.parameters.get(n, "") for n in ("key-marker", "upload-id-marker", "prefix"))
        limit = call.number("max-uploads", MOST, 1, MOST)
        left = [
            upload
            for upload in self._uploads.all(call.bucket)
            if upload.key.startswith(prefix) and (upload.key, upload.upload_id if upload_id else "") > (key, upload_id)
        ]
        shown, more = left[:limit], len(left) > limit
        inner = (
            tag("Bucket", call.bucket),
            tag("EncodingType", "url") if call.parameters.get("encoding-type") == "url" else "",
            tag("KeyMarker", call.shown(key)),
            tag("UploadIdMarker", upload_id),
            tag("NextKeyMarker", call.shown(shown[-1].key) if more else ""),
            tag("NextUploadIdMarker", shown[-1].upload_id if more else ""),
            tag("Prefix", call.shown(prefix)),
            tag("MaxUploads", limit),
            tag("IsTruncated", yes_or_no(more)),
        )
        return tree("ListMultipartUploadsResult", *inner, *(_upload(call, upload) for upload in shown))


def _upload_of(call: Call) -> tuple[str, str, str]:
    return call.bucket, call.key, call.parameters["uploadId"]


def _of(call: Call) -> tuple[str, str]:
    return tag("Bucket", call.bucket), tag("Key", call.shown(call.key))


def _named(part: ET.Element) -> tuple[int, str]:
    number, etag = part.findtext("PartNumber") or "", part.findtext("ETag") or ""
    if part.tag != "Part" or not _NUMBER.fullmatch(number):
        raise OssError("MalformedXML")
    if not _ETAG.fullmatch(etag):
        raise OssError("InvalidPart")
    return int(number), etag


def _part(part: Part) -> str:
    inner = (
        tag("PartNumber", part.number),
        tag("LastModified", stamp(part.modified_at)),
        tag("ETag", part.etag),
        tag("Size", part.size),
    )
    return group("Part", *inner)


def _upload(call: Call, upload: Upload) -> str:
    initiated = tag("Initiated", stamp(upload.initiated_at))
    return group("Upload", tag("Key", call.shown(upload.key)), tag("UploadId", upload.upload_id), initiated)
