import Foundation
import TrainingAPI

/// A specification as its author wrote it.
struct SpecificationFile {
    /// A file that cannot be read, or is not what it should be.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// What messages call it: its path, or `standard input`.
    let name: String
    /// What it is written in.
    let format: BodyFormat
    /// What it holds.
    let bytes: [UInt8]

    /// What it holds, as text.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Makes a file from what was read.
    ///
    /// A name that ends in `.json`, `.yaml` or `.yml` says the format; else a `{` at the start means JSON.
    init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
        let ending = name.split(separator: ".").last.map { $0.lowercased() }
        let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        format =
            switch ending {
            case "json": .json
            case "yaml", "yml": .yaml
            default: first == UInt8(ascii: "{") ? .json : .yaml
            }
    }

    /// Reads the file at `path`; `-` is standard input.
    static func read(_ path: String) throws(Failure) -> SpecificationFile {
        if path == "-" {
            let data = FileHandle.standardInput.readDataToEndOfFile()
            return SpecificationFile(name: "standard input", bytes: Array(data))
        }
        do {
            return SpecificationFile(
                name: path,
                bytes: Array(try Data(contentsOf: URL(filePath: path)))
            )
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
            throw Failure(description: "there is no file \(path)")
        } catch {
            throw Failure(description: "\(path) cannot be read: \(error.localizedDescription)")
        }
    }

    /// What to send once `assignments` are made: the bytes themselves where there are none, else JSON.
    func edited(by assignments: [Assignment]) throws -> (bytes: [UInt8], format: BodyFormat) {
        guard !assignments.isEmpty else { return (bytes, format) }
        let (document, faults) = try document()
        guard faults.isEmpty else {
            throw FaultReport(
                summary: "\(name) cannot be edited",
                faults: faults,
                locator: FaultLocator(file: name, document: document)
            )
        }
        let edited = try assignments.reduce(document) { try $1.applied(to: $0) }
        return (edited.json(), .json)
    }

    /// What the file holds, as a tree.
    func document() throws -> (document: Document, faults: [Fault]) {
        do {
            return try format.read(bytes)
        } catch {
            let fault = Fault(
                pointer: "",
                detail: error.detail,
                code: .type,
                position: error.position
            )
            throw FaultReport(
                summary: "\(name) is not \(format == .json ? "JSON" : "YAML")",
                faults: [fault],
                locator: FaultLocator(file: name, document: nil)
            )
        }
    }
}
