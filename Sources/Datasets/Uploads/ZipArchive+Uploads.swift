import Archives

/// Zip archives of datasets, whose faults are those of an upload.
extension ZipArchive {
    /// Reads the directory of the archive in `bytes`, which must outlive the result.
    static func open(_ bytes: UnsafeRawBufferPointer) throws(UploadFault) -> ZipArchive {
        do {
            return try ZipArchive(bytes)
        } catch {
            throw UploadFault(error.description)
        }
    }

    /// The content of a file, unpacked and checked against its checksum.
    func unpacked(_ entry: Entry) throws(UploadFault) -> [UInt8] {
        do {
            return try content(of: entry)
        } catch {
            throw UploadFault(error.description)
        }
    }
}
