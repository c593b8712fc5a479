/// How a worker starts a user's script, and what it may take.
public struct CommandSpecification: Hashable, Sendable {
    /// The program and its arguments; a program without a slash is looked for in `PATH`.
    public var arguments: [String]
    /// Variables beside those that the worker passes on.
    public var environment: [String: String]
    /// The folder in which it starts; `nil` for a fresh one.
    public var workingDirectory: String?
    /// The SHA-256 of an uploaded archive that is unpacked into the folder in which it starts, in
    /// hexadecimal; `nil` for none.
    public var code: String?
    /// The GPUs that it has to itself; 0 by default, and then it sees none.
    public var gpus: Int
    /// The memory that each of them must have, in bytes; `nil` for any.
    public var gpuMemoryBytes: Int?
    /// What it may take.
    public var limits: CommandLimits
}

extension CommandSpecification {
    private static let argumentsField = Field(
        "argv",
        .list(of: .argument, count: 1...1_000),
        "The program and its arguments."
    )
    private static let environmentField = Field(
        "environment",
        .variables,
        default: [:],
        "Variables beside those that the worker passes on."
    )
    private static let directoryField = Field(
        "working_directory",
        .argument,
        "The folder in which it starts."
    )
    private static let codeField = Field(
        "code",
        .archiveHash,
        "The hash of an uploaded archive that is unpacked into the folder in which it starts."
    )
    private static let gpusField = Field(
        "gpus",
        .integer(0...64),
        default: 0,
        "The GPUs of one machine that it has to itself."
    )
    private static let gpuMemoryField = Field(
        "gpu_memory_bytes",
        .integer(1...1 << 50),
        "The memory that each of its GPUs must have; any where absent."
    )
    /// The variable by which CUDA shows a process its GPUs, which is the worker's to set.
    public static let visibleGPUs = "CUDA_VISIBLE_DEVICES"

    /// Reads the fields of a command among those of its job, or reports what is wrong with them.
    init?(_ object: inout ObjectDecoder, _ context: inout DecodingContext) {
        let arguments = object.require(Self.argumentsField, &context)
        let environment = object.read(Self.environmentField, &context)
        let directory = object.read(Self.directoryField, &context)
        let code = object.read(Self.codeField, &context)
        let gpus = object.read(Self.gpusField, &context)
        let gpuMemory = object.read(Self.gpuMemoryField, &context)
        let limits = object.optionalObject("limits", default: CommandLimits(), &context) {
            CommandLimits($0, at: $1, &$2)
        }
        Self.check(object, environment, gpus, &context)
        guard let arguments, let environment, let gpus, let limits else { return nil }
        self.init(
            arguments: arguments,
            environment: environment,
            workingDirectory: directory,
            code: code,
            gpus: gpus,
            gpuMemoryBytes: gpuMemory,
            limits: limits
        )
    }

    /// Reports fields that do not go together.
    private static func check(
        _ object: ObjectDecoder,
        _ environment: [String: String]?,
        _ gpus: Int?,
        _ context: inout DecodingContext
    ) {
        if let environment, environment[visibleGPUs] != nil {
            context.report(
                object.pointer.appending(environmentField.name).appending(visibleGPUs),
                .conflict,
                "the worker sets \(visibleGPUs) to the GPUs that it gives the job; write"
                    + " \(gpusField.name) at the top level"
            )
        }
        if object.has(gpuMemoryField.name), gpus == 0 {
            context.report(
                object.pointer.appending(gpuMemoryField.name),
                .conflict,
                "a job without GPUs needs no memory on them; write \(gpusField.name) too"
            )
        }
        if object.has(codeField.name), object.has(directoryField.name) {
            context.report(
                object.pointer.appending(directoryField.name),
                .conflict,
                "\(codeField.name) is unpacked into a fresh folder, in which the command starts; leave"
                    + " \(directoryField.name) or \(codeField.name) out"
            )
        }
    }

    /// Writes the fields into the object of the job.
    func writeFields(to writer: inout JSONWriter) {
        writer.field(Self.argumentsField.name, arguments)
        writer.field(Self.environmentField.name, environment)
        if let workingDirectory { writer.field(Self.directoryField.name, workingDirectory) }
        if let code { writer.field(Self.codeField.name, code) }
        writer.field(Self.gpusField.name, gpus)
        if let gpuMemoryBytes { writer.field(Self.gpuMemoryField.name, gpuMemoryBytes) }
        writer.field("limits", limits)
    }
}

extension ValueRule<String> {
    /// A word of a command line: anything that a process can be given.
    fileprivate static let argument = ValueRule(
        "text of 1 to 100,000 characters without NUL",
        type: "string"
    ) { document in
        guard let text = document.string else { return (nil, .type) }
        let fits = !text.isEmpty && text.count <= 100_000 && !text.utf8.contains(0)
        return fits ? (text, .range) : (nil, .range)
    }

    /// The hash of an archive.
    fileprivate static let archiveHash = ValueRule(
        "the 64 hexadecimal digits that POST /v1/archives has answered",
        type: "string"
    ) { document in
        guard let text = document.string else { return (nil, .type) }
        let fits = text.utf8.count == 64 && text.allSatisfy(\.isLowercaseHexDigit)
        return fits ? (text, .range) : (nil, .range)
    }
}

extension Character {
    /// Whether this is one of `0` to `9` and `a` to `f`.
    fileprivate var isLowercaseHexDigit: Bool { isHexDigit && !isUppercase && isASCII }
}

extension ValueRule<[String: String]> {
    /// Variables of an environment.
    fileprivate static let variables = ValueRule(
        "up to 1,000 variables, each a name without `=` and a text",
        type: "object"
    ) { document in
        guard let variables = document.strings else { return (nil, .type) }
        let fits =
            variables.count <= 1_000
            && variables.allSatisfy { name, text in
                !name.isEmpty && !name.contains("=") && !name.utf8.contains(0)
                    && !text.utf8.contains(0) && text.utf8.count <= 100_000
            }
        return fits ? (variables, .range) : (nil, .range)
    }
}
