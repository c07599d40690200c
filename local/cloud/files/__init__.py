"""A file host on the loopback interface, in the place of the bucket that the vendor keeps recordings in."""

from local.cloud.files.body import Body, Generated
from local.cloud.files.host import FileHost
from local.cloud.files.misbehaviour import HTML_PAGE, XML_ERROR, Misbehaviour

__all__ = ["HTML_PAGE", "XML_ERROR", "Body", "FileHost", "Generated", "Misbehaviour"]
