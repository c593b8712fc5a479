internal import Datasets
internal import Foundation
internal import HTTP
internal import TrainingAPI

/// The datasets: reading, bringing, removing.
struct DatasetRoutes {
    /// The most bytes of an upload.
    static let uploadLimit = 2 << 30

    let service: Service

    func register(on router: inout Router) {
        let service = service
        router.answer(.get, "/v1/datasets") { request in
            var writer = JSONWriter()
            let items = try service.datasets.all()
            writer.object { writer in
                writer.field("items", items)
                writer.field("next_cursor", String?.none)
            }
            return Answer.tagged(writer.bytes, for: request)
        }
        router.answer(.get, "/v1/datasets/{name}") { request in
            let name = request.parameters["name"] ?? ""
            guard let dataset = try service.datasets.dataset(named: name) else {
                throw Problem(status: 404, detail: "There is no dataset \"\(name)\".")
            }
            return Answer.tagged(dataset.json(), for: request)
        }
        router.answer(.delete, "/v1/datasets/{name}") { request in
            try service.deleteDataset(request.parameters["name"] ?? "")
            return Response(status: .noContent)
        }
        router.receiving(
            .put,
            "/v1/datasets/{name}",
            bodyLimit: Self.uploadLimit,
            folder: service.configuration.uploadFolder,
            check: { request in
                do {
                    try service.checkDatasetName(request.parameters["name"] ?? "")
                    _ = try UploadOptions(request)
                    return nil
                } catch {
                    return Answer.problem(Problem(mapping: error), for: request)
                }
            },
            { request, file in Self.put(request, file, service) }
        )
        router.streaming(.get, "/v1/datasets/{name}/content", pool: .reserved) {
            request,
            stream in
            do {
                try Self.sendContent(request, stream, service)
            } catch {
                stream.send(Answer.problem(Problem(mapping: error), for: request))
            }
        }
    }

    private static func put(
        _ request: Request,
        _ file: BodyFile,
        _ service: Service
    ) -> Response {
        do {
            let name = request.parameters["name"] ?? ""
            let (body, isNew) = try service.putDataset(
                name,
                path: file.path,
                options: UploadOptions(request)
            )
            var response = Answer.tagged(body.json(), for: request)
            if isNew {
                response.status = .created
                response.fields.set("Location", "/v1/datasets/\(name)")
            }
            return response
        } catch {
            return Answer.problem(Problem(mapping: error), for: request)
        }
    }

    /// Sends the decoded rows of the hash that is asked for.
    private static func sendContent(
        _ request: Request,
        _ stream: ResponseStream,
        _ service: Service
    ) throws {
        var query = QueryReader(request)
        let hash = query.text("hash")
        try query.finish()
        let name = request.parameters["name"] ?? ""
        guard let found = try service.datasets.found(named: name), found.isUploaded else {
            throw Problem(status: 404, detail: "There is no uploaded dataset \"\(name)\".")
        }
        let current = found.entry.description.contentHash
        guard hash == nil || hash == current.description else {
            throw Problem(
                status: 409,
                detail: "The dataset \"\(name)\" has other content now: its hash is \(current), not"
                    + " \(hash ?? "")."
            )
        }
        let file = RowFile(folder: service.datasets.catalogue.cache, hash: current)
        let answer = FileAnswer(
            hash: current.description,
            mediaType: "application/octet-stream"
        )
        try answer.send(request, stream) {
            do {
                return .file(try FileExport(path: file.path))
            } catch {
                throw Problem(status: 404, detail: found.entry.missing ?? "The rows are gone.")
            }
        }
    }
}

extension UploadOptions {
    /// The options that a request's query gives.
    init(_ request: Request) throws(Problem) {
        self.init()
        var query = QueryReader(request)
        format = Self.choice("format", of: &query)
        if let kind: TargetKind = Self.choice("target", of: &query) { target = kind }
        if let rule: Missing = Self.choice("missing", of: &query) { missing = rule }
        if let label = query.text("label") { self.label = label == "last" ? .last : .column(label) }
        if let text = query.text("delimiter") {
            let byte: UInt8? =
                switch text {
                case "tab", "\t": 9
                case "comma": UInt8(ascii: ",")
                case "semicolon": UInt8(ascii: ";")
                default: text.utf8.count == 1 ? text.utf8.first : nil
                }
            if let byte, byte != 10, byte != 13, byte != UInt8(ascii: "\"") {
                delimiter = byte
            } else {
                query.report(
                    "delimiter",
                    "must be one character, or one of comma, semicolon, tab; not \"\(text)\""
                )
            }
        }
        if let header = query.text("header"), header != "auto" {
            switch header {
            case "true", "1": hasHeader = true
            case "false", "0": hasHeader = false
            default: query.report("header", "must be true, false or auto, not \"\(header)\"")
            }
        }
        if let text = query.text("test_fraction") {
            if let fraction = Double(text), fraction >= 0, fraction < 1 {
                testFraction = fraction
            } else {
                query.report("test_fraction", "must be from 0 to below 1, not \"\(text)\"")
            }
        }
        if let seed = query.integer("test_seed", in: 0...9_007_199_254_740_991) {
            testSeed = UInt64(seed)
        }
        try query.finish()
    }

    private static func choice<Choice>(_ name: String, of query: inout QueryReader) -> Choice?
    where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
        guard let text = query.text(name), let choice = Choice(rawValue: text) else {
            let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            if let text = query.text(name) {
                query.report(name, "must be one of \(words), not \"\(text)\"")
            }
            return nil
        }
        return choice
    }
}
