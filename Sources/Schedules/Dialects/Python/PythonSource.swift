/// The characters of a piece of Python, without comments, and where its statements stand.
struct PythonSource {
    /// The code; comments, prompts and joined line ends are spaces, so that places stay.
    private(set) var text: [Character]
    /// The statements: lines, where one that is in brackets goes on to the line that closes them.
    private(set) var statements: [Range<Int>] = []

    init(_ code: String) {
        text = Array(code)
        var place = 0
        var start = 0
        var depth = 0
        blankPrompt(at: 0)
        while place < text.count {
            let character = text[place]
            switch character {
            case "\"", "'":
                place = end(ofStringAt: place)
                continue
            case "#":
                while place < text.count, !text[place].isNewline {
                    text[place] = " "
                    place += 1
                }
                continue
            case "(", "[", "{": depth += 1
            case ")", "]", "}": depth = max(0, depth - 1)
            case "\\" where place + 1 < text.count && text[place + 1].isNewline:
                text[place] = " "
                place += 1
            case ";" where depth == 0:
                statements.append(start..<place)
                start = place + 1
            case _ where character.isNewline:
                if depth == 0 {
                    statements.append(start..<place)
                    start = place + 1
                }
                blankPrompt(at: place + 1)
            default: break
            }
            place += 1
        }
        statements.append(start..<text.count)
        statements.removeAll { range in text[range].allSatisfy(\.isWhitespace) }
    }

    /// The place as people count it: `line 2, column 7`.
    func position(of place: Int) -> String {
        let before = text[..<min(place, text.count)]
        let line = before.count(where: \.isNewline) + 1
        let start = before.lastIndex(where: \.isNewline).map { $0 + 1 } ?? 0
        return "line \(line), column \(place - start + 1)"
    }

    /// The place behind a string; strings in three quotes may hold line ends.
    private func end(ofStringAt start: Int) -> Int {
        let quote = text[start]
        let isTriple = text[start...].prefix(3).elementsEqual([quote, quote, quote])
        let length = isTriple ? 3 : 1
        var place = start + length
        while place < text.count {
            if text[place] == "\\" {
                place += 2
            } else if text[place...].prefix(length).allSatisfy({ $0 == quote }),
                text.count - place >= length
            {
                return place + length
            } else if !isTriple, text[place].isNewline {
                return place
            } else {
                place += 1
            }
        }
        return text.count
    }

    /// Takes away what an interactive session writes at the start of a line.
    private mutating func blankPrompt(at start: Int) {
        guard let first = text[start...].firstIndex(where: { $0 != " " }),
            ["> > >", ". . ."].contains(
                text[first...].prefix(3).map(String.init).joined(separator: " ")
            )
        else { return }
        for place in first..<first + 3 { text[place] = " " }
    }
}
