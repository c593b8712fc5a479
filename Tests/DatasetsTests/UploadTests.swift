import Foundation
import Testing

@testable import Datasets

/// What files become, and what is said of those that are no datasets.
@Suite struct UploadTests {
    private func upload(
        _ bytes: [UInt8],
        _ configure: (inout UploadOptions) -> Void = { _ in }
    ) throws -> Upload {
        var options = UploadOptions()
        configure(&options)
        let path = NSTemporaryDirectory() + "lehr-upload-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(bytes).write(to: URL(filePath: path))
        return try Upload(name: "test", path: path, options: options)
    }

    private func csv(
        _ text: String,
        _ configure: (inout UploadOptions) -> Void = { _ in }
    ) throws -> Upload {
        try upload(Array(text.utf8), configure)
    }

    @Test func `reads a table with a header, quotes and CR LF`() throws {
        let upload = try csv(
            "\u{FEFF}\"width, cm\",height,kind\r\n1.5,2,\"a \"\"b\"\"\"\r\n-3e1, 4 ,c\r\n\r\n"
        )
        #expect(upload.description.targetNames == ["a \"b\"", "c"])
        #expect(upload.description.featureShape == [2])
        #expect(upload.rows.parts[0].floats == [1.5, 2, -30, 4])
        #expect(upload.rows.parts[0].labels == [0, 1])
    }

    @Test func `orders whole labels as numbers and texts by their characters`() throws {
        #expect(try csv("1,10\n2,9\n3,10\n").description.targetNames == ["9", "10"])
        #expect(try csv("1,b\n2,B\n3,a\n").description.targetNames == ["B", "a", "b"])
    }

    @Test func `takes a column with fractions for values to predict, unless told otherwise`() throws
    {
        let values = try csv("1,0.5\n2,1\n3,2\n")
        #expect(values.description.target == .values(1))
        #expect(values.rows.parts[0].values == [0.5, 1, 2])
        let classes = try csv("1,0.5\n2,1\n3,2\n") { $0.target = .classes }
        #expect(classes.description.target == .classes(3))
        let whole = try csv("1,4\n2,1\n3,2\n") { $0.target = .values }
        #expect(whole.rows.parts[0].values == [4, 1, 2])
    }

    @Test(arguments: ["kind", "0"])
    func `finds the label by name or place`(label: String) throws {
        let upload = try csv("kind,x\na,1\nb,2\n") { $0.label = .column(label) }
        #expect(upload.description.targetNames == ["a", "b"])
        #expect(upload.rows.parts[0].floats == [1, 2])
    }

    @Test func `leaves out rows with gaps, or fills them with the mean of the training rows`()
        throws
    {
        let text = "x,y,k\n1,10,a\n,20,b\n3,NA,a\n"
        let whole = text + "5,6,b\n"
        #expect(try csv(whole) { $0.missing = .drop }.rows.parts[0].floats == [1, 10, 5, 6])
        let filled = try csv(text) { $0.missing = .mean }
        #expect(filled.rows.parts[0].floats == [1, 10, 2, 20, 3, 15])
    }

    @Test func `cuts off a test split that keeps the shares of the classes`() throws {
        let lines = (0..<100).map { "\($0),\($0 % 4 == 0 ? "rare" : "common")\n" }.joined()
        let upload = try csv(lines) { $0.testFraction = 0.2 }
        #expect(upload.description.splits.map(\.name) == ["train", "test"])
        #expect(upload.description.splits.map(\.classCounts) == [[60, 20], [15, 5]])
        let all = upload.rows.parts.flatMap(\.floats)
        #expect(all.sorted() == (0..<100).map(Float.init))
        let other = try csv(lines) {
            $0.testFraction = 0.2
            $0.testSeed = 1
        }
        #expect(other.rows.parts[1].floats != upload.rows.parts[1].floats)
    }

    @Test(arguments: [
        ("", "the file is empty"),
        ("x,k\n", "there is a header and no row"),
        ("1\n2\n", "there is one column"),
        ("x,k\n1,a\n2,b,3\n", "line 3 has 3 fields, and the first line has 2"),
        ("x,k\n1,a\nzwei,b\n", "line 3, column 1 (x): \"zwei\" is not a number"),
        ("x,k\n1,a\ninf,b\n", "line 3, column 1 (x): \"inf\" is not a finite"),
        ("x,k\n1e999,a\n2,b\n", "line 2, column 1 (x)"),
        ("x,k\n0x10,a\n2,b\n", "\"0x10\" is not a number"),
        ("x,k\n1,a\n,b\n", "line 3, column 1 (x): the value is missing"),
        ("x,k\n1,a\n2,\n", "line 3, column 2 (k): the value is missing"),
        ("x,k\n1,a\n2,a\n", "every row to train on has the label a"),
        ("x,k\n1,\"a\n", "line 2, column 2: a quoted field is not closed"),
        ("x,k\n1,\"a\"b\n", "line 2, column 2: there is text behind"),
    ])
    func `names the place of what is wrong in a table`(text: String, says: String) {
        let fault = #expect(throws: UploadFault.self) { try csv(text) }
        #expect(fault?.description.contains(says) == true, "\(fault?.description ?? "")")
    }

    @Test func `refuses text that is not UTF-8, and a label that no column has`() {
        let fault = #expect(throws: UploadFault.self) {
            try upload(Array("x,k\n1,a\n2,".utf8) + [0xFF, 10])
        }
        #expect(fault?.description == "line 3, column 2: the text is not UTF-8")
        let other = #expect(throws: UploadFault.self) {
            try csv("x,k\n1,a\n2,b\n") { $0.label = .column("species") }
        }
        #expect(other?.description.contains("no column \"species\"") == true)
    }

    // MARK: - Arrays

    @Test func `reads features and labels of a zip of arrays, with a test split`() throws {
        let archive = zip([
            ("x_train.npy", npy("<f4", [2, 2], [1, 2, 3, 4].flatMap { little(Float($0)) })),
            ("y_train.npy", npy("<i8", [2], [0, 1].flatMap { little(Int64($0)) })),
            ("x_test.npy", npy(">f8", [1, 2], [5.0, 6].flatMap { Array(little($0).reversed()) })),
            ("y_test.npy", npy("|u1", [1, 1], [1])),
        ])
        let upload = try upload(archive)
        #expect(upload.format == .npz)
        #expect(upload.description.splits.map(\.rows) == [2, 1])
        #expect(upload.rows.parts.map(\.floats) == [[1, 2, 3, 4], [5, 6]])
        #expect(upload.rows.parts.map(\.labels) == [[0, 1], [1]])
    }

    @Test func `keeps images of bytes as bytes, and reads Fortran's order`() throws {
        let archive = zip([
            ("images.npy", npy("|u1", [2, 2, 3], Array(0..<12), fortran: true)),
            ("labels.npy", npy("<i4", [2], [1, 0].flatMap { little(Int32($0)) })),
        ])
        let upload = try upload(archive)
        #expect(upload.description.element == .bytes)
        #expect(upload.description.featureShape == [2, 3, 1])
        // Element (i, j, k) of Fortran's order lies at i + 2 · (j + 2 · k).
        #expect(upload.rows.parts[0].bytes == [0, 4, 8, 2, 6, 10, 1, 5, 9, 3, 7, 11])
    }

    static let badArrays: [(name: String, array: [UInt8], says: String)] = [
        ("y", npy("|O", [2], [0, 0]), "the array y.npy is of type |O (objects"),
        ("y", npy("<U3", [2], [0, 0]), "(texts"),
        ("x", npy("<f2", [2, 1], [0, 0, 0, 0]), "of type <f2 (floats of another width)"),
        ("x", npy("<f4", [2, 1], [0, 0, 0]), "has 3 bytes of elements"),
        ("x", npy("<f4", [3, 1], Array(repeating: 0, count: 12)), "x.npy has 3 rows and y.npy 2"),
        ("x", npy("<f4", [2, 1], little(Float(1)) + little(Float.nan)), "row 1 of x.npy has nan"),
        ("x", npy("<f4", [0, 1], []), "x.npy is empty"),
        ("y", npy("|i1", [2], [0, 0xFF]), "row 1 of y.npy has the label -1"),
        ("x", Array("no array".utf8), "is not one of numpy's"),
    ]

    @Test(arguments: badArrays)
    func `names the array, the type and the row of what is wrong`(
        name: String,
        array: [UInt8],
        says: String
    ) {
        var arrays = [
            "x": npy("<f4", [2, 1], little(Float(1)) + little(Float(2))),
            "y": npy("|u1", [2], [0, 1]),
        ]
        arrays[name] = array
        let archive = zip(arrays.sorted { $0.key < $1.key }.map { ("\($0.key).npy", $0.value) })
        let fault = #expect(throws: UploadFault.self) { try upload(archive) }
        #expect(fault?.description.contains(says) == true, "\(fault?.description ?? "")")
    }

    @Test func `names what an archive lacks, and refuses one that was cut or changed`() {
        let archive = zip([("z.npy", npy("|u1", [1], [0]))])
        let fault = #expect(throws: UploadFault.self) { try upload(archive) }
        #expect(fault?.description.contains("it has z.npy") == true)
        for count in 1..<archive.count {
            #expect(throws: UploadFault.self) {
                try upload(Array(archive.prefix(count))) { $0.format = .npz }
            }
        }
    }

    // MARK: - IDX

    @Test func `reads images and labels in IDX, and tells of a truncated file`() throws {
        let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 9, 8, 7, 6]
        let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 1, 0]
        func archive(_ images: [UInt8], _ labels: [UInt8]) -> [UInt8] {
            zip([("train-images-idx3-ubyte", images), ("train-labels-idx1-ubyte", labels)])
        }
        let upload = try upload(archive(images, labels))
        #expect(upload.format == .idx)
        #expect(upload.description.featureShape == [1, 2, 1])
        #expect(upload.rows.parts[0].bytes == [9, 8, 7, 6])
        #expect(upload.rows.parts[0].labels == [1, 0])
        let fault = #expect(throws: UploadFault.self) {
            try self.upload(archive(Array(images.dropLast()), labels))
        }
        #expect(fault?.description.contains("train-images-idx3-ubyte is truncated") == true)
        let alone = #expect(throws: UploadFault.self) { try self.upload(images) }
        #expect(alone?.description.contains("together in one zip") == true)
    }

    // MARK: - Storing

    @Test func `maps what it stored, and knows equal contents by their hash`() throws {
        try withTemporaryFolder { folder in
            let text = "1,2,0.5\n3,4,1.5\n5,6,2.5\n"
            let upload = try csv(text) { $0.testFraction = 0.34 }
            let file = RowFile(folder: folder, hash: upload.description.contentHash)
            try file.write(upload)
            try file.write(upload)
            let dataset = try #require(try file.load(name: "test"))
            #expect(dataset.description == upload.description)
            #expect(DecodedRows.contentHash(of: dataset) == upload.description.contentHash)
            #expect(
                try csv("1,2,0.25\n3,4,1.5\n5,6,2.5\n").description.contentHash
                    != csv(text).description.contentHash
            )
            let bytes = try Data(contentsOf: URL(filePath: file.path))
            let arrival = try FileArrival(file)
            try arrival.append(Array(bytes))
            try arrival.finish(name: "test")
            var changed = Array(bytes)
            changed[4_096] ^= 1
            let bad = try FileArrival(file)
            try bad.append(changed)
            let error = #expect(throws: DatasetError.self) { try bad.finish(name: "test") }
            guard case .changed = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }
}

/// The bytes of a number, little-endian.
private func little<Number>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number) { Array($0) }
}

/// An array as numpy's `save` writes it.
private func npy(
    _ type: String,
    _ shape: [Int],
    _ elements: [UInt8],
    fortran: Bool = false
) -> [UInt8] {
    let sizes = shape.map { "\($0)," }.joined()
    let header =
        "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': (\(sizes)), }\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0] + little(UInt16(header.utf8.count))
        + Array(header.utf8) + elements
}

/// A zip archive of stored files.
private func zip(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for (name, bytes) in files {
        let size = little(UInt32(bytes.count))
        let times = [UInt8](repeating: 0, count: 8)
        var fields: [UInt8] = times
        fields += little(checksum(bytes))
        fields += size
        fields += size
        fields += little(UInt16(name.utf8.count))
        fields += [0, 0]
        directory += [0x50, 0x4B, 1, 2, 20, 0, 20, 0]
        directory += fields
        directory += [UInt8](repeating: 0, count: 10)
        directory += little(UInt32(archive.count))
        directory += Array(name.utf8)
        archive += [0x50, 0x4B, 3, 4, 20, 0]
        archive += fields
        archive += Array(name.utf8)
        archive += bytes
    }
    let count = little(UInt16(files.count))
    var end: [UInt8] = [0x50, 0x4B, 5, 6, 0, 0, 0, 0]
    end += count
    end += count
    end += little(UInt32(directory.count))
    end += little(UInt32(archive.count))
    return archive + directory + end + [0, 0]
}

/// CRC-32 of ISO 3309.
private func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum = UInt32.max
    for byte in bytes {
        sum ^= UInt32(byte)
        for _ in 0..<8 {
            let shifted = sum >> 1
            sum = sum & 1 == 1 ? shifted ^ 0xEDB8_8320 : shifted
        }
    }
    return ~sum
}
