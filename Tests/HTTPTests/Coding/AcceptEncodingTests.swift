import Testing

@testable import HTTP

@Suite struct AcceptEncodingTests {
    @Test(arguments: [
        "gzip", "GZIP", "x-gzip", "br, gzip", "deflate;q=0.5 , gzip;q=0.5", "*", "br, *;q=0.1",
        "gzip;q=1.000", "gzip;Q=0.001", "identity;q=0.5, gzip;q=0.5", "gzip, *;q=0",
    ])
    func `takes gzip from those who want it`(value: String) {
        #expect(AcceptEncoding.takesGzip(["Accept-Encoding": value]))
    }

    @Test(arguments: [
        "", "identity", "br", "gzip;q=0", "gzip; q=0.000", "*;q=0", "gzip;q=0, *",
        "identity, gzip;q=0.9", "gzipped", "gzip;q=2", "gzip;q=x", "gzip;level=9",
    ])
    func `leaves bytes plain for the others`(value: String) {
        #expect(!AcceptEncoding.takesGzip(["Accept-Encoding": value]))
    }

    @Test func `reads a list that stands in several lines, and wants nothing without any`() {
        #expect(AcceptEncoding.takesGzip(["Accept-Encoding": "br", "accept-encoding": "gzip"]))
        #expect(!AcceptEncoding.takesGzip([:]))
    }
}
