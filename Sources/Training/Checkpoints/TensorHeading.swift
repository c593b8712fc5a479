import TrainingAPI

/// The heading of a file of tensors: what each is called, its shape and its place.
///
/// The file is eight bytes, little-endian, that count the heading; the heading, a JSON object filled
/// up with spaces; and the tensors' numbers, little-endian, one tensor after the other.
///
/// Source: Hugging Face, "Safetensors", section "Format".
struct TensorHeading: Hashable {
    /// The kind of a tensor's numbers.
    enum Element: String {
        case float = "F32"
        case integer = "I64"

        /// The bytes of a number.
        var size: Int {
            switch self {
            case .float: 4
            case .integer: 8
            }
        }
    }

    struct Tensor: Hashable {
        let name: String
        let element: Element
        let shape: [Int]
        /// Where its bytes lie, from the first after the heading.
        let bytes: Range<Int>
    }

    /// The largest heading that is read, in bytes.
    static let limit = 64 << 20
    /// What the first tensor's place in the file is a multiple of.
    private static let alignment = 64
    private static let notesName = "__metadata__"

    /// Texts by name.
    let notes: [String: String]
    /// The tensors in the order of their places, without gaps.
    let tensors: [Tensor]

    /// Puts tensors one after the other.
    init(notes: [String: String], tensors: [(name: String, element: Element, shape: [Int])]) {
        self.notes = notes
        var end = 0
        self.tensors = tensors.map { name, element, shape in
            let start = end
            end += shape.reduce(element.size, *)
            return Tensor(name: name, element: element, shape: shape, bytes: start..<end)
        }
    }

    /// The bytes of all tensors.
    var byteCount: Int { tensors.last?.bytes.upperBound ?? 0 }

    /// The file's bytes before the first tensor.
    var bytes: [UInt8] {
        var writer = JSONWriter(capacity: 128 * (tensors.count + 8))
        writer.object { writer in
            writer.name(Self.notesName)
            writer.object { writer in
                for (name, note) in notes.sorted(by: { $0.key < $1.key }) {
                    writer.field(name, note)
                }
            }
            for tensor in tensors {
                writer.name(tensor.name)
                writer.object { writer in
                    writer.field("dtype", tensor.element.rawValue)
                    writer.field("shape", tensor.shape)
                    writer.field(
                        "data_offsets",
                        [tensor.bytes.lowerBound, tensor.bytes.upperBound]
                    )
                }
            }
        }
        let length = (8 + writer.bytes.count + Self.alignment - 1) / Self.alignment * Self.alignment
        let count = UInt64(length - 8)
        let padding = [UInt8](repeating: UInt8(ascii: " "), count: Int(count) - writer.bytes.count)
        return withUnsafeBytes(of: count.littleEndian) { Array($0) } + writer.bytes + padding
    }
}

extension TensorHeading {
    /// Reads a heading without the eight bytes that count it.
    ///
    /// Throws `unfit` where it is none, and where tensors do not lie one after the other.
    init(reading bytes: [UInt8]) throws(TrainingError) {
        guard let document = (try? JSONReader.read(bytes))?.document,
            let members = document.members
        else { throw .unfit(detail: "has no heading that can be read") }
        var notes: [String: String] = [:]
        var tensors: [Tensor] = []
        for member in members {
            if member.name == Self.notesName {
                for note in member.value.members ?? [] { notes[note.name] = note.value.string }
            } else {
                tensors.append(try Tensor(member.name, member.value))
            }
        }
        tensors.sort { ($0.bytes.lowerBound, $0.name) < ($1.bytes.lowerBound, $1.name) }
        var end = 0
        for tensor in tensors {
            guard tensor.bytes.lowerBound == end else {
                throw .unfit(detail: "has a gap before \(tensor.name)")
            }
            end = tensor.bytes.upperBound
        }
        self.notes = notes
        self.tensors = tensors
    }
}

extension TensorHeading.Tensor {
    fileprivate init(_ name: String, _ document: Document) throws(TrainingError) {
        let shape = document["shape"]?.array?.compactMap(\.integer)
        let places = document["data_offsets"]?.array?.compactMap(\.integer)
        guard let shape, let places, places.count == 2, 0 <= places[0], places[0] <= places[1],
            let element = document["dtype"]?.string.flatMap(TensorHeading.Element.init),
            shape.count == document["shape"]?.array?.count
        else { throw .unfit(detail: "has \(name) in no form that can be read") }
        var size = element.size
        for extent in shape {
            let (product, isTooLarge) = size.multipliedReportingOverflow(by: extent)
            guard extent >= 0, !isTooLarge else {
                throw .unfit(detail: "has \(name) of shape \(shape), which is too large")
            }
            size = product
        }
        guard size == places[1] - places[0] else {
            throw .unfit(
                detail: "has \(name) of shape \(shape) in \(places[1] - places[0]) bytes"
            )
        }
        self.init(name: name, element: element, shape: shape, bytes: places[0]..<places[1])
    }
}
