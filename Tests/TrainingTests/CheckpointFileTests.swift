import Foundation
import Testing
import TrainingAPI

@testable import Datasets
@testable import Training

@Suite struct CheckpointFileTests {
    private static func session(
        _ plan: TrainingPlan = TrainingSessionTests.plan()
    ) throws -> TrainingSession {
        let session = try TrainingSession(plan, dataset: TrainingSessionTests.spirals)
        for _ in 0..<5 { _ = try session.update(rate: 0.1) }
        session.keepBest()
        return session
    }

    /// The whole file, read in pieces of a length that fits nothing.
    private static func bytes(of file: CheckpointFile, pieces: Int = 777) -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: pieces)
        while true {
            let count = piece.withUnsafeMutableBytes { file.read(at: bytes.count, into: $0) }
            guard count > 0 else { return bytes }
            bytes += piece.prefix(count)
        }
    }

    private static func write(_ bytes: [UInt8]) throws -> String {
        let path = NSTemporaryDirectory() + "lehr-checkpoint-\(UUID().uuidString)"
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }

    @Test func `reads back bit for bit what was written`() throws {
        let session = try Self.session()
        let file = CheckpointFile(try session.captureState(), loop: "{\"a\": \"\u{e9}\"}")
        let bytes = Self.bytes(of: file)
        #expect(bytes.count == file.byteCount)
        let path = try Self.write(bytes)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let found = try CheckpointFile(path: path)
        #expect(found.loop == file.loop)
        #expect(found.environment == EngineEnvironment.description)
        #expect(found.state.tensors == file.state.tensors)
        #expect(found.state.counters == file.state.counters)
        #expect(Self.bytes(of: found, pieces: 4_096) == bytes)

        let resumed = try TrainingSession(
            TrainingSessionTests.plan(),
            dataset: TrainingSessionTests.spirals
        )
        try resumed.restore(found.state)
        _ = try session.update(rate: 0.1)
        _ = try resumed.update(rate: 0.1)
        #expect(resumed.parameterValues == session.parameterValues)
    }

    @Test func `says what it is in the layout of safetensors`() throws {
        let state = try Self.session().captureState()
        let file = CheckpointFile(state, loop: "L", environment: "E")
        let bytes = Self.bytes(of: file)
        let count = Int(bytes[0]) | Int(bytes[1]) << 8 | Int(bytes[2]) << 16
        #expect((8 + count).isMultiple(of: 64))
        #expect(bytes[3..<8].allSatisfy { $0 == 0 })
        let document = try JSONReader.read(bytes[8..<8 + count]).document
        #expect(document["__metadata__"]?["format"]?.string == "lehr-checkpoint-1")
        #expect(document["__metadata__"]?["step"]?.string == "5")
        #expect(document["__metadata__"]?["loop"]?.string == "L")
        #expect(document["__metadata__"]?["environment"]?.string == "E")
        let names = ["model", "optimizer.0", "best"].flatMap { array in
            ["0", "2", "4"].flatMap { ["\(array).\($0).weight", "\(array).\($0).bias"] }
        }
        #expect(document.members?.map(\.name).dropFirst() == names[...])
        let weight = document["model.2.weight"]
        #expect(weight?["dtype"]?.string == "F32")
        #expect(weight?["shape"]?.array?.compactMap(\.integer) == [16, 32])
        let places = try #require(weight?["data_offsets"]?.array).compactMap(\.integer)
        #expect(places[1] - places[0] == 16 * 32 * 4)
        let raw = bytes[(8 + count + places[0])..<(8 + count + places[1])]
        let tensor = try #require(state.tensors.first { $0.name == "model.2.weight" })
        let values = UnsafeRawBufferPointer(
            start: state.values.elements + tensor.places.lowerBound,
            count: raw.count
        )
        #expect(raw.elementsEqual(values))
    }

    @Test(arguments: [
        (damage: "cut at 0", says: "the checkpoint has only 0 bytes"),
        ("cut at 7", "the checkpoint has only 7 bytes"),
        ("cut at 100", "the checkpoint is cut off in its heading"),
        ("cut by 1", "the checkpoint has "), ("longer by 1", "the checkpoint has "),
        ("heading", "the checkpoint has no heading that can be read"),
        ("format", "the checkpoint is of the format lehr-checkpoint-9"),
        ("shape", "the checkpoint has model.0.weight of shape [92, 2] in 256 bytes"),
    ])
    func `refuses what is no whole checkpoint`(damage: String, says: String) throws {
        var bytes = Self.bytes(of: CheckpointFile(try Self.session().captureState(), loop: ""))
        func replace(_ old: String, by new: String) throws {
            let range = try #require(Data(bytes).range(of: Data(old.utf8)))
            bytes.replaceSubrange(range, with: Array(new.utf8))
        }
        switch damage {
        case "cut by 1": bytes.removeLast()
        case "longer by 1": bytes.append(0)
        case "heading": bytes[8] = 0
        case "format": try replace("lehr-checkpoint-1", by: "lehr-checkpoint-9")
        case "shape": try replace("[32,2]", by: "[92,2]")
        default:
            bytes = Array(bytes.prefix(Int(damage.dropFirst("cut at ".count)) ?? 0))
        }
        let path = try Self.write(bytes)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let error = #expect(throws: TrainingError.self) { _ = try CheckpointFile(path: path) }
        #expect(error?.description.hasPrefix(says) == true, "\(error?.description ?? "")")
    }

    @Test func `names what bits depend on`() {
        let text = EngineEnvironment.description
        #expect(text.hasPrefix("engine 1, "))
        #expect(text.contains(", oneDNN 2."))
        #expect(text.hasSuffix(", 1 thread"))
        #expect(!text.contains("isa "), "\(text)")
    }
}
