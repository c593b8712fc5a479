import Archives

/// An array as numpy's `save` writes it.
///
/// Source: NumPy Enhancement Proposal 1, "A simple file format for NumPy arrays", versions 1 to 3.
struct NumpyArray {
    /// The name of the array, for errors.
    let name: String
    /// numpy's word for the element type, such as `<f4`.
    let type: String
    /// The size along each dimension.
    let shape: [Int]
    private let isFortran: Bool
    private let bytes: [UInt8]
    private let start: Int

    /// The number of elements.
    var count: Int { shape.reduce(1, *) }
    /// The bytes of an element.
    private var width: Int { Int(type.dropFirst(2)) ?? 1 }
    private var isBigEndian: Bool { type.first == ">" }

    /// Reads the array in `bytes`.
    init(_ bytes: [UInt8], name: String) throws(UploadFault) {
        func fault(_ detail: String) -> UploadFault { UploadFault("the array \(name) \(detail)") }
        guard bytes.count > 10, bytes.starts(with: [0x93] + Array("NUMPY".utf8)) else {
            throw fault("is not one of numpy's: its first bytes are others")
        }
        let isFirst = bytes[6] == 1
        guard (1...3).contains(bytes[6]) else {
            throw fault("is of version \(bytes[6]) of numpy's format; 1 to 3 are read")
        }
        let length = bytes.withUnsafeBytes { $0.number(at: 8, isFirst ? 2 : 4) ?? .max }
        let begin = isFirst ? 10 : 12
        guard length <= bytes.count - begin,
            let header = String(validating: bytes[begin..<begin + length], as: UTF8.self)
        else { throw fault("is truncated in its header") }
        guard let type = Self.value(of: "descr", in: header),
            let order = Self.value(of: "fortran_order", in: header),
            let shape = Self.value(of: "shape", in: header)
        else { throw fault("has a header that cannot be read: \(header.prefix(100))") }
        let sizes = shape.split { "(), ".contains($0) }.map { Int($0) }
        guard type.first == "'", type.last == "'", type.count >= 4 else {
            throw fault("has records of type \(type.prefix(60)); give plain numbers")
        }
        self.name = name
        self.type = String(type.dropFirst().dropLast())
        self.isFortran = order == "True"
        self.shape = sizes.compactMap(\.self)
        self.bytes = bytes
        start = begin + length
        try checkType()
        var total = width
        for size in self.shape {
            let (product, overflows) = total.multipliedReportingOverflow(by: size)
            guard size >= 0, !overflows else { throw fault("has an impossible shape \(shape)") }
            total = product
        }
        guard sizes.count == self.shape.count, total == bytes.count - start else {
            throw fault(
                "has \(bytes.count - start) bytes of elements, and its shape \(shape) of "
                    + "\(self.type) needs \(total)"
            )
        }
    }

    private func checkType() throws(UploadFault) {
        let known = ["u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f4", "f8", "b1"]
        guard known.contains(String(type.dropFirst())), "<>|=".contains(type.prefix(1)) else {
            let kind: String =
                switch type.dropFirst().first {
                case "O": "objects, which only Python can read"
                case "U", "S": "texts; give the classes' numbers"
                case "c": "complex numbers"
                case "f": "floats of another width"
                default: "another type"
                }
            throw UploadFault(
                "the array \(name) is of type \(type) (\(kind)); integers, float32 and float64 are "
                    + "read"
            )
        }
    }

    /// The text of a value in the header, which is a Python dictionary.
    private static func value(of key: String, in header: String) -> String? {
        guard let range = header.firstRange(of: "'\(key)':") else { return nil }
        let rest = header[range.upperBound...].drop { $0 == " " }
        if rest.first == "(" { return rest.firstIndex(of: ")").map { String(rest[...$0]) } }
        return rest.firstIndex { $0 == "," || $0 == "}" }.map { String(rest[..<$0]) }
    }
}

extension NumpyArray {
    /// Whether every element is a whole number by its type.
    var isInteger: Bool { type.dropFirst().first != "f" }
    /// Whether the elements are unsigned bytes.
    var isBytes: Bool { type.dropFirst() == "u1" }

    /// The bytes of an array of unsigned bytes, row-major.
    var byteElements: [UInt8] {
        guard isFortran, shape.count > 1 else { return Array(bytes[start...]) }
        return (0..<count).map { bytes[start + fortranPlace(of: $0)] }
    }

    /// Every element as a double, row-major.
    var doubles: [Double] {
        bytes.withUnsafeBytes { bytes in
            let needsPlaces = isFortran && shape.count > 1
            return (0..<count).map { index in
                let place = needsPlaces ? fortranPlace(of: index) : index
                return element(bytes, start + place * width)
            }
        }
    }

    private func element(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Double {
        var word: UInt64 = 0
        for byte in 0..<width {
            let from = isBigEndian ? byte : width - 1 - byte
            word = word << 8 | UInt64(bytes[place + from])
        }
        switch type.dropFirst() {
        case "f4": return Double(Float(bitPattern: UInt32(word)))
        case "f8": return Double(bitPattern: word)
        case "i1": return Double(Int8(truncatingIfNeeded: word))
        case "i2": return Double(Int16(truncatingIfNeeded: word))
        case "i4": return Double(Int32(truncatingIfNeeded: word))
        case "i8": return Double(Int64(bitPattern: word))
        default: return Double(word)
        }
    }

    /// Where the element of a place in row-major order lies in an array whose first index varies
    /// fastest.
    private func fortranPlace(of index: Int) -> Int {
        var rest = index
        var place = 0
        var stride = count
        for size in shape.reversed() {
            stride /= size
            place += rest % size * stride
            rest /= size
        }
        return place
    }
}
