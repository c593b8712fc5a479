extension RequestCase {
    static let table =
        framing + chunks + lines + requestLines + hosts + limits + others + smuggling

    static let framing: [RequestCase] = [
        RequestCase(field: "Content-Length: 3", body: "abc", .taken(body: "abc")),
        RequestCase(field: "Content-Length: 0", .taken(body: "")),
        RequestCase(field: "Content-Length: 0003", body: "abc", .taken(body: "abc")),
        RequestCase(field: "X: y", .taken(body: "")),
        RequestCase(
            field: "Content-Length: 3\r\nTransfer-Encoding: chunked",
            body: "abc",
            .refused(400)
        ),
        RequestCase(
            field: "Transfer-Encoding: chunked\r\nContent-Length: 3",
            body: "abc",
            .refused(400)
        ),
        RequestCase(field: "Content-Length: 3\r\nContent-Length: 3", body: "abc", .refused(400)),
        RequestCase(field: "Content-Length: 3\r\ncontent-length: 4", body: "abc", .refused(400)),
        RequestCase(field: "Content-Length: 3, 3", body: "abc", .refused(400)),
        RequestCase(field: "Content-Length: +3", body: "abc", .refused(400)),
        RequestCase(field: "Content-Length: -3", body: "abc", .refused(400)),
        RequestCase(field: "Content-Length: 0x3", body: "abc", .refused(400)),
        RequestCase(field: "Content-Length: 1 1", body: "abc", .refused(400)),
        RequestCase(field: "Content-Length:", .refused(400)),
        RequestCase(field: "Content-Length: 9223372036854775808", .refused(400)),
        RequestCase(field: "Content-Length: 99999999999999999999999", .refused(400)),
        RequestCase(field: "Content-Length: ٣", body: "abc", .refused(400)),
        RequestCase(field: "Transfer-Encoding: CHUNKED", body: "0\r\n\r\n", .taken(body: "")),
        RequestCase(field: "Transfer-Encoding: identity", .refused(400)),
        RequestCase(field: "Transfer-Encoding: gzip", .refused(400)),
        RequestCase(field: "Transfer-Encoding: gzip, chunked", .refused(501)),
        RequestCase(field: "Transfer-Encoding: chunked, chunked", .refused(400)),
        RequestCase(
            field: "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            .refused(400)
        ),
        RequestCase(field: "Transfer-Encoding: chunked, identity", .refused(400)),
        RequestCase(
            field: "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            .refused(400)
        ),
        RequestCase(field: "Transfer-Encoding: xchunked", .refused(400)),
        RequestCase(field: "Transfer-Encoding: chunked,", .refused(400)),
        RequestCase(field: "Transfer-Encoding: \"chunked\"", .refused(400)),
        RequestCase(field: "Transfer-Encoding:", .refused(400)),
        RequestCase(field: "Transfer-Encoding: \u{0B}chunked", .refused(400)),
        RequestCase(field: "Transfer-Encoding : chunked", .refused(400)),
        RequestCase(
            "chunked in HTTP/1.0",
            "POST /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            .refused(400)
        ),
    ]

    static let chunks: [RequestCase] = [
        RequestCase(chunks: "3\r\nabc\r\n0\r\n\r\n", .taken(body: "abc")),
        RequestCase(chunks: "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", .taken(body: "abcde")),
        RequestCase(chunks: "A\r\n0123456789\r\n000\r\n\r\n", .taken(body: "0123456789")),
        RequestCase(chunks: "3;a=b;c=\"d\"\r\nabc\r\n0;x\r\n\r\n", .taken(body: "abc")),
        RequestCase(
            chunks: "0000000000000003\r\nabc\r\n0\r\n\r\n",
            .taken(body: "abc")
        ),
        RequestCase(chunks: "00000000000000003\r\nabc\r\n0\r\n\r\n", .refused(400)),
        RequestCase(chunks: "FFFFFFFFFFFFFFFF\r\n", .refused(400)),
        RequestCase(chunks: "8000000000000000\r\n", .refused(400)),
        RequestCase(chunks: "7FFFFFFFFFFFFFFF\r\n", .refused(413)),
        RequestCase(chunks: "\r\nabc\r\n0\r\n\r\n", .refused(400)),
        RequestCase(chunks: "0x3\r\nabc\r\n0\r\n\r\n", .refused(400)),
        RequestCase(chunks: "+3\r\nabc\r\n0\r\n\r\n", .refused(400)),
        RequestCase(chunks: " 3\r\nabc\r\n0\r\n\r\n", .refused(400)),
        RequestCase(chunks: "3 \r\nabc\r\n0\r\n\r\n", .refused(400)),
        RequestCase(chunks: "3g\r\nabc\r\n0\r\n\r\n", .refused(400)),
        RequestCase(chunks: "3\nabc\r\n0\r\n\r\n", .refused(400)),
        RequestCase(chunks: "3;a\rb\r\nabc\r\n0\r\n\r\n", .refused(400)),
        RequestCase(chunks: "3;a\nabc\r\n0\r\n\r\n", .refused(400)),
        RequestCase(chunks: "3\r\nabcd\r\n0\r\n\r\n", .refused(400)),
        RequestCase(chunks: "3\r\nabc\n0\r\n\r\n", .refused(400)),
        RequestCase(chunks: "3\r\nabc\rx0\r\n\r\n", .refused(400)),
        RequestCase(
            chunks: "3;\(String(repeating: "x", count: 255))\r\nabc\r\n0\r\n\r\n",
            .taken(body: "abc")
        ),
        RequestCase(
            chunks: "3;\(String(repeating: "x", count: 300))\r\nabc\r\n0\r\n\r\n",
            .refused(400)
        ),
        RequestCase(chunks: "0\r\nContent-Length: 5\r\nHost: x\r\n\r\n", .taken(body: "")),
        RequestCase(chunks: "0\r\nbad trailer\r\n\r\n", .refused(400)),
        RequestCase(chunks: "0\r\n folded\r\n\r\n", .refused(400)),
        RequestCase(
            chunks: "0\r\nX: \(String(repeating: "x", count: 9_000))\r\n\r\n",
            .refused(431)
        ),
    ]

    static let lines: [RequestCase] = [
        RequestCase("bare LF", "GET /a HTTP/1.1\nHost: h\n\n", .refused(400)),
        RequestCase("bare LF after a field", "GET /a HTTP/1.1\r\nHost: h\n\r\n", .refused(400)),
        RequestCase("bare LF at the end", "GET /a HTTP/1.1\r\nHost: h\r\n\n", .refused(400)),
        RequestCase(
            "bare CR in a field",
            "GET /a HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n",
            .refused(400)
        ),
        RequestCase("CR CR LF", "GET /a HTTP/1.1\r\nHost: h\r\r\n\r\n", .refused(400)),
        RequestCase(
            "bare CR in the request line",
            "GET /a\r HTTP/1.1\r\nHost: h\r\n\r\n",
            .refused(400)
        ),
        RequestCase(field: "X: a\u{0}b", .refused(400)),
        RequestCase(field: "X: a\u{1}b", .refused(400)),
        RequestCase(field: "X: a\u{7F}b", .refused(400)),
        RequestCase(field: "X: a\tb \t", .taken(body: "")),
        RequestCase(field: "X: grün", .taken(body: "")),
        RequestCase(
            "a field in ISO 8859-1",
            Array("GET /a HTTP/1.1\r\nHost: h\r\nX: gr".utf8) + [0xFC, 0x6E]
                + Array("\r\n\r\n".utf8),
            .taken(body: "")
        ),
        RequestCase(field: "X: a\r\n folded", .refused(400)),
        RequestCase(field: "X: a\r\n\tfolded", .refused(400)),
        RequestCase(field: "X : a", .refused(400)),
        RequestCase(field: ": a", .refused(400)),
        RequestCase(field: "X", .refused(400)),
        RequestCase(field: "X(y): a", .refused(400)),
        RequestCase(field: "Ünicode: a", .refused(400)),
        RequestCase(field: "X:", .taken(body: "")),
        RequestCase(
            "a blank before the first field",
            "GET /a HTTP/1.1\r\n Host: h\r\n\r\n",
            .refused(400)
        ),
        RequestCase(
            "empty lines first",
            "\r\n\r\nGET /a HTTP/1.1\r\nHost: h\r\n\r\n",
            .taken(body: "")
        ),
        RequestCase(
            "too many empty lines",
            "\r\n\r\n\r\n\r\n\r\nGET /a HTTP/1.1\r\nHost: h\r\n\r\n",
            .refused(400)
        ),
    ]

    static let requestLines: [RequestCase] = [
        RequestCase(line: "GET /a HTTP/1.1", .taken(body: "")),
        RequestCase(line: "GET  /a HTTP/1.1", .refused(400)),
        RequestCase(line: "GET /a  HTTP/1.1", .refused(400)),
        RequestCase(line: "GET\t/a HTTP/1.1", .refused(400)),
        RequestCase(line: " GET /a HTTP/1.1", .refused(400)),
        RequestCase(line: "GET /a HTTP/1.1 ", .refused(400)),
        RequestCase(line: "GET /a b HTTP/1.1", .refused(400)),
        RequestCase(line: "GET /a", .refused(400)),
        RequestCase(line: "GET", .refused(400)),
        RequestCase(line: "GET  HTTP/1.1", .refused(400)),
        RequestCase(line: "G@T /a HTTP/1.1", .refused(400)),
        RequestCase(line: "GET /a http/1.1", .refused(400)),
        RequestCase(line: "GET /a HTTP/1.10", .refused(400)),
        RequestCase(line: "GET /a HTTP/1.", .refused(400)),
        RequestCase(line: "GET /a HTTP/11", .refused(400)),
        RequestCase(line: "GET /a HTTPS/1.1", .refused(400)),
        RequestCase(line: "GET /a HTTP/2.0", .refused(505)),
        RequestCase(line: "GET /a HTTP/0.9", .refused(505)),
        RequestCase(line: "GET /a HTTP/1.2", .refused(505)),
        RequestCase("the HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .refused(400)),
        RequestCase(line: "BREW /a HTTP/1.1", .taken(body: "")),
        RequestCase(line: "OPTIONS * HTTP/1.1", .taken(body: "")),
        RequestCase(line: "GET * HTTP/1.1", .refused(400)),
        RequestCase(line: "CONNECT h:443 HTTP/1.1", .refused(501)),
        RequestCase(line: "GET h:443 HTTP/1.1", .refused(400)),
        RequestCase(line: "GET a HTTP/1.1", .refused(400)),
        RequestCase(line: "GET http://other/a?b HTTP/1.1", .taken(body: "")),
        RequestCase(line: "GET HTTP://other HTTP/1.1", .taken(body: "")),
        RequestCase(line: "GET http:///a HTTP/1.1", .refused(400)),
        RequestCase(line: "GET http://u@other/a HTTP/1.1", .refused(400)),
        RequestCase(line: "GET ftp://other/a HTTP/1.1", .refused(400)),
        RequestCase(line: "GET /a#b HTTP/1.1", .refused(400)),
        RequestCase(line: "GET /ä HTTP/1.1", .refused(400)),
        RequestCase(line: "GET /%zz HTTP/1.1", .refused(400)),
        RequestCase(line: "GET /%4 HTTP/1.1", .refused(400)),
        RequestCase(line: "GET /% HTTP/1.1", .refused(400)),
        RequestCase(line: "GET /%00 HTTP/1.1", .refused(400)),
        RequestCase(line: "GET /%0d%0a HTTP/1.1", .refused(400)),
        RequestCase(line: "GET /%ff HTTP/1.1", .refused(400)),
        RequestCase(line: "GET /%c3%a4 HTTP/1.1", .taken(body: "")),
        RequestCase(line: "GET /a/../b HTTP/1.1", .refused(400)),
        RequestCase(line: "GET /a/%2E%2e/b HTTP/1.1", .refused(400)),
        RequestCase(line: "GET /./a HTTP/1.1", .refused(400)),
        RequestCase(line: "GET /...a HTTP/1.1", .taken(body: "")),
        RequestCase(line: "GET /a?b=%zz HTTP/1.1", .refused(400)),
        RequestCase(line: "GET /a?b=%00 HTTP/1.1", .refused(400)),
        RequestCase(line: "GET /a?b=../.. HTTP/1.1", .taken(body: "")),
    ]

    static let hosts: [RequestCase] =
        [
            RequestCase("no host", "GET /a HTTP/1.1\r\n\r\n", .refused(400)),
            RequestCase("no host in HTTP/1.0", "GET /a HTTP/1.0\r\n\r\n", .taken(body: "")),
            RequestCase(
                "two hosts",
                "GET /a HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n",
                .refused(400)
            ),
            RequestCase(
                "two hosts in HTTP/1.0",
                "GET /a HTTP/1.0\r\nHost: h\r\nHost: h\r\n\r\n",
                .refused(400)
            ),
        ]
        + [
            ("h:80", true), ("127.0.0.1:8080", true), ("[::1]:80", true), ("[::]", true),
            ("h:", true),
            ("", false), ("u@h", false), ("h/a", false), ("h h", false), ("h:8a", false),
            ("a,b", false),
            ("h:65536", false), ("h:000080", false), ("[::1", false), ("::1", false), ("[]", false),
            ("h?", false), ("h#", false), ("[::1]x", false),
        ].map { host, isValid in
            RequestCase(
                "host \(host.debugDescription)",
                "GET /a HTTP/1.1\r\nHost: \(host)\r\n\r\n",
                isValid ? .taken(body: "") : .refused(400)
            )
        }

    static let limits: [RequestCase] = [
        RequestCase(
            line: "GET /\(String(repeating: "a", count: 8_192 - 14)) HTTP/1.1",
            .taken(body: "")
        ),
        RequestCase(
            line: "GET /\(String(repeating: "a", count: 8_192 - 13)) HTTP/1.1",
            .refused(414)
        ),
        RequestCase("an endless request line", String(repeating: "a", count: 8_194), .refused(414)),
        RequestCase(
            "100 fields",
            "GET /a HTTP/1.1\r\nHost: h\r\n\(String(repeating: "X: y\r\n", count: 99))\r\n",
            .taken(body: "")
        ),
        RequestCase(
            "101 fields",
            "GET /a HTTP/1.1\r\nHost: h\r\n\(String(repeating: "X: y\r\n", count: 100))\r\n",
            .refused(431)
        ),
        RequestCase(
            "32 KiB of fields",
            "GET /a HTTP/1.1\r\nHost: h\r\nX: \(String(repeating: "y", count: 32_768 - 9 - 5))\r\n\r\n",
            .taken(body: "")
        ),
        RequestCase(
            "32 KiB of fields and one byte",
            "GET /a HTTP/1.1\r\nHost: h\r\nX: \(String(repeating: "y", count: 32_768 - 9 - 2))\r\n\r\n",
            .refused(431)
        ),
        RequestCase(
            "an endless field",
            "GET /a HTTP/1.1\r\nHost: \(String(repeating: "h", count: 33_000))",
            .refused(431)
        ),
    ]

    static let others: [RequestCase] = [
        RequestCase(
            field: "Expect: 100-Continue\r\nContent-Length: 1",
            body: "a",
            .taken(body: "a")
        ),
        RequestCase(field: "Expect: 200-ok\r\nContent-Length: 1", body: "a", .refused(417)),
        RequestCase(field: "Upgrade: h2c\r\nConnection: upgrade", .taken(body: "")),
    ]
}
