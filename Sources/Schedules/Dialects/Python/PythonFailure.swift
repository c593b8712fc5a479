/// What cannot be read in a piece of Python, with its place.
struct PythonFailure: Error {
    /// The place in the characters of the code; `nil` where the whole is meant.
    let place: Int?
    let message: String

    /// Does arithmetic, whose failures are those of the code at `place`.
    static func at<Value>(
        _ place: Int,
        _ body: () throws(LibraryFailure) -> Value
    ) throws(PythonFailure) -> Value {
        do throws(LibraryFailure) {
            return try body()
        } catch {
            throw PythonFailure(place: place, message: error.message)
        }
    }
}
