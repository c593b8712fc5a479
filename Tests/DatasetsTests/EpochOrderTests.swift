import Testing

@testable import Datasets

@Suite struct EpochOrderTests {
    static let part = DataPartition.Part(split: 0, rows: [2, 3, 5, 7, 11, 13, 17, 19])

    @Test func `goes through every row once, in another order each epoch`() {
        var order = EpochOrder(Self.part, shuffle: true, seed: 1)
        let epochs = (0..<20).map { order.rows(ofEpoch: $0) }
        #expect(epochs.allSatisfy { $0.sorted() == Self.part.rows })
        #expect(Set(epochs).count == 20)
    }

    @Test func `gives an epoch's order whatever was asked before`() {
        var one = EpochOrder(Self.part, shuffle: true, seed: 1)
        var other = EpochOrder(Self.part, shuffle: true, seed: 1)
        _ = one.rows(ofEpoch: 4)
        #expect(one.rows(ofEpoch: 7) == other.rows(ofEpoch: 7))
        var seeded = EpochOrder(Self.part, shuffle: true, seed: 2)
        #expect(one.rows(ofEpoch: 7) != seeded.rows(ofEpoch: 7))
    }

    @Test func `keeps the rows as they are without shuffling`() {
        var order = EpochOrder(Self.part, shuffle: false, seed: 1)
        #expect(order.rows(ofEpoch: 3) == Self.part.rows)
    }
}
