import ArgumentParser
import Jobs
import TrainingService

/// How many jobs may wait and run, and how long they stay, as `lehrd serve` is told.
struct ServiceLimits: ParsableArguments {
    @Option(
        help: "How many jobs may wait; a submission beyond is answered 429, to be repeated."
    )
    var queueLimit = 100_000

    @Option(
        help: ArgumentHelp(
            "How much of the data folder's disk must be free for a job to be accepted; below, a"
                + " submission is answered 507, and jobs that are there go on. 0 for any.",
            valueName: "bytes"
        )
    )
    var minimumFreeDisk = ByteArgument(256 << 20)

    @Option(
        help: ArgumentHelp(
            "How many jobs with a label may run at once, such as team=vision:4, or team=*:2 for each"
                + " value by itself; several times for several. Others wait, and hold nobody up.",
            valueName: "key=value:count"
        )
    )
    var labelLimit: [LabelLimitArgument] = []

    @Option(
        help: ArgumentHelp(
            "How long finished jobs are kept, such as 90d; at least 1m, for ever by default. A job from"
                + " which another was forked stays as long as that one.",
            valueName: "time"
        )
    )
    var retention: TimeArgument?

    @Option(
        help: ArgumentHelp(
            "The largest archive of code that is taken for commands, such as 1GiB; at most 4GiB.",
            valueName: "bytes"
        )
    )
    var archiveLimit = ByteArgument(256 << 20)

    func validate() throws {
        guard (1...100_000_000).contains(queueLimit) else {
            throw ValidationError("--queue-limit must be from 1 to 100000000, got \(queueLimit)")
        }
        guard (1...4 << 30).contains(archiveLimit.count) else {
            throw ValidationError("--archive-limit must be from 1 byte to 4GiB")
        }
        if let retention, retention.duration < .seconds(60) {
            throw ValidationError("--retention must be at least 1m")
        }
        let named = labelLimit.map { "\($0.limit.key)=\($0.limit.value ?? "*")" }
        if let twice = named.first(where: { name in named.count { $0 == name } > 1 }) {
            throw ValidationError("--label-limit names \(twice) twice")
        }
    }

    /// Sets the limits of a service.
    func set(on configuration: inout ServiceConfiguration) {
        configuration.queueLimit = queueLimit
        configuration.minimumFreeBytes = minimumFreeDisk.count
        configuration.labelLimits = LabelLimits(labelLimit.map(\.limit))
        configuration.archiveLimit = archiveLimit.count
        configuration.jobRetention = retention?.duration
    }
}

/// `KEY=VALUE:COUNT`, how many jobs with a label may run at once; `*` for each value by itself.
struct LabelLimitArgument: ExpressibleByArgument, Sendable {
    let limit: LabelLimit

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"),
            let count = Int(argument[argument.index(after: colon)...]),
            (1...1_000_000).contains(count)
        else { return nil }
        let label = argument[..<colon].split(
            separator: "=",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard label.count == 2, !label[0].isEmpty else { return nil }
        let value = label[1] == "*" ? nil : String(label[1])
        limit = LabelLimit(key: String(label[0]), value: value, count: count)
    }
}

/// An amount of bytes as people type it: `1000000`, `512MiB`, `20GB`.
struct ByteArgument: ExpressibleByArgument, Hashable, Sendable {
    private static let units: [(suffix: String, bytes: Int)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000),
        ("", 1),
    ]

    /// The bytes; never negative.
    let count: Int

    init(_ count: Int) {
        self.count = count
    }

    init?(argument: String) {
        for (suffix, bytes) in Self.units where argument.hasSuffix(suffix) {
            guard let number = Double(argument.dropLast(suffix.count)), number >= 0,
                number * Double(bytes) < 0x1p62
            else { return nil }
            self.init(Int(number * Double(bytes)))
            return
        }
        return nil
    }

    var defaultValueDescription: String {
        let fitting = Self.units.first { count > 0 && count.isMultiple(of: $0.bytes) }
        return fitting.map { "\(count / $0.bytes)\($0.suffix)" } ?? "0"
    }
}
