import Testing
import TrainingAPI

@testable import TrainingWorker

@Suite struct OutputLinesTests {
    /// The lines that some pieces of output make.
    private func lines(_ pieces: [String], limit: Int = 1_000_000) -> [String] {
        var output = OutputLines(limit: limit)
        for piece in pieces {
            Array(piece.utf8).withUnsafeBytes { output.append($0) }
        }
        output.finish()
        return output.next
    }

    @Test(arguments: [
        (["one\ntwo\n"], ["one", "two"]), (["o", "ne\nt", "wo"], ["one", "two"]),
        (["\n\n"], ["", ""]), ([], []), (["a\tb\u{1B}[31m\n"], ["a\tb [31m"]),
        (["10 %\r50 %\r100 %\n"], ["100 %"]), (["gr\u{FC}n \u{1F600}"], ["gr\u{FC}n \u{1F600}"]),
    ])
    func `cuts output into lines, however it comes`(_ pieces: [String], _ expected: [String]) {
        #expect(lines(pieces) == expected)
    }

    @Test func `keeps bytes that are no text out of the protocol`() {
        var output = OutputLines(limit: 100)
        [UInt8]([0xFF, 0xFE, 0x41, 0x0A]).withUnsafeBytes { output.append($0) }
        #expect(output.next == ["\u{FFFD}\u{FFFD}A"])
    }

    @Test func `cuts a line without an end to what the protocol takes`() {
        let length = WorkerReport.logLineLength
        let found = lines([String(repeating: "x", count: 9 * length)])
        #expect(found.allSatisfy { $0.count <= length })
        #expect(found.count == 3)
    }

    @Test func `counts what comes past the limit`() {
        let found = lines(["12345\n", "678\n90\n"], limit: 8)
        #expect(found == ["12345", "67", "5 more bytes of output were left out: the job allows 8"])
    }

    @Test func `numbers its messages so that a line that comes twice is known`() {
        var output = OutputLines(limit: 1_000_000)
        let text = String(repeating: "x\n", count: WorkerReport.logLineLimit + 5)
        Array(text.utf8).withUnsafeBytes { output.append($0) }
        #expect(output.isFull)
        #expect((output.number, output.next.count) == (0, WorkerReport.logLineLimit))
        output.drop(output.next.count)
        #expect((output.number, output.next.count) == (WorkerReport.logLineLimit, 5))
    }

    @Test func `remembers the last lines that say something`() {
        var output = OutputLines(limit: 1_000)
        Array("a\nb\n  \nc\n".utf8).withUnsafeBytes { output.append($0) }
        #expect(output.tail(2) == "b | c")
    }
}
