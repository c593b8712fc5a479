import Foundation
import Jobs
import Testing

@Suite struct JobStoreDocumentTests {
    private let id = DocumentID(kind: "schedule", name: "warm")

    private func condition(
        _ change: (inout DocumentCondition) -> Void
    ) -> DocumentCondition {
        var condition = DocumentCondition()
        change(&condition)
        return condition
    }

    @Test(arguments: StoreKind.allCases)
    func `each other content is a new version, and every version stays readable`(
        kind: StoreKind
    ) throws {
        let store = try kind.make()
        #expect(try store.put(document("warm", "a", at: 1.123_456_7)).version == 1)
        #expect(try store.put(document("warm", "b", at: 2)) == stored("warm", "b", 2, at: 2))
        #expect(try store.put(document("warm", "a", at: 3)) == stored("warm", "a", 3, at: 3))
        let first = try store.document(id, version: 1)
        #expect(first.payload == Array("payload a".utf8))
        #expect(first.createdAt == instant(1.123_457))
        #expect(try store.document(id, version: 2).contentHash == Array("b".utf8))
        #expect(try store.document(id).version == 3)
    }

    @Test(arguments: StoreKind.allCases)
    func `the newest content again is the version that is there`(kind: StoreKind) throws {
        let store = try kind.make()
        let first = document("warm", "a", at: 1)
        #expect(try store.put(first) == stored("warm", "a", 1, at: 1))
        let again = try store.put(document("warm", "a", at: 2))
        #expect(again == .unchanged(first.document(version: 1)))
        #expect(try store.versions(of: id, before: nil, limit: 9).documents.count == 1)
    }

    @Test(arguments: StoreKind.allCases)
    func `names of other kinds have nothing to do with each other`(kind: StoreKind) throws {
        let store = try kind.make()
        _ = try store.put(document("warm", "a"))
        _ = try store.put(document("warm", "b", kind: "dataset"))
        #expect(try store.document(id).version == 1)
        let datasets = try store.documents(DocumentQuery(kind: "dataset")).documents
        #expect(datasets.map(\.contentHash) == [Array("b".utf8)])
    }

    @Test(arguments: StoreKind.allCases)
    func `what is not there is told by name, and by version where only that is missing`(
        kind: StoreKind
    ) throws {
        let store = try kind.make()
        func detail(_ version: Int?) -> String? {
            do {
                _ = try store.document(id, version: version)
                return nil
            } catch {
                return error.code == .notFound ? error.detail : nil
            }
        }
        #expect(detail(nil) == "there is no schedule \"warm\"")
        #expect(detail(2) == "there is no schedule \"warm\"")
        _ = try store.put(document("warm", "a"))
        #expect(detail(2) == "there is no version 2 of schedule \"warm\"")
        let other = DocumentID(kind: "schedule", name: "other")
        let code = JobStoreError.Code.notFound
        #expect(code.isThrown { _ = try store.versions(of: other, before: nil, limit: 9) })
        #expect(
            code.isThrown { _ = try store.deleteDocument(other, condition: DocumentCondition()) }
        )
    }

    @Test(arguments: StoreKind.allCases)
    func `a condition that does not hold stores nothing and shows the newest version`(
        kind: StoreKind
    ) throws {
        let store = try kind.make()
        let absent = condition { $0.doesNotMatch = .any }
        let present = condition { $0.matches = .any }
        let tag = document("warm", "a").document(version: 1).tag
        let first = condition { $0.matches = .tags([tag, "9-00"]) }
        let other = condition { $0.doesNotMatch = .tags([tag]) }
        func put(_ content: String, _ condition: DocumentCondition) throws -> DocumentReceipt {
            try store.put(document("warm", content) { $0.condition = condition })
        }
        #expect(try put("a", present) == .refused(newest: nil))
        #expect(try put("a", first) == .refused(newest: nil))
        #expect(try put("a", absent) == stored("warm", "a", 1))
        let one = try store.document(id)
        #expect(try put("a", absent) == .refused(newest: one))
        #expect(try put("b", other) == .refused(newest: one))
        #expect(try put("b", first) == stored("warm", "b", 2))
        let two = try store.document(id)
        #expect(try put("c", first) == .refused(newest: two))
        #expect(try put("a", other) == stored("warm", "a", 3))
        #expect(try put("c", first) == .refused(newest: try store.document(id)))
        #expect(try store.deleteDocument(id, condition: first) != .removed)
        #expect(try store.deleteDocument(id, condition: present) == .removed)
    }

    @Test(arguments: StoreKind.allCases)
    func `a removed document is gone with its versions, whose numbers are not given again`(
        kind: StoreKind
    ) throws {
        let store = try kind.make()
        _ = try store.put(document("warm", "a"))
        _ = try store.put(document("warm", "b"))
        #expect(try store.deleteDocument(id, condition: DocumentCondition()) == .removed)
        let code = JobStoreError.Code.notFound
        #expect(code.isThrown { _ = try store.document(id, version: 1) })
        #expect(try store.documents(DocumentQuery(kind: "schedule")).documents == [])
        #expect(try store.put(document("warm", "b")) == stored("warm", "b", 3))
        #expect(code.isThrown { _ = try store.document(id, version: 2) })
        #expect(try store.versions(of: id, before: nil, limit: 9).documents.map(\.version) == [3])
    }

    @Test(arguments: StoreKind.allCases, [1, 3, 20])
    func `pages of names join to the whole list, the newest first`(
        kind: StoreKind,
        limit: Int
    ) throws {
        let store = try kind.make()
        for number in 0..<20 {
            _ = try store.put(document("n\(number % 10)", "\(number)", at: Double(number / 3)))
        }
        _ = try store.put(document("other", "a", kind: "dataset", at: 99))
        var query = DocumentQuery(kind: "schedule", limit: limit)
        var names: [String] = []
        repeat {
            let page = try store.documents(query)
            #expect(page.documents.allSatisfy { $0.version == 2 })
            names += page.documents.map(\.id.name)
            query.cursor = page.next
        } while query.cursor != nil
        #expect(names == ["n9", "n8", "n7", "n6", "n5", "n4", "n3", "n2", "n1", "n0"])
    }

    @Test(arguments: StoreKind.allCases, [1, 2, 7])
    func `pages of versions join to the whole history, the newest first`(
        kind: StoreKind,
        limit: Int
    ) throws {
        let store = try kind.make()
        for number in 1...7 {
            _ = try store.put(document("warm", "\(number)"))
        }
        var found: [Int] = []
        var before: Int?
        repeat {
            let page = try store.versions(of: id, before: before, limit: limit)
            found += page.documents.map(\.version)
            before = page.hasMore ? found.last : nil
        } while before != nil
        #expect(found == [7, 6, 5, 4, 3, 2, 1])
    }
}

extension DocumentReceipt {
    /// The version of a content that was stored.
    fileprivate var version: Int? {
        if case .stored(let document) = self { document.version } else { nil }
    }
}
