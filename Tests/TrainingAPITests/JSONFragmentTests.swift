import Testing

@testable import TrainingAPI

@Suite struct JSONFragmentTests {
    private let text = #"{"name":"a","items":[1,2.5,null,true]}"#

    @Test func `a fragment of text is that of its document`() throws {
        let document = try JSONReader.read(Array(text.utf8)).document
        let (read, written) = (JSONFragment(document), JSONFragment(writing: document))
        #expect(read == written)
        #expect(read.hashValue == written.hashValue)
        #expect(written.document == document)
        #expect(written["name"]?.string == "a")
        #expect(written != JSONFragment(Document(.null)))
    }

    @Test func `both forms stand in a body as the same value`() throws {
        let document = try JSONReader.read(Array(text.utf8)).document
        for fragment in [JSONFragment(document), JSONFragment(writing: document)] {
            var writer = JSONWriter()
            writer.object { writer in
                writer.field("first", fragment)
                writer.field("second", 2)
            }
            let body = String(decoding: writer.bytes, as: UTF8.self)
            #expect(body == #"{"first":\#(text),"second":2}"#)
        }
    }
}
