import CCurl

/// The state that libcurl keeps for the whole process.
enum CurlLibrary {
    private static let result = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    /// Initialises libcurl once, whichever transport comes first.
    static func load() {
        precondition(result == CURLE_OK, "libcurl cannot be initialised: code \(result.rawValue)")
    }
}
