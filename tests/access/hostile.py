"""What a hostile client sends: values for paths, fields, bodies and headers that fit nowhere."""

from __future__ import annotations

# Bytes as they stand on the line; a browser would never send most of them.
TEXTS: tuple[bytes, ...] = (
    b"", b" ", b"\0", b"\r\n", b"x\r\nSet-Cookie: a=b", b"\xff\xfe", b"\xed\xa0\x80", b"%", b"%zz",
    b"-1", b"0", b"1", b"1.5", b"1e309", b"NaN", b"9" * 18, b"9" * 19, b"9223372036854775808",
    b"9" * 400, b"9" * 5000, "٣".encode(), "²".encode(), b"a" * 5000, b"' OR 1=1 --", b"{{7*7}}",
    b"../../etc/passwd", b"<script>", b"true", b"null", b"[", b"//[", b"/x\r\n", b"https://[::1",
    b"0000-00-00", b"2026-02-30", b"2000-01-01", b"2099-12-31", b"9999-12-31", b"0001-01-01",
    b"2026-06-09", b"24:00", b"99:99", b"08:00-07:00", b"10:00", b"00:00", b"2026-06-08T10:00:00",
    b"2026-06-08T25:61:61+99:99", b"9999-12-31T23:59:59+00:00", b"0001-01-01T00:00:00+14:00",
    b"2026-06-08T10:00:00+02:00", b"2026-06-08T10:00:00+23:59:59.999999", b"%2e%2e%2f",
    "ﬀ\u202e\u200b💥".encode(), b"rathaus", b"nordend", b"all", b"schalter-1", b"done", b"custom",
)  # fmt: skip
# Every placeholder of every route meets all of these.
PATH_TEXTS: tuple[bytes, ...] = (
    b"\0", b"\r\n", b"\xff\xfe", b"\xed\xa0\x80", b"%", b"9223372036854775808", b"9" * 400, b"-1",
    "٣".encode(), b"../../etc/passwd", b"{{7*7}}", b"2026-02-30", b"9999-12-31",
)  # fmt: skip
JSON_VALUES: tuple[object, ...] = (
    None, True, -1, 0, 1.5, 2**63, 10**400, float("nan"), float("inf"), "", "\0", "\ud800", [],
    "x" * 5000, [[]], [None], ["x"] * 100, {}, {"a": {}}, {"$ne": 1}, "9999-12-31T23:59:59+00:00",
    "0001-01-01T00:00:00+14:00", "2026-06-08T10:00:00+02:00",
)  # fmt: skip
FORM = "multipart/form-data; boundary=x"
IMAGE = b'--x\r\nContent-Disposition: form-data; name="image"'
BODIES: tuple[tuple[str, bytes], ...] = (
    ("application/json", b"{"), ("application/json", b"\xff"), ("application/json", b"[" * 60_000),
    ("application/json", b'{"a":' * 9_000), ("application/json", b"1" * 6_000),
    ("application/json; charset=\xff", b"{}"), ("application/json; charset=utf-7", b"{}"),
    ("multipart/form-data", b"x"), ("multipart/form-data; boundary=", b"--\r\n\r\n"),
    (FORM, IMAGE + b"\r\n"), (FORM, IMAGE + b'; filename="\xff"\r\n\r\nno\r\n--x--'),
    ("application/x-www-form-urlencoded", b"&=&&a&%00=%00&" * 9),
    ("application/x-www-form-urlencoded", b"a=1&" * 2_000), ("\xff", b"\0"), ("", b"x"),
)  # fmt: skip
# Names as WSGI knows them; each value is latin-1, as it comes off the line.
HEADERS: tuple[tuple[str, str], ...] = (
    *(("HTTP_AUTHORIZATION", said) for said in (
        "Bearer", "Bearer ", "Bearer \xff\xfe", "Bearer \xed\xa0\x80", "Bearer a b", "bearer \0",
        "Basic !", "Basic \xff", "\xff", "Digest x=\"", "Bearer " + "a" * 5000,
    )),
    *(("HTTP_COOKIE", said) for said in (
        "aufruf_session=\xff\xfe", "aufruf_device=\xed\xa0\x80", "aufruf_session=\"\\777\"", ";;=;",
        "aufruf_session=" + "a" * 4000, "aufruf_session=\0; aufruf_device=\r\n", "\xff=\xff",
    )),
    *(("HTTP_HOST", said) for said in ("", "[", "\xff", "a b", "x:99999999", "x/../y", "\0")),
    *(("HTTP_ACCEPT_LANGUAGE", said) for said in ("de;q=nan", "\xff", ";;q", "x" * 5000, "*;q=-1")),
    *(("HTTP_ACCEPT", said) for said in ("\xff", "*/*;q=x", "text/html;q=inf", "/", "a" * 5000)),
    *(("HTTP_IDEMPOTENCY_KEY", said) for said in ("", "\xff", "\xed\xa0\x80", "k" * 201, "\0")),
    ("HTTP_X_AUFRUF_PART", "\xff"), ("HTTP_RANGE", "bytes=9-1,-,x"), ("HTTP_RANGE", "bytes=-0"),
    ("HTTP_IF_MODIFIED_SINCE", "Thu, 99 Foo 99999"), ("HTTP_IF_NONE_MATCH", '"\xff'),
    ("HTTP_IF_RANGE", "\xff"), ("HTTP_X_FORWARDED_FOR", "\xff, 1"), ("HTTP_REFERER", "//["),
    ("HTTP_SEC_FETCH_SITE", "\xff"), ("HTTP_ORIGIN", "http://["), ("HTTP_USER_AGENT", "\xff" * 99),
    ("CONTENT_LENGTH", "x"), ("CONTENT_LENGTH", "-1"), ("HTTP_TRANSFER_ENCODING", "chunked"),
    ("HTTP_X_HTTP_METHOD_OVERRIDE", "DELETE"), ("HTTP_EXPECT", "x"), ("QUERY_STRING", "\xff&%&=;"),
    ("REMOTE_ADDR", ""), ("REMOTE_ADDR", "fe80::1%eth0"),
)  # fmt: skip
