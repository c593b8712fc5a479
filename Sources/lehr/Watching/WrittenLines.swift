/// Which lines of a log were written, so that a text that is read again brings only the others.
///
/// A line is known by its hash. A server gives each line with its instant, so that a line that comes twice
/// in a log does so within one instant; how often is counted.
struct WrittenLines {
    private var counts: [Int: Int] = [:]
    private var last: Int?
    /// The lines written before the text that is read now which have not come again in it.
    private var expected: [Int: Int] = [:]
    /// Whether the text that is read now was seen to go on where the one before broke off.
    private var isJoined = true

    /// Begins to read the log from its first line that the server has.
    mutating func restart() {
        expected = counts
        isJoined = last == nil
    }

    /// What is to be done with a line.
    enum Verdict {
        /// It was written before.
        case known
        /// It is new.
        case new
        /// It is new, and what was written last did not come before it.
        case newAfterGap
    }

    /// Takes the next line of the text.
    mutating func take(_ line: some Collection<UInt8>) -> Verdict {
        var hasher = Hasher()
        for byte in line { hasher.combine(byte) }
        let hash = hasher.finalize()
        if let count = expected[hash] {
            expected[hash] = count > 1 ? count - 1 : nil
            isJoined = isJoined || hash == last
            return .known
        }
        defer { isJoined = true }
        counts[hash, default: 0] += 1
        last = hash
        return isJoined ? .new : .newAfterGap
    }
}
