import Testing

@testable import HTTP

@Suite struct ByteRangeTests {
    @Test(arguments: [
        ("bytes=0-0", ByteRange.from(0, through: 0)), ("bytes=0-", .from(0, through: nil)),
        ("bytes=7-9", .from(7, through: 9)), ("bytes=-5", .last(5)), ("bytes=-0", .last(0)),
        ("BYTES=1-2", .from(1, through: 2)), ("bytes=007-0009", .from(7, through: 9)),
        ("bytes=1-2,", .from(1, through: 2)), ("bytes=,1-2 ,\t", .from(1, through: 2)),
        ("bytes=0-9223372036854775807", .from(0, through: .max)),
        ("bytes=0-9223372036854775808", .from(0, through: .max)),
        ("bytes=99999999999999999999-", .from(.max, through: nil)),
        ("bytes=-99999999999999999999", .last(.max)),
    ])
    func `reads the one range that is asked for`(value: String, range: ByteRange) {
        #expect(ByteRange(["Range": value]) == range)
    }

    @Test(arguments: [
        "", "bytes", "bytes=", "bytes=,", "bytes=-", "bytes=--1", "bytes=1", "bytes=a-", "bytes=-a",
        "bytes=1-a", "bytes=+1-2", "bytes=1-+2", "bytes=1--2", "bytes=1-2-3", "bytes=2-1",
        "bytes=9-8", "bytes= 1-2", "bytes =1-2", " bytes=1-2", "bytes=1 -2", "bytes=1- 2",
        "bytes:1-2", "bytes=0-1,3-4", "bytes=0-0,-1", "bytes=0x1-2", "bytes=１-２", "items=1-2",
        "byte=1-2", "none",
    ])
    func `ignores what is malformed, of another unit or more than one range`(value: String) {
        #expect(ByteRange(["Range": value]) == nil)
    }

    @Test func `ignores several fields, and asks for nothing where there is none`() {
        var fields: Fields = ["Range": "bytes=0-1"]
        #expect(ByteRange(fields) != nil)
        fields.append("range", "bytes=0-1")
        #expect(ByteRange(fields) == nil)
        #expect(ByteRange([:]) == nil)
    }

    @Test(arguments: [
        (ByteRange.from(0, through: nil), 10, 0..<10 as Range<Int>?),
        (.from(9, through: nil), 10, 9..<10), (.from(10, through: nil), 10, nil),
        (.from(.max, through: nil), 10, nil), (.from(.max, through: .max), .max, nil),
        (.from(2, through: 4), 10, 2..<5), (.from(2, through: 9), 10, 2..<10),
        (.from(2, through: 10), 10, 2..<10), (.from(2, through: .max), 10, 2..<10),
        (.from(0, through: 0), 1, 0..<1), (.from(0, through: nil), 0, nil), (.last(3), 10, 7..<10),
        (.last(10), 10, 0..<10), (.last(.max), 10, 0..<10), (.last(0), 10, nil), (.last(3), 0, nil),
    ])
    func `selects what there is of it`(range: ByteRange, size: Int, bytes: Range<Int>?) {
        #expect(range.resolved(in: size) == bytes)
    }

    @Test func `agrees with a plain reading of every short range`() {
        for size in 0...4 {
            for start in 0...5 {
                for end in start...6 {
                    let plain = (start...end).filter { $0 < size }
                    let range = ByteRange(["Range": "bytes=\(start)-\(end)"])
                    #expect(range?.resolved(in: size).map(Array.init) ?? [] == plain)
                }
                let open = ByteRange(["Range": "bytes=\(start)-"])
                #expect(
                    open?.resolved(in: size).map(Array.init) ?? []
                        == (0..<size).filter { $0 >= start }
                )
                let last = ByteRange(["Range": "bytes=-\(start)"])
                #expect(last?.resolved(in: size).map(Array.init) ?? [] == (0..<size).suffix(start))
            }
        }
    }
}
