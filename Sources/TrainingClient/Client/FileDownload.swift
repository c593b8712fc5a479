import TrainingAPI

/// Where the bytes of a download go.
public protocol DownloadSink {
    /// Takes note that the file comes from its beginning: whatever came before is not part of it.
    ///
    /// Called before the first piece, and again where the file begins anew.
    mutating func begin() async throws

    /// Takes the next bytes of the file.
    mutating func append(_ piece: [UInt8]) async throws
}

/// A file that is read from a server through broken connections.
///
/// Where the way to the server breaks, another ``read(into:_:)`` asks for the rest alone. Where the file
/// has become another one meanwhile, or the server sends no parts, it comes anew from its beginning.
public struct FileDownload: Sendable {
    private var place: FileOffset?

    /// Makes a download of which nothing has come.
    public init() {}

    /// How many bytes have come that need not come again.
    public var offset: Int { place?.bytes ?? 0 }

    /// Reads to the end of the file, from where the last call has come to.
    ///
    /// After an error of the server or the connection the same call goes on; after one of the sink, the
    /// download is of no use any more.
    ///
    /// - Parameters:
    ///   - sink: Where the bytes go; the same one for every call.
    ///   - ask: Asks the server for the file, from an offset on.
    /// - Throws: `ClientError`, or what the sink throws.
    public mutating func read<Sink: DownloadSink>(
        into sink: inout Sink,
        _ ask: (_ from: FileOffset?) async throws(ClientError) -> FileContent
    ) async throws {
        let content = try await content(ask)
        var offset = content.offset
        if offset == 0 {
            place = nil
            try await sink.begin()
        }
        for try await piece in content.body {
            try await sink.append(piece)
            offset += piece.count
            place = content.entityTag.map { FileOffset(bytes: offset, entityTag: $0) }
        }
    }

    private mutating func content(
        _ ask: (_ from: FileOffset?) async throws(ClientError) -> FileContent
    ) async throws(ClientError) -> FileContent {
        do throws(ClientError) {
            return try await ask(place)
        } catch {
            // Nothing lies behind the bytes that have come, although their end was not seen.
            guard place != nil, error.problem?.status == 416 else { throw error }
            place = nil
            return try await ask(nil)
        }
    }
}

extension LehrClient {
    /// Reads a file to its end, and goes on where the connection breaks.
    ///
    /// Each request is repeated as the client's ``RetryPolicy`` says. Once something has come, the download
    /// outlasts that too: a server that is silent, not there or starting is asked again for some minutes,
    /// anew from wherever more has come than ever before.
    ///
    /// ```swift
    /// try await client.download(into: &sink) { (offset) async throws(ClientError) in
    ///     try await client.artifact("model.safetensors", of: id, from: offset)
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - sink: Where the bytes go.
    ///   - patience: How often in a row it goes on though nothing more has come; with the standard policy's
    ///     pauses, 120 take five minutes on average.
    ///   - ask: Asks the server for the file, from an offset on.
    /// - Throws: `ClientError`, or what the sink throws.
    public func download<Sink: DownloadSink>(
        into sink: inout Sink,
        patience: Int = 120,
        _ ask: (_ from: FileOffset?) async throws(ClientError) -> FileContent
    ) async throws {
        var download = FileDownload()
        var (repeats, farthest) = (0, 0)
        while true {
            do {
                return try await download.read(into: &sink, ask)
            } catch let error as ClientError {
                if download.offset > farthest {
                    repeats = 0
                    farthest = download.offset
                }
                if download.offset == 0 {
                    // An answer may break off before anything of it can be gone on from.
                    try await pause(after: error, attempt: repeats + 1)
                } else if repeats < patience, error.isOfTheWay {
                    try await pause(beforeRepeat: repeats, after: error)
                } else {
                    throw error
                }
                repeats += 1
            }
        }
    }
}

extension ClientError {
    /// Whether the way to the server broke, or the server is not ready for anybody.
    fileprivate var isOfTheWay: Bool {
        switch code {
        case .connectionLost, .timedOut, .cannotConnect: true
        case .refused: problem?.status == 503
        default: false
        }
    }
}
