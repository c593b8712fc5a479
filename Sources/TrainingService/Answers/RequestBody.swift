internal import HTTP
internal import TrainingAPI

/// Reads the bodies of requests.
enum RequestBody {
    /// The document in a request's body, with the faults that were met while reading it.
    ///
    /// - Parameters:
    ///   - request: A request with a JSON or YAML body.
    ///   - refusesUnknown: Whether fields that nothing knows are faults.
    /// - Returns: The document and a context that begins with its faults.
    /// - Throws: `Problem` 415 for another media type, 400 for text that is not such a document.
    static func document(
        of request: Request,
        refusesUnknown: Bool = true
    ) throws(Problem) -> (Document, DecodingContext) {
        guard let coding = request.fields["Content-Encoding"], coding.lowercased() != "identity"
        else { return try read(request, refusesUnknown: refusesUnknown) }
        throw Problem(
            status: 415,
            detail: "A body with Content-Encoding \(coding) is not read; send it plain."
        )
    }

    private static func read(
        _ request: Request,
        refusesUnknown: Bool
    ) throws(Problem) -> (Document, DecodingContext) {
        guard let type = request.fields["Content-Type"], let format = BodyFormat(mediaType: type)
        else {
            let got = request.fields["Content-Type"].map { "not \($0)" } ?? "and it is missing"
            throw Problem(
                status: 415,
                detail: "Content-Type must be application/json or application/yaml, \(got)."
            )
        }
        do {
            let (document, faults) = try format.read(request.body)
            return (document, DecodingContext(refusesUnknown: refusesUnknown, faults: faults))
        } catch {
            let name = format == .json ? "JSON" : "YAML"
            let place = error.position
            let at = place.line > 0 ? " (line \(place.line), column \(place.column))" : ""
            throw Problem(
                status: 400,
                detail: "The body is not valid \(name): \(error.detail)\(at).",
                faults: [Fault(pointer: "", detail: error.detail, code: .type, position: place)]
            )
        }
    }

    /// Decodes a request's body with `read`, or says everything that is wrong with it.
    static func decode<Value>(
        _ request: Request,
        refusesUnknown: Bool = true,
        _ read: (Document, Pointer, inout DecodingContext) -> Value?
    ) throws(Problem) -> Value {
        var (document, context) = try document(of: request, refusesUnknown: refusesUnknown)
        guard let value = read(document, .root, &context), context.isValid else {
            throw invalid(context.faults)
        }
        return value
    }

    /// The problem of a body with `faults`.
    static func invalid(_ faults: [Fault]) -> Problem {
        let count = faults.count
        let first = faults.first.map { sentence(of: $0) }
        let detail =
            count == 1
            ? "\(first ?? "")." : "\(count) values are faulty; the first is \(first ?? "")."
        return Problem(status: 422, detail: detail, faults: faults)
    }

    /// A fault with its place; a detail that begins with the field's name goes on from the pointer, which
    /// names it already.
    private static func sentence(of fault: Fault) -> String {
        guard !fault.pointer.isEmpty else { return fault.detail }
        let names = fault.pointer.split(separator: "/").map(String.init)
        for start in names.indices {
            let path = names[start...].joined(separator: ".")
            if fault.detail.hasPrefix("\(path) ") {
                return fault.pointer + fault.detail.dropFirst(path.count)
            }
        }
        return "\(fault.pointer): \(fault.detail)"
    }
}
