import Foundation
import Testing

@Suite struct ParserCorpusTests {
    /// What the fuzzer found worth keeping: one input a line, in base 64; `Scripts/fuzz` writes it.
    private static let corpus: [[UInt8]] = {
        let file = Bundle.module.url(forResource: "request-parser", withExtension: "corpus")
        let text = file.flatMap { try? String(contentsOf: $0, encoding: .utf8) } ?? ""
        return text.split(separator: "\n").compactMap { Data(base64Encoded: String($0)) }
            .map { [UInt8]($0) }
    }()

    @Test func `reads every input of the fuzzer's corpus alike, however it is cut`() {
        #expect(Self.corpus.count > 50)
        for input in Self.corpus {
            let difference = ParserAgreement.disagreement(over: input)
            #expect(difference == nil, "\(Data(input).base64EncodedString())")
        }
    }
}
