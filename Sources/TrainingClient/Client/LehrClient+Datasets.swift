import Foundation
public import TrainingAPI

/// Datasets that people bring.
extension LehrClient {
    /// Stores a file as a dataset; the same content again changes nothing.
    ///
    /// - Parameters:
    ///   - name: What jobs are to call it.
    ///   - body: The file.
    ///   - options: How it is to be read, as the query parameters of `PUT /v1/datasets/{name}`.
    /// - Returns: The dataset as the server decoded it; 201 where it is new.
    /// - Throws: `ClientError`; 422 names what is wrong with the file, and where.
    public func putDataset(
        _ name: String,
        _ body: UploadBody,
        options: [(name: String, value: String)] = []
    ) async throws(ClientError) -> Answer<DatasetBody> {
        var target = RequestTarget("datasets", name)
        for option in options { target.append(option.name, option.value) }
        return try await call(.put(target, body)) { DatasetBody($0) }
    }
}

extension UploadBody {
    /// Makes a body of a file's bytes; `sent` is told how many were read so far, on the transport's
    /// thread.
    ///
    /// - Throws: `CocoaError` where the file cannot be read.
    public init(
        file path: String,
        sent: @escaping @Sendable (_ bytes: Int) -> Void = { _ in }
    ) throws {
        let handle = try FileHandle(forReadingFrom: URL(filePath: path))
        let count = Int(try handle.seekToEnd())
        self.init(count: count) { offset, buffer in
            let read = pread(handle.fileDescriptor, buffer.baseAddress, buffer.count, off_t(offset))
            guard read >= 0 else { return nil }
            sent(offset + read)
            return read
        }
    }
}
