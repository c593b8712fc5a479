/// A setting that libcurl does not take.
struct CurlOptionError: Error {
    let detail: String
}
