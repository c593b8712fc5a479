import Glibc

/// A training's saved state: the bytes from which another process goes on exactly.
///
/// A file of tensors (``TensorHeading``): weights under `model.`, the optimizer's arrays under
/// `optimizer.0.` and so on, the best weights under `best.`. Its notes name the format, the step, the
/// environment, and in JSON the counters of the session and of whoever runs it.
package struct CheckpointFile: Sendable {
    /// The state.
    package let state: TrainingState
    /// What the loop around the session remembers, as its own text.
    package let loop: String
    /// The environment in which the state came about.
    package let environment: String
    /// The bytes before the first number.
    private let heading: [UInt8]

    /// What the note `format` says; a change that an older version cannot read changes it.
    private static let format = "lehr-checkpoint-1"

    /// Makes the file of a state; nothing is copied.
    package init(
        _ state: TrainingState,
        loop: String,
        environment: String = EngineEnvironment.description
    ) {
        self.state = state
        self.loop = loop
        self.environment = environment
        heading =
            TensorHeading(
                notes: [
                    "format": Self.format, "step": String(state.step), "loop": loop,
                    "session": StateText.text(of: state.counters), "environment": environment,
                ],
                tensors: state.tensors.map { ($0.name, .float, $0.shape) }
            ).bytes
    }

    /// The length of the file.
    package var byteCount: Int { heading.count + state.byteCount }

    /// The whole file.
    package var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            count = read(at: 0, into: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    /// Copies bytes of the file out.
    ///
    /// - Parameters:
    ///   - offset: The first byte's place in the file.
    ///   - buffer: Where the bytes go.
    /// - Returns: How many bytes were copied: fewer than fit at the end alone, then 0.
    package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let end = min(byteCount, offset + buffer.count)
        var place = offset
        while place < end {
            let target = UnsafeMutableRawBufferPointer(rebasing: buffer[(place - offset)...])
            if place < heading.count {
                let piece = heading[place..<min(end, heading.count)]
                target.copyBytes(from: piece)
                place += piece.count
            } else {
                let numbers = UnsafeRawBufferPointer(
                    start: state.values.elements,
                    count: state.byteCount
                )
                target.copyBytes(from: numbers[(place - heading.count)..<(end - heading.count)])
                place = end
            }
        }
        return max(0, end - offset)
    }
}

extension CheckpointFile {
    /// Reads the file at `path`.
    ///
    /// Throws `unfit` where it is no whole checkpoint, `system` where it cannot be read.
    package init(path: String) throws(TrainingError) {
        let file = try CheckpointReader(path: path)
        let count = UInt64(littleEndian: try file.number(at: 0))
        guard count <= TensorHeading.limit, Int(count) <= file.size - 8 else {
            throw .unfit(detail: "is cut off in its heading")
        }
        let heading = try TensorHeading(reading: file.bytes(Int(count), at: 8))
        guard file.size == 8 + Int(count) + heading.byteCount else {
            throw .unfit(
                detail: "has \(file.size) bytes, not the \(8 + Int(count) + heading.byteCount) of"
                    + " its heading"
            )
        }
        let notes = heading.notes
        guard notes["format"] == Self.format else {
            throw .unfit(
                detail: "is of the format \(notes["format"] ?? "of something else"), not"
                    + " \(Self.format)"
            )
        }
        guard let loop = notes["loop"], let environment = notes["environment"],
            let counters: SessionCounters = notes["session"].flatMap(StateText.value),
            heading.tensors.allSatisfy({ $0.element == .float })
        else { throw .unfit(detail: "lacks a note on its session") }
        let values = try FloatBuffer(count: heading.byteCount / 4)
        try file.read(
            UnsafeMutableRawBufferPointer(start: values.elements, count: heading.byteCount),
            at: 8 + Int(count)
        )
        let tensors = heading.tensors.map { tensor in
            TrainingState.Tensor(
                name: tensor.name,
                shape: tensor.shape,
                places: tensor.bytes.lowerBound / 4..<tensor.bytes.upperBound / 4
            )
        }
        self.init(
            TrainingState(tensors: tensors, values: values, counters: counters),
            loop: loop,
            environment: environment
        )
    }
}

/// Reads a file at places.
private final class CheckpointReader {
    let size: Int
    private let descriptor: Int32

    init(path: String) throws(TrainingError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .system(operation: "opening \(path)", code: errno)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw .system(operation: "fstat", code: code)
        }
        size = Int(status.st_size)
    }

    deinit {
        close(descriptor)
    }

    func number(at place: Int) throws(TrainingError) -> UInt64 {
        guard size >= place + 8 else { throw .unfit(detail: "has only \(size) bytes") }
        return try bytes(8, at: place).withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
    }

    func bytes(_ count: Int, at place: Int) throws(TrainingError) -> [UInt8] {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
        defer { buffer.deallocate() }
        try read(buffer, at: place)
        return Array(buffer)
    }

    func read(_ buffer: UnsafeMutableRawBufferPointer, at place: Int) throws(TrainingError) {
        var done = 0
        while done < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = pread(descriptor, rest.baseAddress, rest.count, off_t(place + done))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(operation: "reading a checkpoint", code: errno) }
            guard count > 0 else { throw .unfit(detail: "is cut off") }
            done += count
        }
    }
}
