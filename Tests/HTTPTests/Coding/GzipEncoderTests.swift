import CZlib
import Testing

@testable import HTTP

@Suite struct GzipEncoderTests {
    @Test(arguments: [0, 1, 100, 65_536, 1_000_003])
    func `can be read back, whatever the bytes are`(count: Int) {
        var generator = SystemRandomNumberGenerator()
        let random = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let even = [UInt8](repeating: 7, count: count)
        for bytes in [random, even] { #expect(gunzip(GzipEncoder.encode(bytes)) == bytes) }
    }

    @Test func `gives each piece so that it can be read before the next one comes`() {
        let encoder = GzipEncoder()
        var (sent, plain): ([UInt8], [UInt8]) = ([], [])
        for index in 0..<200 {
            let piece = Array("{\"step\":\(index),\"loss\":0.\(index * 7919 % 1000)}\n".utf8)
            plain += piece
            encoder.encode(piece) { sent += $0 }
            #expect(gunzip(sent, isWhole: false) == plain)
        }
        encoder.encode([], isLast: true) { sent += $0 }
        #expect(gunzip(sent) == plain)
        #expect(sent.count < plain.count)
    }
}

/// What gzip reads from bytes; nil where they are damaged, or end too early for a whole.
func gunzip(_ bytes: [UInt8], isWhole: Bool = true) -> [UInt8]? {
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, size) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    var (input, output): ([UInt8], [UInt8]) = (bytes, [])
    var room = [UInt8](repeating: 0, count: 65_536)
    return input.withUnsafeMutableBufferPointer { input in
        stream.next_in = input.baseAddress
        stream.avail_in = uInt(input.count)
        while true {
            let status = room.withUnsafeMutableBufferPointer { room in
                stream.next_out = room.baseAddress
                stream.avail_out = uInt(room.count)
                return inflate(&stream, Z_NO_FLUSH)
            }
            output += room[..<(room.count - Int(stream.avail_out))]
            switch status {
            case Z_STREAM_END: return stream.avail_in == 0 ? output : nil
            case Z_OK where stream.avail_in > 0 || stream.avail_out == 0: continue
            case Z_OK, Z_BUF_ERROR: return isWhole ? nil : output
            default: return nil
            }
        }
    }
}
