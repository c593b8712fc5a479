import Testing

@testable import TrainingClient

@Suite struct ServerAddressTests {
    @Test(arguments: [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("localhost", "http://localhost"),
        ("https://lehr.example/training/", "https://lehr.example/training"),
        ("http://[::1]:8080//", "http://[::1]:8080"),
    ])
    func `reads an address with or without its scheme`(text: String, url: String) throws {
        #expect(try ServerAddress(text).url == url)
    }

    @Test func `reads the path of a Unix socket`() throws {
        let address = try ServerAddress("unix:/run/lehr.sock")
        #expect(address.socketPath == "/run/lehr.sock")
        #expect(address.url == "http://localhost")
        #expect(address.description == "unix:/run/lehr.sock")
        #expect(try ServerAddress("http://localhost").socketPath == nil)
    }

    @Test(arguments: [
        "unix:", "unix:run", "", "http://", "http:///v1", "ftp://host", "http://host?x",
        "http://host#x", "http://a b",
        "http://user@host", "hôte", "http://host\n",
    ])
    func `refuses what is no address and shows one`(text: String) {
        #expect {
            try ServerAddress(text)
        } throws: { error in
            (error as? ClientError)?.detail
                == "\(text.debugDescription) is not a server's address; "
                + "write one such as http://127.0.0.1:8080 or unix:/run/lehr.sock"
        }
    }
}
