import Foundation

/// Reads a table of numbers with a column of labels from comma-separated text.
struct CSVReader {
    private let options: UploadOptions
    private var names: [String] = []
    private var label = 0
    private var features: [Float] = []
    /// Where a field was missing, as a place in `features`.
    private var holes: [Int] = []
    private var labels: [String] = []
    /// The line of each row, for what is found wrong later.
    private var lines: [Int] = []

    init(_ options: UploadOptions) {
        self.options = options
    }

    /// The rows of `bytes`.
    static func read(
        _ bytes: UnsafeRawBufferPointer,
        _ options: UploadOptions
    ) throws(UploadFault) -> DecodedRows {
        var reader = CSVReader(options)
        return try reader.read(bytes)
    }

    private mutating func read(_ bytes: UnsafeRawBufferPointer) throws(UploadFault) -> DecodedRows {
        var records = CSVRecords(bytes, delimiter: options.delimiter)
        guard let first = try records.next() else { throw UploadFault("the file is empty") }
        guard first.count > 1 else {
            throw UploadFault(
                "line \(records.line): there is one column; a label and a feature are needed at "
                    + "least. Is the delimiter another one?"
            )
        }
        label = try labelColumn(of: first)
        let isHeader = options.hasHeader ?? looksLikeNames(first)
        names = isHeader ? first.map(\.text) : first.indices.map { "column \($0)" }
        if !isHeader { try add(first, line: records.line) }
        while let record = try records.next() { try add(record, line: records.line) }
        guard !labels.isEmpty else { throw UploadFault("there is a header and no row") }
        return try finish()
    }

    /// The place of the label column by the options, from the first record.
    private func labelColumn(of first: [CSVRecords.Field]) throws(UploadFault) -> Int {
        guard case .column(let name) = options.label else { return first.count - 1 }
        let places = first.indices.filter { first[$0].text == name }
        if places.count == 1, options.hasHeader != false { return places[0] }
        guard places.count < 2 else {
            throw UploadFault("line 1: there are \(places.count) columns called \"\(name)\"")
        }
        guard let place = Int(name), first.indices.contains(place) else {
            let columns = first.map { "\"\($0.text)\"" }.joined(separator: ", ")
            throw UploadFault(
                "there is no column \"\(name)\" for the label; the first line has \(columns), and "
                    + "0 to \(first.count - 1) name them by place"
            )
        }
        return place
    }

    private func looksLikeNames(_ first: [CSVRecords.Field]) -> Bool {
        if case .column(let name) = options.label, first[label].text == name, Int(name) == nil {
            return true
        }
        return first.enumerated().contains { index, field in
            index != label && Self.number(field.text) == nil && !Self.isMissing(field)
        }
    }

    private mutating func add(
        _ record: [CSVRecords.Field],
        line: Int
    ) throws(UploadFault) {
        guard record.count == names.count else {
            throw UploadFault(
                "line \(line) has \(record.count) fields, and the first line has \(names.count)"
            )
        }
        let gap = record.indices.first { index in
            Self.isMissing(record[index]) && (index == label || options.missing != .mean)
        }
        if let gap {
            guard options.missing == .drop else {
                let fills = gap == label ? "" : ", missing=mean fills it with the column's mean"
                throw fault(
                    line,
                    gap,
                    "the value is missing; missing=drop leaves its row out\(fills)"
                )
            }
            return
        }
        for (index, field) in record.enumerated() where index != label {
            if Self.isMissing(field) {
                holes.append(features.count)
                features.append(0)
            } else {
                features.append(try feature(field.text, line, index))
            }
        }
        labels.append(record[label].text.trimmed)
        lines.append(line)
    }

    private func feature(_ text: String, _ line: Int, _ index: Int) throws(UploadFault) -> Float {
        guard let number = Self.number(text) else {
            throw fault(line, index, "\"\(text.prefix(40))\" is not a number")
        }
        guard Float(number).isFinite else {
            throw fault(line, index, "\"\(text.prefix(40))\" is not a finite 32-bit float")
        }
        return Float(number)
    }

    private func fault(_ line: Int, _ index: Int, _ detail: String) -> UploadFault {
        UploadFault("line \(line), column \(index + 1) (\(names[index])): \(detail)")
    }

    /// A decimal number; `Double`'s own hexadecimal forms and names are not.
    private static func number(_ text: String) -> Double? {
        let text = text.trimmed
        let isDecimal = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || "+-.eE".utf8.contains(byte)
        }
        if isDecimal { return Double(text) }
        let lower = text.lowercased()
        let unsigned = lower.hasPrefix("-") || lower.hasPrefix("+") ? lower.dropFirst() : lower[...]
        return unsigned == "inf" || unsigned == "infinity" ? .infinity : nil
    }

    private static func isMissing(_ field: CSVRecords.Field) -> Bool {
        let text = field.text.trimmed
        return text.isEmpty
            || ["na", "n/a", "nan", "null", "none", "?"].contains(text.lowercased())
    }
}

extension CSVReader {
    private mutating func finish() throws(UploadFault) -> DecodedRows {
        let columns = names.count - 1
        let numbers = labels.map { Self.number($0) }
        let isWhole = numbers.allSatisfy { $0.map { $0 == $0.rounded() && abs($0) < 1e9 } ?? false }
        let hasTexts = numbers.contains { $0 == nil }
        var isValues = options.target == .values
        if options.target == .auto { isValues = !isWhole && !hasTexts }
        var part = DecodedRows.Part(name: "train", rows: labels.count, floats: features)
        var classes: [String] = []
        if isValues {
            for (row, number) in numbers.enumerated() {
                guard let number else {
                    throw fault(lines[row], label, "\"\(labels[row].prefix(40))\" is not a number")
                }
                guard Float(number).isFinite else {
                    throw fault(lines[row], label, "\"\(labels[row])\" is not finite")
                }
                part.values.append(Float(number))
            }
        } else {
            // Numbers in their order, so that digits keep their own labels; texts in theirs.
            let distinct = Set(labels)
            classes =
                isWhole
                ? distinct.sorted { (Double($0) ?? 0, $0) < (Double($1) ?? 0, $1) }
                : distinct.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
            try checkClasses(classes.count)
            let places = Dictionary(uniqueKeysWithValues: zip(classes, classes.indices))
            part.labels = labels.map { Int32(places[$0] ?? 0) }
        }
        var rows = DecodedRows(
            content: .table,
            element: .floats,
            featureShape: [columns],
            target: isValues ? .values(1) : .classes(classes.count),
            targetNames: isValues ? [names[label]] : classes,
            parts: [part]
        )
        if holes.isEmpty {
            try rows.cutTest(options.testFraction, seed: options.testSeed)
        } else {
            try fillHoles(of: &rows, columns)
        }
        return rows
    }

    private func checkClasses(_ count: Int) throws(UploadFault) {
        guard count > 1_000, count * 2 > labels.count else { return }
        throw UploadFault(
            "the label column (\(names[label])) has \(count) different labels in \(labels.count) "
                + "rows; for numbers to predict give target=values"
        )
    }

    /// Fills each hole with its column's mean over the rows to train on.
    private func fillHoles(of rows: inout DecodedRows, _ columns: Int) throws(UploadFault) {
        for hole in holes { rows.parts[0].floats[hole] = .nan }
        try rows.cutTest(options.testFraction, seed: options.testSeed)
        for column in 0..<columns {
            let train = rows.parts[0]
            let known = (0..<train.rows).map { train.floats[$0 * columns + column] }
                .filter { !$0.isNaN }
            guard !known.isEmpty else {
                let name = names[column < label ? column : column + 1]
                throw UploadFault("the column \(name) has no value in any row to train on")
            }
            let mean = Float(known.reduce(0) { $0 + Double($1) } / Double(known.count))
            for part in rows.parts.indices {
                for row in 0..<rows.parts[part].rows
                where rows.parts[part].floats[row * columns + column].isNaN {
                    rows.parts[part].floats[row * columns + column] = mean
                }
            }
        }
    }
}

extension String {
    /// The text without blanks at its ends.
    fileprivate var trimmed: String {
        guard let first = utf8.first, let last = utf8.last, first <= 32 || last <= 32 else {
            return self
        }
        return trimmingCharacters(in: .whitespaces)
    }
}
