import CZlib

/// Writes pictures in the Portable Network Graphics format, ISO/IEC 15948.
enum PNGEncoder {
    /// The file: eight bits a channel, three channels, not interlaced.
    static func bytes(_ raster: Raster) -> [UInt8] {
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let header = number(raster.width) + number(raster.height) + [8, 2, 0, 0, 0]
        return signature + chunk("IHDR", header) + chunk("IDAT", compressed(filtered(raster)))
            + chunk("IEND", [])
    }

    /// Each row with the filter `Up` before it: bytes less those of the row above, which are mostly the same.
    private static func filtered(_ raster: Raster) -> [UInt8] {
        let length = raster.width * 3
        var rows: [UInt8] = []
        rows.reserveCapacity((length + 1) * raster.height)
        for row in 0..<raster.height {
            rows.append(2)
            for place in row * length..<(row + 1) * length {
                rows.append(raster.bytes[place] &- (row > 0 ? raster.bytes[place - length] : 0))
            }
        }
        return rows
    }

    private static func compressed(_ bytes: [UInt8]) -> [UInt8] {
        var size = compressBound(uLong(bytes.count))
        var result = [UInt8](repeating: 0, count: Int(size))
        let status = compress2(&result, &size, bytes, uLong(bytes.count), Z_BEST_COMPRESSION)
        precondition(status == Z_OK, "zlib has no memory")
        return Array(result[..<Int(size)])
    }

    private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + content
        let check = crc32(0, body, uInt(body.count))
        return number(content.count) + body + number(Int(check))
    }

    /// Four bytes, the highest first.
    private static func number(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(value >> $0 & 255) }
    }
}
