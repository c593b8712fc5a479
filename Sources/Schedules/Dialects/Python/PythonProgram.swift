/// A piece of a script: the calls that stand in it, with the values that its names have there.
struct PythonProgram {
    /// The code.
    let source: PythonSource
    /// What each statement that could be read comes to.
    private(set) var expressions: [PythonExpression] = []
    /// What could not be read, with the statement.
    private(set) var failures: [(failure: PythonFailure, statement: Range<Int>)] = []
    private var names: [String: PythonExpression] = [:]

    /// The words with which statements begin that hold nothing to be read here.
    private static let skipped: Set<String> = [
        "for", "while", "if", "elif", "else", "with", "def", "class", "try", "except", "finally",
        "raise", "assert", "pass", "del", "global", "async", "import", "break", "continue",
    ]

    /// Reads every statement; one that cannot be read is noted, and the next is read.
    ///
    /// - Parameters:
    ///   - code: Lines of a script.
    ///   - batchesPerEpoch: What `len(…)` of a data loader is; `nil` where nobody said.
    init(_ code: String, batchesPerEpoch: Int?) {
        source = PythonSource(code)
        for statement in source.statements {
            do throws(PythonFailure) {
                try read(statement, batchesPerEpoch)
            } catch {
                failures.append((error, statement))
            }
        }
    }

    private mutating func read(
        _ statement: Range<Int>,
        _ batchesPerEpoch: Int?
    ) throws(PythonFailure) {
        var reader = PythonReader(
            source.text,
            statement,
            names: names,
            batchesPerEpoch: batchesPerEpoch
        )
        reader.skipSpace()
        let start = reader.place
        let word = reader.word()
        switch word {
        case "from": return readImport(&reader)
        case .some(let word) where Self.skipped.contains(word): return
        case "return": expressions.append(try reader.whole())
        case .some(let name) where isAssigned(&reader):
            let value = try reader.whole()
            names[name] = value
            expressions.append(value)
        default:
            if source.text[start] == "@" { return }
            reader.place = start
            expressions.append(try reader.whole())
        }
    }

    /// Whether an `=` follows the name, with or without a type before it.
    private func isAssigned(_ reader: inout PythonReader) -> Bool {
        let start = reader.place
        if reader.take(":") {
            while let next = reader.peek, next != "=" { reader.place += 1 }
        }
        if reader.take("="), reader.peek != "=" { return true }
        reader.place = start
        return false
    }

    /// Notes under what names things are imported: `from m import StepLR as S`.
    private mutating func readImport(_ reader: inout PythonReader) {
        let words = String(reader.text[reader.place..<reader.end])
            .split { $0.isWhitespace || ",()".contains($0) }
        for (index, word) in words.enumerated() where word == "as" && index > 0 {
            guard index + 1 < words.count else { return }
            names[String(words[index + 1])] = .name(String(words[index - 1]), place: reader.place)
        }
    }
}
